"""delivery-overview: how every product stands in every region, and what needs somebody."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.attention import firing, firing_alerts, open_incidents, pending_releases, recovery
from dashboards.board import Board, Row
from dashboards.charts import Bars, Counts, Lines, Stat, States
from dashboards.held import gates_missed, releases
from dashboards.kpis import figure, listing
from dashboards.links import label, to_dashboard, to_probe
from dashboards.panel import Panel
from dashboards.scale import ALL_IS_GOOD, FEW_IS_GOOD, ORANGE, PLAIN, UP, Scale, at_most, scale_of
from dashboards.slo import budget_left, burning
from dashboards.tables import Matrix
from probe import series
from probe.kpi import Unit
from probe.kpi.burn import BURNS

_SCOPE = Scope(("probe_region", "product", "channel"))
# Most error budgets are those of all regions.
_TRAINS = Scope(("product", "channel"))
_TRAIN = "product, channel"
_AVAILABLE = _SCOPE.series(series.ARTIFACT_AVAILABLE)

# A prober is not believed any more when its last cycle is older.
_SILENT_SECONDS = 300


def overview() -> Board:
    """Return the dashboard."""
    return Board(
        uid="delivery-overview",
        title="Overview",
        says="Whether users can download what was released: each product from each region, what "
        "is open and what is under way.",
        scope=_SCOPE,
        rows=(
            Row("Status", (_map(), *_availability(), *_regions(), *_figures())),
            Row("Error budgets", (budget_left(_TRAINS), burning(_TRAINS, BURNS[0]))),
            Row(
                "What needs somebody",
                (firing_alerts(), pending_releases(_SCOPE), _course()),
            ),
            Row("KPIs", (listing(Unit.RATIO, _SCOPE), listing(Unit.SECONDS, _SCOPE))),
            Row("Releases", (*releases(_SCOPE), gates_missed(_SCOPE))),
            Row("Availability and errors", (_success(), _failures(), _ratio_by_reason())),
            Row("Incidents", recovery(_SCOPE)),
            Row("Probers", _probers(), folded=True),
        ),
    )


def _map() -> Matrix:
    return Matrix(
        title="Products by region",
        says="Files whose last attempt was a verified download, of those that are known; of the "
        "channel where it is worst. An empty cell is unknown, not down.",
        asks=(
            Query(
                f"min by (product, probe_region) (\n  avg by ({_TRAIN}, probe_region) "
                f"({_AVAILABLE})\n)"
            ),
        ),
        rows="product",
        columns="probe_region",
        unit=units.PercentUnit,
        scale=ALL_IS_GOOD,
        links=(
            to_dashboard(
                "Endpoints",
                "delivery-endpoint",
                product="${__data.fields[0]}",
                probe_region="${__field.name}",
            ),
        ),
    )


def _figures() -> tuple[Panel, ...]:
    pending = _SCOPE.recorded("delivery:release_pairs_pending:count")
    last_cycle = f"max by (probe_region) ({_SCOPE.series(series.PROBER_LAST_CYCLE)})"
    return (
        firing(_SCOPE),
        open_incidents(_SCOPE, span=3),
        Stat(
            title="Rollouts under way",
            says="Releases that some required pair of endpoint and region lacks.",
            asks=(Query(f"sum({pending} > bool 0)"),),
            span=3,
            scale=FEW_IS_GOOD,
            links=(to_dashboard("Release", "delivery-release"),),
        ),
        Stat(
            title="Prober freshness",
            says="Time since the scheduler of the most silent region last dispatched what was "
            "due. Where no prober looks, nothing is known.",
            asks=(Query(f"max(time() - {last_cycle})"),),
            unit=units.Seconds,
            decimals=0,
            span=3,
            scale=at_most(60, _SILENT_SECONDS),
            links=(to_dashboard("Internals", "delivery-internals"),),
        ),
    )


def _regions() -> tuple[Panel, ...]:
    good = scale_of("regional_availability")
    regions = _SCOPE.recorded("delivery:regional_availability:ratio_30d")
    weighted = _SCOPE.recorded("delivery:artifact_availability_weighted:ratio_30d")
    return (
        Stat(
            title="Worst region, 30 d",
            says="A2 regional_availability: the region from which the fewest downloads would have "
            "been right.",
            asks=(Query(f"bottomk by ({_TRAIN}) (1, {regions})", "{{probe_region}}"),),
            unit=units.PercentUnit,
            decimals=2,
            names=True,
            span=3,
            scale=good,
        ),
        Stat(
            title="As users are spread, 30 d",
            says="A2 with each region by its share of the users; unknown where the configuration "
            "does not say how they are spread.",
            asks=(Query(weighted, named(_TRAIN)),),
            unit=units.PercentUnit,
            decimals=2,
            span=3,
            scale=good,
        ),
    )


def _availability() -> tuple[Panel, ...]:
    up, known = (
        f"sum by ({_TRAIN}) (sum_over_time({_SCOPE.recorded(record)}[24h]))"
        for record in ("delivery:artifacts_up:sum", "delivery:artifacts_known:count")
    )
    of_a_day = Stat(
        title="Availability, 24 h",
        says="A1 artifact_availability over the last day: time in which the last attempt was a "
        "verified download, of the time in which that is known.",
        asks=(Query(f"{up}\n/ {known}", named(_TRAIN)),),
        unit=units.PercentUnit,
        decimals=2,
        span=3,
        scale=scale_of("artifact_availability"),
    )
    return of_a_day, figure("artifact_availability", _SCOPE, "Availability, 30 d", span=3)


def _course() -> States:
    return States(
        title="Products by region, over time",
        says="Files whose last attempt was a verified download, of those that are known. A gap is "
        "time of which nothing is known.",
        asks=(
            Query(
                f"avg by ({_TRAIN}, probe_region) ({_AVAILABLE})",
                "{{product}} {{channel}} {{probe_region}}",
            ),
        ),
        unit=units.PercentUnit,
        scale=ALL_IS_GOOD,
        links=(
            to_dashboard(
                "Endpoints",
                "delivery-endpoint",
                product=label("product"),
                channel=label("channel"),
                probe_region=label("probe_region"),
            ),
        ),
    )


def _success() -> Lines:
    by = f"{_TRAIN}, probe_region"
    tried = _SCOPE.recorded("delivery:download_attempts:rate5m")
    failed = _SCOPE.recorded("delivery:download_failures:rate5m")
    return Lines(
        title="Successful attempts, by region",
        says="Verified downloads, of the attempts of five minutes that say anything of a file.",
        asks=(Query(f"1 - sum by ({by}) ({failed})\n/ (sum by ({by}) ({tried}) > 0)", named(by)),),
        unit=units.PercentUnit,
        span=8,
        least=None,
        most=1,
    )


def _failures() -> Counts:
    return Counts(
        title="Failures a minute, by reason",
        says="Attempts in which a consumer would not have got the right bytes. The reasons are "
        "explained in the README.",
        counter=_SCOPE.series(series.DOWNLOAD_FAILURES),
        by="reason",
        exemplars=True,
        span=8,
        links=(to_probe("The last of them", "/api/v1/observations", reason=label("reason")),),
    )


def _ratio_by_reason() -> Bars:
    ratio = _SCOPE.recorded("delivery:download_failure:ratio_30d")
    return Bars(
        title="Failure ratio of 30 days, by reason",
        says="Attempts that failed for each reason, of all attempts; of the product that has most "
        "of them.",
        asks=(Query(f"max by (reason) ({ratio}) > 0", "{{reason}}"),),
        unit=units.PercentUnit,
        decimals=3,
        scale=Scale(ORANGE),
    )


def _probers() -> tuple[Panel, ...]:
    weight = _SCOPE.series(series.REGION_WEIGHT)
    last_cycle = _SCOPE.series(series.PROBER_LAST_CYCLE)
    return (
        Stat(
            title="Time since the last cycle",
            says="By region: when the scheduler last dispatched what was due.",
            asks=(Query(f"time() - max by (probe_region) ({last_cycle})", "{{probe_region}}"),),
            unit=units.Seconds,
            decimals=0,
            span=8,
            names=True,
            scale=at_most(60, _SILENT_SECONDS),
        ),
        Stat(
            title="Healthy",
            says="By region: whether its prober ran in the last five minutes and has a way out. "
            "Outages are told by healthy regions alone.",
            asks=(Query(_SCOPE.recorded("delivery:prober_healthy:bool"), "{{probe_region}}"),),
            span=8,
            names=True,
            scale=UP,
        ),
        Stat(
            title="Share of users",
            says="By region, as the configuration says.",
            asks=(Query(f"max by (probe_region) ({weight})", "{{probe_region}}"),),
            unit=units.PercentUnit,
            decimals=0,
            span=8,
            names=True,
            scale=PLAIN,
        ),
    )
