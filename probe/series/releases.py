"""Releases of the catalog, and where each has come to."""

from probe.series.labels import RELEASE
from probe.series.metric import Kind, Metric

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
RELEASE_COMPLETE = Metric(
    "delivery_release_complete",
    Kind.GAUGE,
    "1 if the release was complete 30 minutes after its publication, 0 if not; never mended later.",
    RELEASE,
)
RELEASE_COMPLETE_NOW = Metric(
    "delivery_release_complete_now",
    Kind.GAUGE,
    "1 if the release is complete by now, be it late, 0 if not.",
    RELEASE,
)
RELEASE_MISSING = Metric(
    "delivery_release_missing_assets",
    Kind.GAUGE,
    "What the release lacks of all that it should have, by kind.",
    (*RELEASE, "kind"),
)
RELEASE_COVERED = Metric(
    "delivery_release_assets_covered",
    Kind.GAUGE,
    "Distributable assets of the release that a control covers; absent while some are not judged.",
    (*RELEASE, "control"),
)
ROLLBACK_READY = Metric(
    "delivery_rollback_ready",
    Kind.GAUGE,
    "1 if one could go back from the release to the known-good one before it, 0 if not.",
    RELEASE,
)
FALLBACK_READY = Metric(
    "delivery_release_fallback_ready_ratio",
    Kind.GAUGE,
    "Share of the files of the current release that GitHub could serve, from every region.",
    RELEASE,
)
PUBLICATION_FAILED = Metric(
    "delivery_release_publication_failed",
    Kind.GAUGE,
    "1 where storage or CDN was seen to lack the release at its deadline, by what served users "
    "then; absent where nobody saw that.",
    (*RELEASE, "endpoint", "probe_region", "outcome"),
)
RELEASE_START = Metric(
    "delivery_release_start_timestamp_seconds",
    Kind.GAUGE,
    "When the release was let out: approved, or else tagged, or else published; absent where it "
    "was out before anybody looked.",
    (*RELEASE, "t0_source"),
)
RELEASE_REQUIRED_ENDPOINTS = Metric(
    "delivery_release_required_endpoints",
    Kind.GAUGE,
    "Pairs of endpoint and region that had to serve the release when it was published.",
    RELEASE,
)
RELEASE_FIRST_AVAILABLE = Metric(
    "delivery_release_first_available_timestamp_seconds",
    Kind.GAUGE,
    "When a required pair was first seen to have all of the release.",
    (*RELEASE, "endpoint", "probe_region", "object"),
)
RELEASE_UNCERTAINTY = Metric(
    "delivery_release_first_available_uncertainty_seconds",
    Kind.GAUGE,
    "How much earlier it may have been there: the time since the last attempt that failed, or "
    "since publication; absent where it was there before anybody looked.",
    (*RELEASE, "endpoint", "probe_region", "object"),
)
RELEASE_EXCLUDED = Metric(
    "delivery_release_excluded_after_deadline",
    Kind.GAUGE,
    "1 if a required pair lacked the release when its deadline passed, 0 if not.",
    (*RELEASE, "endpoint", "probe_region"),
)
