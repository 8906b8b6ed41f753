"""What is held of current releases, and whether somebody looks at what is asked of them."""

from probe.series.labels import RELEASE
from probe.series.metric import Kind, Metric
from probe.series.objectives import KPI

GATE_RESULT = Metric(
    "delivery_gate_result",
    Kind.GAUGE,
    "1 if the current release keeps a target, 0 if it misses it; absent while unknown.",
    (*RELEASE, "gate", "mode"),
)
GATE_OVERRIDE_UNTIL = Metric(
    "delivery_gate_override_until_timestamp_seconds",
    Kind.GAUGE,
    "Until when somebody lets a release pass a gate; absent while nobody does.",
    (*RELEASE, "gate"),
)
KPI_LAST_REVIEW = Metric(
    "delivery_kpi_last_review_timestamp_seconds",
    Kind.GAUGE,
    "When a review was last accepted in which the KPI had a target.",
    KPI,
)
KPI_OWNERSHIP_COVERAGE = Metric(
    "delivery_kpi_ownership_coverage_ratio",
    Kind.GAUGE,
    "Share of the targets that have an owner, a cadence, and a review younger than that.",
    ("product", "channel"),
)
