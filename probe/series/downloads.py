"""Attempts to download, and how each artifact stands."""

from probe.series.labels import PAIR
from probe.series.metric import Kind, Metric

_SEGMENT = (*PAIR, "platform", "size_tier", "auth_mode", "depth")
_TARGET = (*PAIR, "version", "artifact", "platform", "size_tier")

# Bounds are the usual targets for a download, so that "within 10 s" is exact, not interpolated.
DURATION_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
PHASE_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

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
    (*PAIR, "size_tier"),
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
    (*PAIR, "size_tier"),
)
DOWNLOAD_CACHE = Metric(
    "delivery_download_cache_total",
    Kind.COUNTER,
    "Answers by what a cache on the way said of itself.",
    (*PAIR, "cache"),
)
DOWNLOAD_ORIGIN = Metric(
    "delivery_download_fault_total",
    Kind.COUNTER,
    "Failures at a copy by where they come from: the edge, its origin, or unknown.",
    (*PAIR, "fault"),
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
