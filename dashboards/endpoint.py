"""delivery-endpoint: each place that serves, mirrors and caches included, from each region."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.attention import open_incidents
from dashboards.board import Board, Row
from dashboards.charts import Bars, Counts, Lines, Stat, States
from dashboards.kpis import figure
from dashboards.links import cell, label, to_probe
from dashboards.panel import Panel
from dashboards.scale import ALL_IS_GOOD, GREEN, NONE_IS_GOOD, ORANGE, RED, Scale, scale_of
from dashboards.tables import Column, Matrix, Table
from probe import series

_SCOPE = Scope(("probe_region", "product", "channel", "endpoint"))
# What is recorded for a whole product knows no endpoint and no region.
_TRAINS = Scope(("product", "channel"))

_PLACE = "product, channel, endpoint"
_PAIR = f"{_PLACE}, probe_region"
_DAY = 86400

_CURRENT = Scale(ORANGE, ((1, GREEN),), {"0": ("behind", ORANGE), "1": ("current", GREEN)})
_STALE = Scale(GREEN, ((1, ORANGE), (_DAY, RED)))
_EXPIRY = Scale(RED, ((3 * _DAY, ORANGE), (21 * _DAY, GREEN)))
_GOOD = scale_of("artifact_availability")

_OBSERVATIONS = "/api/v1/observations"
_LAST_FAILURES = to_probe(
    "The last failures",
    _OBSERVATIONS,
    verdict="failed",
    product=label("product"),
    endpoint=label("endpoint"),
    region=label("probe_region"),
)


def endpoint() -> Board:
    """Return the dashboard."""
    return Board(
        uid="delivery-endpoint",
        title="Endpoint",
        says="Each place that serves: whether it has the current release, how well it serves, how "
        "far behind it is, and whether the edge or the origin is at fault.",
        scope=_SCOPE,
        rows=(
            Row("Status", (_current(), *_figures(), _availability())),
            Row("Availability and errors", (_success(), _failures(), _month())),
            Row("How far behind", _behind()),
            Row("Cache and origin", (_cache(), _fault())),
            Row("Recovery and certificates", (_outages(), _certificates())),
        ),
    )


def _current() -> Matrix:
    current = _SCOPE.series(series.ENDPOINT_CURRENT)
    return Matrix(
        title="Current release, by pair",
        says="Whether a required pair serves the current release. An empty cell is unknown, or "
        "need not have it.",
        asks=(Query(f"min by (endpoint, probe_region) ({current})"),),
        rows="endpoint",
        columns="probe_region",
        scale=_CURRENT,
        alerts=("DeliveryEndpointStale",),
    )


def _figures() -> tuple[Panel, ...]:
    required = _SCOPE.series(series.ENDPOINT_REQUIRED)
    return (
        figure("mirror_coverage", _TRAINS, "Mirror coverage"),
        Stat(
            title="Outages now",
            says="Endpoints that two healthy regions see down, or the only one that looks.",
            asks=(Query(f"sum({_SCOPE.recorded('delivery:endpoint_outage:bool')})"),),
            scale=NONE_IS_GOOD,
            alerts=("DeliveryEndpointOutage",),
        ),
        open_incidents(_SCOPE),
        figure("authorization_success", _TRAINS, "Authorization, 30 d"),
        Stat(
            title="Required pairs",
            says="Pairs of endpoint and region that must serve the current release, by the "
            "configuration, not by what was seen.",
            asks=(Query(f"sum(max by ({_PAIR}) ({required}))"),),
        ),
        Stat(
            title="Farthest behind",
            says="Age of the oldest kept release that a required pair lacks, of the worst pair.",
            asks=(Query(f"max({_SCOPE.series(series.ENDPOINT_STALENESS)})"),),
            unit=units.Seconds,
            decimals=0,
            scale=_STALE,
        ),
    )


def _availability() -> States:
    available = _SCOPE.series(series.ARTIFACT_AVAILABLE)
    return States(
        title="Availability, over time",
        says="Files whose last attempt was a verified download, of those that are known. A gap is "
        "time of which nothing is known.",
        asks=(Query(f"avg by ({_PAIR}) ({available})", named(_PAIR)),),
        unit=units.PercentUnit,
        scale=ALL_IS_GOOD,
        links=(_LAST_FAILURES,),
        alerts=("DeliveryEndpointUnavailable",),
    )


def _success() -> Lines:
    return Lines(
        title="Successful attempts of the last hour",
        says="Verified downloads of all attempts that say something about a file, by pair.",
        asks=(Query(_SCOPE.recorded("delivery:download_success:ratio_1h"), named(_PAIR)),),
        unit=units.PercentUnit,
        least=None,
        most=1,
        links=(_LAST_FAILURES,),
    )


def _failures() -> Counts:
    last = to_probe(
        "The last of them", _OBSERVATIONS, endpoint=label("endpoint"), reason=label("reason")
    )
    return Counts(
        title="Failures a minute, by endpoint and reason",
        says="Attempts in which a consumer would not have got the right bytes.",
        counter=_SCOPE.series(series.DOWNLOAD_FAILURES),
        by="endpoint, reason",
        exemplars=True,
        links=(last,),
        alerts=("DeliveryRateLimited",),
    )


def _month() -> Table:
    interval = _SCOPE.series(series.PROBE_INTERVAL)
    last = to_probe(
        "The last failures",
        _OBSERVATIONS,
        verdict="failed",
        product=cell("product"),
        endpoint=cell("endpoint"),
        region=cell("probe_region"),
    )
    return Table(
        title="Availability of 30 days, by pair",
        says="A1 by time and by attempts, and how often who may download got in. Unknown time is "
        "in none of them.",
        asks=(
            Query(f"max by ({_PAIR}) ({interval})"),
            _worst("delivery:artifact_availability:ratio_30d"),
            _worst("delivery:download_success:ratio_30d"),
            _worst("delivery:auth_success:ratio_30d"),
        ),
        labels=_PAIR,
        columns=(
            Column("Probed every", units.Seconds),
            Column("By time", units.PercentUnit, _GOOD, decimals=3),
            Column("By attempts", units.PercentUnit, _GOOD, decimals=3),
            Column("Authorization", units.PercentUnit, _GOOD, decimals=3),
        ),
        by="By time",
        links=(last,),
        alerts=("DeliveryAuthRejected",),
    )


def _worst(record: str) -> Query:
    return Query(f"min by ({_PAIR}) ({_SCOPE.recorded(record)})")


def _behind() -> tuple[Panel, ...]:
    staleness = _SCOPE.series(series.ENDPOINT_STALENESS)
    marker = _SCOPE.series(series.ENDPOINT_MARKER)
    return (
        Lines(
            title="Staleness",
            says="Age of the oldest kept release that a required pair lacks; 0 if it has the "
            "current one.",
            asks=(Query(f"max by ({_PAIR}) ({staleness})", named(_PAIR)),),
            unit=units.Seconds,
            scale=_STALE,
        ),
        Lines(
            title="Age of the marker",
            says="Time since an endpoint was last synced, by what its own marker says.",
            asks=(Query(f"time() - max by ({_PAIR}) ({marker})", named(_PAIR)),),
            unit=units.Seconds,
            scale=_STALE,
        ),
    )


def _cache() -> Lines:
    answers = f"rate({_SCOPE.series(series.DOWNLOAD_CACHE)}[$__rate_interval])"
    return Lines(
        title="Answers by what the cache says",
        says="Share of answers by what a cache on the way said of itself; unknown where there is "
        "none, or it says nothing.",
        asks=(
            Query(
                f"sum by (cache) ({answers})\n/ on () group_left () (sum({answers}) > 0)",
                "{{cache}}",
            ),
        ),
        unit=units.PercentUnit,
        stacked=True,
        most=1,
    )


def _fault() -> Counts:
    return Counts(
        title="Failures at copies a minute, by fault",
        says="Failures at a CDN or a mirror: of the edge if the origin served the file right at "
        "the same time, of the origin if it did not.",
        counter=_SCOPE.series(series.DOWNLOAD_ORIGIN),
        by="endpoint, fault",
    )


def _outages() -> Table:
    restored = _SCOPE.recorded("delivery:mean_time_to_restore_seconds")
    return Table(
        title="Outages of 90 days",
        says="What a quorum of regions saw down, and the mean time until it was back. Less than "
        "ten minutes apart is one outage.",
        asks=(
            Query(f"max by ({_PLACE}) ({_SCOPE.recorded('delivery:outages:count_90d')})"),
            Query(f"max by ({_PLACE}) ({restored})"),
        ),
        labels=_PLACE,
        columns=(
            Column("Outages", units.Short, NONE_IS_GOOD),
            Column("Mean time to restore", units.Seconds, scale_of("time_to_restore")),
        ),
        by="Outages",
        falling=True,
        span=12,
    )


def _certificates() -> Bars:
    earliest = _SCOPE.series(series.ENDPOINT_CERTIFICATE)
    return Bars(
        title="Certificates expire in",
        says="The earliest certificate shown on the way to each endpoint. Below 21 days a renewal "
        "has failed, below 3 somebody must act.",
        asks=(Query(f"min by ({_PLACE}) ({earliest}) - time()", named(_PLACE)),),
        unit=units.Seconds,
        scale=_EXPIRY,
        span=12,
        alerts=("DeliveryCertificateExpiring",),
    )
