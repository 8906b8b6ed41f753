"""
The catalogue of every series this service exports: the one place where they are named.

Names and labels follow "Metric and label naming" of the Prometheus documentation. Label values come
from enumerations, configuration or the kept releases of the catalog; never from an answer.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The types of the Prometheus exposition format that are used."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """One metric: its name with the unit as suffix, its labels in order, buckets in its unit."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


# Bounds are the usual targets for a download, so that "within 10 s" is exact, not interpolated.
DURATION_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
PHASE_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

_PAIR = ("product", "channel", "endpoint", "endpoint_kind", "probe_region")
_SEGMENT = (*_PAIR, "platform", "size_tier", "auth_mode", "depth")
_TARGET = (*_PAIR, "version", "artifact", "platform", "size_tier")

DOWNLOAD_ATTEMPTS = Metric(
    "delivery_download_attempts_total",
    Kind.COUNTER,
    "Attempts to download an artifact that say something about it.",
    _SEGMENT,
)
DOWNLOAD_FAILURES = Metric(
    "delivery_download_failures_total",
    Kind.COUNTER,
    "Attempts in which a consumer would not have got the right bytes, by reason.",
    (*_SEGMENT, "reason"),
)
DOWNLOAD_DURATION = Metric(
    "delivery_download_duration_seconds",
    Kind.HISTOGRAM,
    "Time from the start of a full download to its last byte, of verified downloads only.",
    (*_PAIR, "size_tier"),
    DURATION_BUCKETS,
)
DOWNLOAD_PHASE = Metric(
    "delivery_download_phase_seconds",
    Kind.HISTOGRAM,
    "Time spent in each phase that an attempt reached, whatever came of it.",
    ("endpoint_kind", "probe_region", "phase"),
    PHASE_BUCKETS,
)
DOWNLOAD_BYTES = Metric(
    "delivery_download_bytes_total",
    Kind.COUNTER,
    "Bytes of body received by attempts.",
    (*_PAIR, "size_tier"),
)
DOWNLOAD_CACHE = Metric(
    "delivery_download_cache_total",
    Kind.COUNTER,
    "Answers by what a cache on the way said of itself.",
    (*_PAIR, "cache"),
)
DOWNLOAD_ORIGIN = Metric(
    "delivery_download_fault_total",
    Kind.COUNTER,
    "Failures at a copy by where they come from: the edge, its origin, or unknown.",
    (*_PAIR, "fault"),
)
ARTIFACT_AVAILABLE = Metric(
    "delivery_artifact_available",
    Kind.GAUGE,
    "1 if the last attempt was a verified download, 0 if not; absent while unknown.",
    _TARGET,
)
ARTIFACT_LAST_SUCCESS = Metric(
    "delivery_artifact_last_success_timestamp_seconds",
    Kind.GAUGE,
    "When the artifact last was a verified download.",
    _TARGET,
)
ARTIFACT_LAST_FAILURE = Metric(
    "delivery_artifact_last_failure_timestamp_seconds",
    Kind.GAUGE,
    "When an attempt for the artifact last failed.",
    _TARGET,
)
PROBE_INTERVAL = Metric(
    "delivery_probe_interval_seconds",
    Kind.GAUGE,
    "Configured time between two probes of each artifact.",
    _PAIR,
)
ENDPOINT_REQUIRED = Metric(
    "delivery_endpoint_required",
    Kind.GAUGE,
    "1 if the endpoint must serve the current release, 0 if it may lack it.",
    ("product", "channel", "endpoint", "probe_region"),
)
ENDPOINT_CERTIFICATE = Metric(
    "delivery_endpoint_certificate_not_after_timestamp_seconds",
    Kind.GAUGE,
    "When the earliest certificate shown on the way to the endpoint expires.",
    ("product", "channel", "endpoint", "probe_region"),
)
RELEASE_INFO = Metric(
    "delivery_release_info",
    Kind.GAUGE,
    "A kept release of the catalog; always 1.",
    ("product", "channel", "version"),
)
RELEASE_PUBLISHED = Metric(
    "delivery_release_published_timestamp_seconds",
    Kind.GAUGE,
    "When the release was published, by the catalog.",
    ("product", "channel", "version"),
)
RELEASE_ASSETS = Metric(
    "delivery_release_assets",
    Kind.GAUGE,
    "Distributable assets that the catalog lists for the release.",
    ("product", "channel", "version"),
)

