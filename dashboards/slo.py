"""delivery-slo: how much of each error budget is left, and how fast it burns."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.board import Board, Row
from dashboards.charts import Bars, Lines, Stat
from dashboards.kpis import listing
from dashboards.panel import Panel
from dashboards.scale import ALL_IS_GOOD, GREEN, ORANGE, PLAIN, RED, Scale
from dashboards.tables import Column, Table
from probe import series
from probe.domain.quantity import duration
from probe.kpi import Unit
from probe.kpi.burn import BURNS, Burn

_SCOPE = Scope(("product", "channel", "sloth_slo"))
_BY = "sloth_slo, product, channel, probe_region"

_LEFT = Scale(RED, ((0, ORANGE), (0.25, GREEN)))
_PACE = Scale(GREEN, ((1, ORANGE), (float(BURNS[0].factor), RED)))


def slo() -> Board:
    """Return the dashboard."""
    return Board(
        uid="delivery-slo",
        title="Error budgets",
        says="How much of each error budget of 30 days is left, and how fast it burns. The series "
        "have Sloth's names, so that Sloth's own dashboards show them too.",
        scope=_SCOPE,
        rows=(
            Row("Status", (_least(), _fastest(), budget_left(_SCOPE), _objectives())),
            Row("Burn rates", tuple(burning(_SCOPE, burn) for burn in BURNS)),
            Row("Over 30 days", _period()),
            Row("What is asked", (listing(Unit.RATIO, _ASKED), listing(Unit.SECONDS, _ASKED))),
            Row("Who answers for it", (_owned(), _reviews())),
        ),
        span="30d",
    )


# Of a KPI there is a target, whether it has a budget or not.
_ASKED = Scope(("product", "channel"))


def _each(record: str, scope: Scope = _SCOPE) -> str:
    return f"max by ({_BY}) ({scope.recorded(record)})"


def _least() -> Stat:
    left = _SCOPE.recorded("slo:period_error_budget_remaining:ratio")
    return Stat(
        title="Least budget left",
        says="The error budget of which the smallest share is left, of the last 30 days.",
        asks=(Query(f"bottomk(1, {left})", named(_BY)),),
        unit=units.PercentUnit,
        decimals=1,
        names=True,
        span=6,
        height=8,
        scale=_LEFT,
    )


def _fastest() -> Stat:
    burning = _SCOPE.recorded("slo:current_burn_rate:ratio")
    return Stat(
        title="Fastest burn",
        says="The error budget that burns fastest now: at 1 it lasts 30 days, at 14.4 it lasts "
        "two.",
        asks=(Query(f"topk(1, {burning})", named(_BY)),),
        decimals=1,
        names=True,
        span=6,
        height=8,
        scale=_PACE,
    )


def budget_left(scope: Scope) -> Bars:
    """Return how much of each error budget is left."""
    return Bars(
        title="Budget left",
        says="Of each error budget of the last 30 days; below zero more failed than may.",
        asks=(Query(_each("slo:period_error_budget_remaining:ratio", scope), named(_BY)),),
        unit=units.PercentUnit,
        decimals=1,
        most=1,
        span=12,
        scale=_LEFT,
        alerts=(
            "DeliveryErrorBudgetBurn",
            "DeliveryRegionalErrorBudgetBurn",
            "DeliveryLatencyBudgetBurn",
        ),
    )


def _objectives() -> Table:
    return Table(
        title="Objectives",
        says="What each objective allows, and what was spent of it.",
        asks=(
            Query(_asked()),
            Query(_each("slo:period_error_budget_remaining:ratio")),
            Query(_each("slo:current_burn_rate:ratio")),
            Query(_each("slo:period_burn_rate:ratio")),
        ),
        labels=_BY,
        columns=(
            Column("Asked", units.PercentUnit, decimals=3),
            Column("Budget left", units.PercentUnit, _LEFT, decimals=1),
            Column("Burns now", units.Short, _PACE, decimals=2),
            Column("Burnt over 30 d", units.Short, _PACE, decimals=2),
        ),
        by="Budget left",
    )


def _asked() -> str:
    # One objective is for all regions, and has a row for each of them that has a budget.
    by = "product, channel, sloth_slo"
    objective = f"max by ({by}) ({_SCOPE.recorded('slo:objective:ratio')})"
    spent = _each("slo:period_error_budget_remaining:ratio")
    return f"0 * {spent}\n+ on ({by}) group_left () {objective}\nor on ({by}) {objective}"


def burning(scope: Scope, burn: Burn) -> Lines:
    """Return how fast each error budget burns over the two windows of *burn*."""
    long, short = (duration(each.total_seconds()) for each in (burn.long, burn.short))
    return Lines(
        title=f"Burn rate over {long} and {short}",
        says=f"Both above {burn.factor} is {_consequence(burn)}. At 1 a budget lasts 30 days.",
        asks=tuple(
            Query(_rate(scope, window), f"{named(_BY)} {window}") for window in (long, short)
        ),
        scale=Scale(GREEN, ((float(burn.factor), RED if burn.pages else ORANGE),)),
        line=True,
    )


def _consequence(burn: Burn) -> str:
    return "a page" if burn.pages else "a ticket"


def _rate(scope: Scope, window: str) -> str:
    return (
        f"{_each(f'slo:sli_error:ratio_rate{window}', scope)}\n"
        "/ on (product, channel, sloth_slo) group_left ()\n"
        f"(max by (product, channel, sloth_slo) ({scope.recorded('slo:error_budget:ratio')}) > 0)"
    )


def _period() -> tuple[Panel, ...]:
    return (
        Lines(
            title="Budget left, over time",
            says="Of each error budget, of the 30 days before each moment.",
            asks=(Query(_each("slo:period_error_budget_remaining:ratio"), named(_BY)),),
            unit=units.PercentUnit,
            least=None,
            most=1,
            scale=_LEFT,
        ),
        Lines(
            title="Failed attempts of a day",
            says="What spends each budget, over the day before each moment. Fewer than three "
            "failures alert nobody, however few attempts there were.",
            asks=(Query(_each("slo:probe_failures:increase1d"), named(_BY)),),
            decimals=0,
            scale=PLAIN,
        ),
    )


def _owned() -> Stat:
    owned = _ASKED.series(series.KPI_OWNERSHIP_COVERAGE)
    return Stat(
        title="Owned and reviewed",
        says="Targets that have an owner, a cadence, and a review younger than that.",
        asks=(Query(f"min by (product, channel) ({owned})", named("product, channel")),),
        unit=units.PercentUnit,
        decimals=0,
        span=6,
        height=8,
        scale=ALL_IS_GOOD,
    )


def _reviews() -> Table:
    by = "kpi, product, channel"
    asked = f"max by ({by}, owner, cadence) ({_ASKED.series(series.KPI_INFO)})"
    reviewed = _ASKED.series(series.KPI_LAST_REVIEW)
    return Table(
        title="Reviews",
        says="Each target of the configuration with its owner and cadence, and when a review of it "
        "was last accepted.",
        asks=(Query(asked), Query(f"1000 * max by ({by}) ({reviewed})")),
        labels=f"{by}, owner, cadence",
        columns=(None, Column("Last reviewed", units.DateTimeFromNow, absent="never")),
        by="KPI",
        span=18,
        alerts=("DeliveryKpiReviewOverdue",),
    )
