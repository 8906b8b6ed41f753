"""How one release spread over the pairs of endpoint and region that had to serve it."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope
from dashboards.charts import Bars, Lines
from dashboards.scale import GREEN, ORANGE, RED, Scale, scale_of
from dashboards.tables import Column, Matrix, Table
from probe import series
from probe.series import Metric

VERSION = "product, channel, version"

_PAIR = f"{VERSION}, endpoint, probe_region"
_PLACE = "endpoint, probe_region"
_ASSET = 'object="asset"'
_ARRIVAL = scale_of("global_propagation")
_PAST = Scale(GREEN, ((1, RED),), {"0": ("no", GREEN), "1": ("yes", RED)})
_FAILED = Scale(
    GREEN,
    ((1, ORANGE), (2, RED)),
    {"0": ("no", GREEN), "1": ("served elsewhere", ORANGE), "2": ("outage", RED)},
)


def share_of_pairs(scope: Scope) -> Lines:
    """Return how the share of pairs that have it grew, and when it should have been all."""
    first = _at_last(scope, _PAIR, series.RELEASE_FIRST_AVAILABLE, _ASSET)
    required = _at_last(scope, VERSION, series.RELEASE_REQUIRED_ENDPOINTS)
    published = _at_last(scope, VERSION, series.RELEASE_PUBLISHED)
    asked = scope.recorded("delivery:slo_target:seconds", 'kpi="global_propagation"')
    share = f"sum by ({VERSION}) ({first} <= bool time())\n/ on ({VERSION}) {required}"
    due = f"{published}\n+ on (product, channel) group_left () max by (product, channel) ({asked})"
    return Lines(
        title="Share of required pairs that have it",
        says="By when each pair first had all of the release, whenever that was recorded; and "
        "what P2 asks for: all of them, from its target after publication on.",
        asks=(
            Query(f"{share}\nor 0 * {required}", "pairs that have it"),
            Query(f"time() >= bool {due}", "target"),
        ),
        unit=units.PercentUnit,
        most=1,
        stepped=True,
        dashed="target",
        span=16,
        height=9,
        alerts=("DeliveryPropagationLate", "DeliveryFirstAvailabilityLate"),
    )


def time_to_pairs(scope: Scope) -> Bars:
    """Return how long it took to the fastest pair, the median and the slowest."""
    record = "delivery:release_propagation_quantile_seconds"
    return Bars(
        title="Time from publication",
        says="To the fastest pair, to the median and to the slowest of those that have it.",
        asks=(
            Query(scope.recorded(record, 'quantile="0"'), "fastest"),
            Query(scope.recorded(record, 'quantile="0.5"'), "median"),
            Query(f"max by ({VERSION}) ({_lag(scope)})", "slowest"),
        ),
        unit=units.Seconds,
        scale=_ARRIVAL,
        height=9,
    )


def lag_by_pair(scope: Scope) -> Matrix:
    """Return how long it took to each pair."""
    return Matrix(
        title="Time from publication, by pair",
        says="When each required pair first had all of the release. An empty cell lacks it, or "
        "need not have it.",
        asks=(Query(f"max by ({_PLACE}) ({_lag(scope)})"),),
        rows="endpoint",
        columns="probe_region",
        unit=units.Seconds,
        scale=_ARRIVAL,
    )


def required_pairs(scope: Scope) -> Table:
    """Return all that is known of each pair."""
    excluded = scope.series(series.RELEASE_EXCLUDED)
    first = scope.series(series.RELEASE_FIRST_AVAILABLE, _ASSET)
    uncertain = scope.series(series.RELEASE_UNCERTAINTY, _ASSET)
    pointer = scope.series(series.RELEASE_FIRST_AVAILABLE, 'object="pointer"')
    failed = scope.series(series.PUBLICATION_FAILED)
    outage = scope.series(series.PUBLICATION_FAILED, 'outcome="outage"')
    return Table(
        title="Required pairs",
        says="Each pair that had to serve the release: whether its deadline passed without it, "
        "what that meant for users if it is storage or a CDN, when it first had all of it and its "
        "pointers, and how much earlier that may be.",
        asks=(
            Query(f"max by ({_PLACE}) ({excluded})"),
            Query(
                f"2 * max by ({_PLACE}) ({outage})\nor max by ({_PLACE}) ({failed})\n"
                f"or 0 * max by ({_PLACE}) ({excluded})"
            ),
            Query(f"1000 * max by ({_PLACE}) ({first})"),
            Query(f"max by ({_PLACE}) ({_lag(scope)})"),
            Query(f"max by ({_PLACE}) ({uncertain})"),
            Query(f"1000 * max by ({_PLACE}) ({pointer})"),
        ),
        labels=_PLACE,
        columns=(
            Column("Past its deadline", units.Short, _PAST),
            Column("Publication failed", units.Short, _FAILED),
            Column("First there", units.DatetimeISO),
            Column("After publication", units.Seconds, _ARRIVAL),
            Column("Or earlier by", units.Seconds),
            Column("Pointers first there", units.DatetimeISO),
        ),
        by="Endpoint",
        alerts=("DeliveryEndpointStale", "DeliveryLatestPointerStale"),
    )


def _lag(scope: Scope) -> str:
    first = scope.series(series.RELEASE_FIRST_AVAILABLE, _ASSET)
    published = scope.series(series.RELEASE_PUBLISHED)
    return (
        f"clamp_min(max by ({_PAIR}) ({first}) - on ({VERSION}) group_left () "
        f"max by ({VERSION}) ({published}), 0)"
    )


def _at_last(scope: Scope, labels: str, metric: Metric, *matchers: str) -> str:
    # What was known last in the time shown: at each moment less was known of that moment.
    known = scope.series(metric, *matchers)
    return f"max by ({labels}) (last_over_time({known}[$__range] @ end()))"