CATALOG_LAST_SUCCESS = Metric(
    "delivery_catalog_last_success_timestamp_seconds",
    Kind.GAUGE,
    "When the catalog source last gave a whole answer.",
    ("product", "channel", "source"),
)
CATALOG_ERRORS = Metric(
    "delivery_catalog_errors_total",
    Kind.COUNTER,
    "Refreshes that failed and left the last good catalog in place.",
    ("product", "channel", "source"),
)
GITHUB_RATELIMIT_REMAINING = Metric(
    "delivery_github_ratelimit_remaining",
    Kind.GAUGE,
    "Requests left in the current rate limit window of the GitHub API.",
    ("product", "channel"),
)
GITHUB_RATELIMIT_RESET = Metric(
    "delivery_github_ratelimit_reset_timestamp_seconds",
    Kind.GAUGE,
    "When the rate limit window of the GitHub API ends.",
    ("product", "channel"),
)
PROBER_LAST_CYCLE = Metric(
    "delivery_prober_last_cycle_timestamp_seconds",
    Kind.GAUGE,
    "When the scheduler last dispatched what was due.",
    ("probe_region",),
)
PROBER_CONTROL_UP = Metric(
    "delivery_prober_control_up",
    Kind.GAUGE,
    "1 if a control target answered, so that the region's own way out works.",
    ("probe_region",),
)
PROBE_ERRORS = Metric(
    "delivery_probe_errors_total",
    Kind.COUNTER,
    "Attempts that say nothing about the artifact because the prober was at fault.",
    ("probe_region", "reason"),
)
PROBE_SKIPPED = Metric(
    "delivery_probe_skipped_total",
    Kind.COUNTER,
    "Due probes that were not made.",
    ("probe_region", "reason"),
)
PROBE_LATE = Metric(
    "delivery_probe_late_total",
    Kind.COUNTER,
    "Probes that started more than a tenth of their interval after they were due.",
    ("probe_region",),
)
PROBE_START_DELAY = Metric(
    "delivery_probe_start_delay_seconds",
    Kind.HISTOGRAM,
    "Time from when a probe was due to when it started.",
    ("probe_region",),
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
PROBES_IN_FLIGHT = Metric(
    "delivery_probes_in_flight",
    Kind.GAUGE,
    "Probes under way.",
    ("probe_region",),
)
TARGETS = Metric(
    "delivery_targets",
    Kind.GAUGE,
    "Targets that are planned: artifacts x endpoints.",
    ("probe_region",),
)
FULL_DOWNLOADS_DEFERRED = Metric(
    "delivery_full_downloads_deferred",
    Kind.GAUGE,
    "Large artifacts whose daily full download waits for budget.",
    ("product", "channel", "endpoint"),
)
BUDGET_REMAINING = Metric(
    "delivery_budget_remaining_bytes",
    Kind.GAUGE,
    "Bytes of body the endpoint may still be asked for today (UTC).",
    ("product", "channel", "endpoint"),
)
LOOP_LAG = Metric(
    "delivery_event_loop_lag_seconds",
    Kind.GAUGE,
    "Longest time the measuring event loop came late in the last ten seconds.",
)
SCHEDULER_EVENTS = Metric(
    "delivery_scheduler_events_total",
    Kind.COUNTER,
    "Periodic work that did not run as it should: missed, overlapped by itself, or failed.",
    ("event",),
)
CONFIG_RELOAD_SUCCESSFUL = Metric(
    "delivery_config_last_reload_successful",
    Kind.GAUGE,
    "1 if the last configuration read was taken, 0 if it was refused.",
)
CONFIG_RELOAD_TIMESTAMP = Metric(
    "delivery_config_last_reload_success_timestamp_seconds",
    Kind.GAUGE,
    "When a configuration was last taken.",
)
BUILD_INFO = Metric(
    "delivery_build_info",
    Kind.GAUGE,
    "What is running; always 1.",
    ("version", "python_version"),
)

LEDGER_UP = Metric(
    "delivery_ledger_up",
    Kind.GAUGE,
    "1 if what is seen is being written to the ledger, 0 if the ledger cannot be written.",
)
LEDGER_DROPPED = Metric(
    "delivery_ledger_dropped_total",
    Kind.COUNTER,
    "Attempts that the ledger does not count, because too many were waiting to be written.",
)
LEDGER_BYTES = Metric("delivery_ledger_size_bytes", Kind.GAUGE, "Size of the ledger's files.")
LEDGER_LAST_COMMIT = Metric(
    "delivery_ledger_last_commit_timestamp_seconds",
    Kind.GAUGE,
    "When the ledger was last written to.",
)

_VERSION = ("product", "channel", "version")
_PLACE = ("product", "channel", "endpoint", "probe_region")

RELEASE_START = Metric(
    "delivery_release_start_timestamp_seconds",
    Kind.GAUGE,
    "When the release was let out: approved, or else tagged, or else published.",
    (*_VERSION, "t0_source"),
)
RELEASE_REQUIRED_ENDPOINTS = Metric(
    "delivery_release_required_endpoints",
    Kind.GAUGE,
    "Pairs of endpoint and region that had to serve the release when it was published.",
    _VERSION,
)
RELEASE_FIRST_AVAILABLE = Metric(
    "delivery_release_first_available_timestamp_seconds",
    Kind.GAUGE,
    "When a required pair first had all of the release; of pairs past their deadline there is "
    "none.",
    (*_VERSION, "endpoint", "probe_region", "object"),
)
RELEASE_UNCERTAINTY = Metric(
    "delivery_release_first_available_uncertainty_seconds",
    Kind.GAUGE,
    "How much earlier it may have been there: the time since the last attempt that failed.",
    (*_VERSION, "endpoint", "probe_region", "object"),
)
RELEASE_EXCLUDED = Metric(
    "delivery_release_excluded_after_deadline",
    Kind.GAUGE,
    "1 if a required pair lacked the release when its deadline passed, 0 if not.",
    (*_VERSION, "endpoint", "probe_region"),
)
ENDPOINT_CURRENT = Metric(
    "delivery_endpoint_current",
    Kind.GAUGE,
    "1 if a required pair serves the current release, 0 if not; absent while unknown.",
    _PLACE,
)
ENDPOINT_STALENESS = Metric(
    "delivery_endpoint_staleness_seconds",
    Kind.GAUGE,
    "Age of the oldest kept release that a required pair lacks; 0 if it has the current one.",
    _PLACE,
)
ENDPOINT_MARKER = Metric(
    "delivery_endpoint_marker_timestamp_seconds",
    Kind.GAUGE,
    "When the endpoint was last synced, by what its own marker says.",
    _PLACE,
)
INCIDENTS = Metric(
    "delivery_incidents_total",
    Kind.COUNTER,
    "Incidents of the register that are no part of another.",
    ("product", "channel", "class", "recurrence", "detected_by"),
)
INCIDENT_DETECTION = Metric(
    "delivery_incident_detection_seconds",
    Kind.HISTOGRAM,
    "Time from the onset of an incident to its detection.",
    ("product", "channel"),
    (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0, 86400.0),
)
INCIDENT_RESTORE = Metric(
    "delivery_incident_restore_seconds",
    Kind.HISTOGRAM,
    "Time from the onset of an incident to its end, told when no flap can reopen it.",
    ("product", "channel"),
    (60.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0, 43200.0, 86400.0, 604800.0),
)
INCIDENTS_OPEN = Metric(
    "delivery_incidents_open",
    Kind.GAUGE,
    "Incidents that are not over, parts of others included.",
    _PLACE,
)

METRICS = tuple(value for value in vars().copy().values() if isinstance(value, Metric))

# What GET /probe answers with: one attempt, so gauges, under the names that blackbox_exporter
# made usual. They never stand beside the series above.
PROBE_SUCCESS = Metric(
    "probe_success",
    Kind.GAUGE,
    "1 if the attempt was a verified download, 0 if it failed; absent if it was inconclusive.",
)
PROBE_DURATION = Metric(
    "probe_duration_seconds", Kind.GAUGE, "Time from the start of the attempt to its last byte."
)
PROBE_PHASE = Metric(
    "probe_phase_duration_seconds",
    Kind.GAUGE,
    "Time spent in each phase that the attempt reached.",
    ("phase",),
)
PROBE_STATUS = Metric(
    "probe_http_status_code", Kind.GAUGE, "Status of the last answer; absent if none came."
)
PROBE_BYTES = Metric("probe_received_bytes", Kind.GAUGE, "Bytes of body received.")
PROBE_REDIRECTS = Metric("probe_http_redirects", Kind.GAUGE, "Answers that led elsewhere.")
PROBE_CERTIFICATE = Metric(
    "probe_certificate_not_after_timestamp_seconds",
    Kind.GAUGE,
    "When the earliest certificate shown on the way expires; absent without TLS.",
)
PROBE_FAILURE = Metric(
    "probe_failure_info",
    Kind.GAUGE,
    "Why the attempt did not pass; absent if it did.",
    ("verdict", "reason", "phase"),
)
PROBE_INFO = Metric(
    "probe_info",
    Kind.GAUGE,
    "What was asked for; always 1.",
    ("product", "channel", "version", "artifact", "endpoint", "probe_region", "depth"),
)

ON_DEMAND = tuple(
    value for value in vars().copy().values() if isinstance(value, Metric) and value not in METRICS
)
