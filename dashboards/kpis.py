"""The KPIs of the registry as panels: a figure each, or a table of all with a unit."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope
from dashboards.charts import Stat
from dashboards.scale import OK, scale_of
from dashboards.tables import Column, Table
from probe.generate.rules import awaited
from probe.kpi import BY_NAME, KPIS, Direction, Kpi, Measure, Unit
from probe.series import KPI_INFO

UNITS = {Unit.RATIO: units.PercentUnit, Unit.SECONDS: units.Seconds, Unit.COUNT: units.Short}
_DECIMALS = {Unit.RATIO: 2}


def is_recorded(kpi: Kpi) -> bool:
    """Tell whether Prometheus has the number of a KPI."""
    rule = kpi.headline.rule if kpi.headline else None
    return rule is not None and not awaited(rule)


def figure(name: str, scope: Scope, title: str, *, span: int = 4) -> Stat:
    """Return the headline of a KPI as a figure for each product and channel."""
    kpi = BY_NAME[name]
    return _figure(kpi, title, Query(headline(kpi, scope), "{{product}} {{channel}}"), span)


def figure_of_release(name: str, scope: Scope, title: str, *, span: int = 4) -> Stat:
    """
    Return a KPI as a figure of the one release that is chosen.

    Raises:
        ValueError: nothing records it for a release.
    """
    kpi = BY_NAME[name]
    if kpi.release is None:
        raise ValueError(f"{name} is not told of a release")
    return _figure(kpi, title, Query(part(kpi.release, scope)), span)


def _figure(kpi: Kpi, title: str, query: Query, span: int) -> Stat:
    return Stat(
        title=title,
        says=f"{kpi.code} {kpi.name}. {kpi.question} It is: {kpi.method}.",
        asks=(query,),
        unit=UNITS[kpi.unit],
        decimals=_DECIMALS.get(kpi.unit),
        span=span,
        scale=scale_of(kpi.name),
    )


def listing(unit: Unit, scope: Scope, *, span: int = 12, height: int = 11) -> Table:
    """Return a table of every recorded KPI that is measured in *unit*, held to its target."""
    shares = unit is Unit.RATIO
    target = scope.recorded(f"delivery:slo_target:{'ratio' if shares else 'seconds'}")
    target = f"max by ({_BY}) ({target})"
    look, decimals = UNITS[unit], _DECIMALS.get(unit)
    return Table(
        title="KPIs that are shares" if shares else "KPIs that are times",
        says="The number of each KPI for a whole product and channel, and what is asked of it by "
        "the configuration, or else by the proposal of docs/kpis.md, which says what each is.",
        asks=(
            Query(target),
            Query(_values(unit, scope)),
            Query(
                "\nor ".join(
                    f"({_values(unit, scope, direction)})\n{sign} bool on ({_BY}) {target}"
                    for direction, sign in _BETTER.items()
                    if _recorded(unit, direction)
                )
            ),
            Query(f"max by ({_BY}, owner) ({scope.series(KPI_INFO)})\nand on ({_BY}) {target}"),
        ),
        labels="kpi, product, channel, owner",
        columns=(
            Column("Target", look, decimals=decimals),
            Column("Value", look, decimals=decimals, absent="unknown"),
            Column("Kept", units.Short, OK),
            None,
        ),
        by="KPI",
        span=span,
        height=height,
        alerts=("DeliveryKpiMissed",),
    )


_BY = "product, channel, kpi"
_BETTER = {Direction.HIGHER: ">=", Direction.LOWER: "<="}


def _recorded(unit: Unit, *directions: Direction) -> list[Kpi]:
    return [
        kpi for kpi in KPIS if kpi.unit is unit and kpi.direction in directions and is_recorded(kpi)
    ]


def _values(unit: Unit, scope: Scope, *directions: Direction) -> str:
    return "\nor ".join(
        f'label_replace({headline(kpi, scope)}, "kpi", "{kpi.name}", "", "")'
        for kpi in _recorded(unit, *(directions or Direction))
    )


def headline(kpi: Kpi, scope: Scope) -> str:
    """
    Return the PromQL for the number of a KPI, by product and channel.

    Raises:
        ValueError: nothing records it.
    """
    if kpi.headline is None or kpi.headline.rule is None:
        raise ValueError(f"nothing records {kpi.name}")
    return f"max by (product, channel) ({part(kpi.headline, scope)})"


def part(measure: Measure, scope: Scope, *matchers: str) -> str:
    """
    Return the selector of what records a measure.

    Raises:
        ValueError: nothing does.
    """
    if measure.rule is None:
        raise ValueError("a measure without a rule")
    wanted = {**measure.rule.labels, **measure.match}
    own = [f'{name}="{value}"' for name, value in wanted.items()]
    return scope.recorded(measure.rule.record, *own, *matchers)
