"""The number of a KPI held against what is asked of it, or against what it starts from."""

from collections.abc import Iterable
from datetime import timedelta

from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity
from probe.kpi.asked import asked
from probe.kpi.model import Direction, Group, Kpi, Rule, Unit


def is_read(kpi: Kpi) -> bool:
    """Tell whether Prometheus has a number of *kpi* for a whole product and channel."""
    return kpi.headline is not None and kpi.headline.rule is not None


def target_rule(kpi: Kpi) -> Rule:
    """Return what records the target of *kpi*: by the configuration, or else by the registry."""
    unit = "seconds" if kpi.unit is Unit.SECONDS else "ratio"
    return Rule(
        Group.TARGETS,
        f"delivery:slo_target:{unit}",
        f"""\
max by (product, channel) (delivery_slo_target_{unit}{{kpi="{kpi.name}"}})
or on (product, channel)
{kpi.target:g} * group by (product, channel) (delivery_endpoint_required)""",
        {"kpi": kpi.name},
    )


def missed(kpi: Kpi) -> Iterable[Alert]:
    """Return what says that *kpi* misses its target: for those who look, not to wake anybody."""
    if kpi.headline is None or kpi.headline.rule is None:
        return
    seconds = kpi.unit is Unit.SECONDS
    worse = "<" if kpi.direction is Direction.HIGHER else ">"
    shown = "humanizeDuration" if seconds else "humanizePercentage"
    unit = "seconds" if seconds else "ratio"
    yield Alert(
        name="DeliveryKpiMissed",
        scope=Scope.GLOBAL,
        severity=Severity.INFO,
        component=Component.DELIVERY,
        dashboard=Dashboard.SLO,
        expr=f"{kpi.headline.query} {worse} {asked(kpi.name, unit)}",
        summary="A KPI misses what is asked of it.",
        description=f"{{{{ $labels.product }}}} ({{{{ $labels.channel }}}}): {kpi.name} is "
        f"{{{{ $value | {shown} }}}}.",
        after=timedelta(hours=1),
        labels={"kpi": kpi.name},
    )
