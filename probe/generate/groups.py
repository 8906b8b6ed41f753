"""The metrics in the order in which they are explained."""

from collections.abc import Sequence
from dataclasses import dataclass

from probe import series
from probe.series import Metric


@dataclass(frozen=True, slots=True)
class Group:
    """Metrics that belong together, and what has to be said of them all."""

    title: str
    text: str
    metrics: Sequence[Metric]


GROUPS = (
    Group(
        "Downloads",
        "Every attempt is counted, so that nothing is lost between two scrapes. An attempt for "
        "which the prober was at fault is in `delivery_probe_errors_total` and in none of these, "
        "but for its bytes. Counters start at zero with the plan, every reason included, so that "
        "the first failure is seen by `increase()`.",
        (
            series.DOWNLOAD_ATTEMPTS,
            series.DOWNLOAD_FAILURES,
            series.DOWNLOAD_DURATION,
            series.DOWNLOAD_PHASE,
            series.DOWNLOAD_BYTES,
            series.DOWNLOAD_CACHE,
            series.DOWNLOAD_ORIGIN,
        ),
    ),
    Group(
        "Artifacts",
        "The state is that of the last attempt. It is dropped after two intervals without news: "
        "unknown is neither up nor down. A failure that only a deeper attempt can see, as a wrong "
        "checksum, stands until an attempt as deep passes. Targets that differ by address alone "
        "share a series, which is 1 if all of them are up.",
        (
            series.ARTIFACT_AVAILABLE,
            series.ARTIFACT_LAST_SUCCESS,
            series.ARTIFACT_LAST_FAILURE,
        ),
    ),
    Group(
        "Endpoints",
        "They follow from the configuration and the catalog, so that a mirror nobody can see "
        "counts as missing instead of vanishing.",
        (
            series.PROBE_INTERVAL,
            series.ENDPOINT_REQUIRED,
            series.ENDPOINT_CERTIFICATE,
            series.REGION_WEIGHT,
        ),
    ),
    Group(
        "Releases and their catalog",
        "A source that fails leaves its last good catalog in place.",
        (
            series.RELEASE_INFO,
            series.RELEASE_PUBLISHED,
            series.CATALOG_LAST_SUCCESS,
            series.CATALOG_ERRORS,
            series.GITHUB_RATELIMIT_REMAINING,
            series.GITHUB_RATELIMIT_RESET,
        ),
    ),
    Group(
        "Rollouts",
        "A pair has a release as soon as each file that users install was a verified download "
        "there, and its pointers once each of them names the release. The pairs are those that "
        "were required when it was published. They are in the ledger before they are here, and "
        "the same after a restart.",
        (
            series.RELEASE_START,
            series.RELEASE_REQUIRED_ENDPOINTS,
            series.RELEASE_FIRST_AVAILABLE,
            series.RELEASE_UNCERTAINTY,
            series.RELEASE_EXCLUDED,
            series.ENDPOINT_CURRENT,
            series.ENDPOINT_STALENESS,
            series.ENDPOINT_MARKER,
        ),
    ),
    Group(
        "What is known of releases",
        "Worked out each minute from the ledger and the catalog, for the last ten releases of the "
        "30-day window. What nobody has looked at is absent, and so is a kind or a control that is "
        "not known. They are the same wherever they come from: with several processes, `max by` "
        "tells each once (`min by` of `delivery_rollback_ready` and of the fallback).",
        (
            series.RELEASE_ASSETS,
            series.RELEASE_COMPLETE,
            series.RELEASE_COMPLETE_NOW,
            series.RELEASE_MISSING,
            series.RELEASE_COVERED,
            series.ROLLBACK_READY,
            series.FALLBACK_READY,
            series.PUBLICATION_FAILED,
        ),
    ),
    Group(
        "Incidents",
        "An incident is in the register before it is here. Counters start at zero with the plan "
        "and are the same after a restart: they count what the register holds, as it was when an "
        "incident opened, and its times as they are when it can be no flap. What several regions "
        "saw of one outage is one incident; it is over when fewer than two of them see it.",
        (
            series.INCIDENTS,
            series.INCIDENT_DETECTION,
            series.INCIDENT_RESTORE,
            series.INCIDENTS_RECENT,
            series.INCIDENTS_RECENT_DETECTION,
            series.INCIDENTS_RECENT_OVER,
            series.INCIDENTS_RECENT_DURATION,
            series.INCIDENTS_OPEN,
        ),
    ),
    Group(
        "Targets",
        "What is asked of each KPI, by the configuration that is in force; and, worked out once a "
        "minute from the ledger of this region, what is held of the current release.",
        (
            series.SLO_TARGET_RATIO,
            series.SLO_TARGET_SECONDS,
            series.SLO_TARGET_NUMBER,
            series.KPI_INFO,
            series.KPI_LAST_REVIEW,
            series.KPI_OWNERSHIP_COVERAGE,
            series.GATE_RESULT,
            series.GATE_OVERRIDE_UNTIL,
        ),
    ),
    Group(
        "The ledger",
        "While it is down the service goes on probing and exporting; what it sees waits in memory, "
        "and the oldest of it is dropped when too much waits.",
        (
            series.LEDGER_UP,
            series.LEDGER_LAST_COMMIT,
            series.LEDGER_BYTES,
            series.LEDGER_DROPPED,
        ),
    ),
    Group(
        "The prober itself",
        "Whether what it says of others can be believed.",
        (
            series.PROBER_LAST_CYCLE,
            series.PROBER_CONTROL_UP,
            series.PROBE_ERRORS,
            series.PROBE_SKIPPED,
            series.PROBE_LATE,
            series.PROBE_START_DELAY,
            series.PROBES_IN_FLIGHT,
            series.TARGETS,
            series.FULL_DOWNLOADS_DEFERRED,
            series.BUDGET_REMAINING,
            series.LOOP_LAG,
            series.SCHEDULER_EVENTS,
            series.CONFIG_RELOAD_SUCCESSFUL,
            series.CONFIG_RELOAD_TIMESTAMP,
            series.BUILD_INFO,
        ),
    ),
)

ON_DEMAND = Group(
    "One probe on demand",
    "`/probe` answers with these and nothing else.",
    series.ON_DEMAND,
)
