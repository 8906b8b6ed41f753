"""What is asked of the KPIs of a product, and who answers for it."""

from probe.series.metric import Kind, Metric

KPI = ("product", "channel", "kpi")

SLO_TARGET_RATIO = Metric(
    "delivery_slo_target_ratio",
    Kind.GAUGE,
    "What is asked of a KPI that is a share; at most that where less is better.",
    KPI,
)
SLO_TARGET_SECONDS = Metric(
    "delivery_slo_target_seconds",
    Kind.GAUGE,
    "What is asked of a KPI that is a time: at most that.",
    KPI,
)
SLO_TARGET_NUMBER = Metric(
    "delivery_slo_target_number",
    Kind.GAUGE,
    "What is asked of a KPI that is a number of things.",
    KPI,
)
KPI_INFO = Metric(
    "delivery_kpi_info",
    Kind.GAUGE,
    "A KPI of which something is asked; always 1.",
    (*KPI, "owner", "source", "cadence"),
)
