"""Endpoints, as seen from each region."""

from probe.series.labels import PAIR, PLACE
from probe.series.metric import Kind, Metric

PROBE_INTERVAL = Metric(
    "delivery_probe_interval_seconds",
    Kind.GAUGE,
    "Configured time between two probes of each artifact.",
    PAIR,
)
ENDPOINT_REQUIRED = Metric(
    "delivery_endpoint_required",
    Kind.GAUGE,
    "1 if the endpoint must serve the current release, 0 if it may lack it.",
    ("product", "channel", "endpoint", "probe_region"),
)
REGION_WEIGHT = Metric(
    "delivery_region_weight_ratio",
    Kind.GAUGE,
    "Share of the users in the region, by the configuration; of every region that has one.",
    ("probe_region",),
)
ENDPOINT_CERTIFICATE = Metric(
    "delivery_endpoint_certificate_not_after_timestamp_seconds",
    Kind.GAUGE,
    "When the earliest certificate shown on the way to the endpoint expires.",
    ("product", "channel", "endpoint", "probe_region"),
)
ENDPOINT_CURRENT = Metric(
    "delivery_endpoint_current",
    Kind.GAUGE,
    "1 if a required pair serves the current release, 0 if not; absent while unknown.",
    PLACE,
)
ENDPOINT_STALENESS = Metric(
    "delivery_endpoint_staleness_seconds",
    Kind.GAUGE,
    "Age of the oldest kept release that a required pair lacks; 0 if it has the current one.",
    PLACE,
)
ENDPOINT_MARKER = Metric(
    "delivery_endpoint_marker_timestamp_seconds",
    Kind.GAUGE,
    "When the endpoint was last synced, by what its own marker says.",
    PLACE,
)
