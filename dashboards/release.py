"""delivery-release: the scorecard of one release, and where it has come to."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope
from dashboards.attention import open_incidents
from dashboards.board import Board, Row
from dashboards.charts import Bars, Stat
from dashboards.held import completeness, covered, gates, missing
from dashboards.kpis import figure_of_release
from dashboards.links import cell, label, to_probe
from dashboards.panel import Panel
from dashboards.rollout import VERSION, lag_by_pair, required_pairs, share_of_pairs, time_to_pairs
from dashboards.scale import ALL_IS_GOOD, NONE_IS_GOOD, PLAIN, Scale, scale_of
from dashboards.tables import Column, Matrix, Table
from probe import series

_SCOPE = Scope(("probe_region",), ("product", "channel", "version"))
_FILE = "artifact, platform, size_tier"
_AVAILABLE = _SCOPE.series(series.ARTIFACT_AVAILABLE)
_OBSERVATIONS = "/api/v1/observations"

# Always shown, though they be none: what users meet most.
_NAMED_REASONS = "auth_.*|not_found|timeout|checksum_mismatch"


def release() -> Board:
    """Return the dashboard."""
    return Board(
        uid="delivery-release",
        title="Release",
        says="One release: its scorecard, how it spread, and which file is missing where.",
        scope=_SCOPE,
        rows=(
            Row(
                "Scorecard",
                (
                    *_facts(),
                    *completeness(_SCOPE),
                    *_scorecard(),
                    missing(_SCOPE),
                    covered(_SCOPE),
                    gates(_SCOPE),
                    _reasons(),
                    _incidents(),
                ),
            ),
            Row("Rollout", (share_of_pairs(_SCOPE), time_to_pairs(_SCOPE))),
            Row("Where it is", (lag_by_pair(_SCOPE), _now_by_pair(), required_pairs(_SCOPE))),
            Row("Every file", (_files(),)),
        ),
        span="7d",
    )


def _facts() -> tuple[Panel, ...]:
    let_out = _SCOPE.series(series.RELEASE_START)
    return (
        _figure(
            "Files in the catalog",
            "Distributable files that the catalog lists for the release.",
            Query(f"max by ({VERSION}) ({_SCOPE.series(series.RELEASE_ASSETS)})"),
        ),
        _figure(
            "Let out",
            "When the release was approved, or else tagged, or else published.",
            Query(f"1000 * max by (t0_source) ({let_out})", "{{t0_source}}"),
            units.DateTimeFromNow,
        ),
    )


def _scorecard() -> tuple[Panel, ...]:
    regions = _SCOPE.recorded("delivery:release_regional_availability:ratio_30d")
    return (
        figure_of_release("artifact_availability", _SCOPE, "Availability, 30 d", span=3),
        _figure(
            "Worst region, 30 d",
            "A2 regional_availability of this release: from where it was to be had worst.",
            Query(f"bottomk(1, {regions})", "{{probe_region}}"),
            units.PercentUnit,
            scale_of("regional_availability"),
        ),
        figure_of_release("time_to_first_availability", _SCOPE, "First there after", span=3),
        figure_of_release("global_propagation", _SCOPE, "Everywhere after", span=8),
        _lacking(),
        open_incidents(_SCOPE, span=8),
    )


def _lacking() -> Stat:
    return Stat(
        title="Pairs without it",
        says="Required pairs of endpoint and region that lack the release, and are not past their "
        "deadline.",
        asks=(Query(_SCOPE.recorded("delivery:release_pairs_pending:count")),),
        span=8,
        scale=NONE_IS_GOOD,
    )


def _figure(
    title: str, says: str, query: Query, unit: str = units.Short, scale: Scale = PLAIN
) -> Stat:
    return Stat(
        title=title,
        says=says,
        asks=(query,),
        unit=unit,
        decimals=2 if unit == units.PercentUnit else None,
        names=bool(query.legend),
        scale=scale,
        span=3,
        links=(to_probe("Scorecard", "/api/v1/scorecard/${product}/${version}"),),
    )


def _reasons() -> Bars:
    named, other = (
        f"sum by (reason) (increase({failures}[$__range]))"
        for failures in (
            _SCOPE.series(series.DOWNLOAD_FAILURES, f'reason{operator}"{_NAMED_REASONS}"')
            for operator in ("=~", "!~")
        )
    )
    last = to_probe("The last of them", _OBSERVATIONS, version="${version}", reason=label("reason"))
    return Bars(
        title="Failure reasons",
        says="Failed attempts of the product in the time shown, by reason: counters know no "
        "version. The four that users meet most are shown even if there was none.",
        asks=(Query(f"{named}\nor {other} > 0", "{{reason}}"),),
        decimals=0,
        scale=NONE_IS_GOOD,
        span=12,
        links=(last,),
    )


def _incidents() -> Bars:
    begun = f"increase({_SCOPE.series(series.INCIDENTS)}[$__range])"
    return Bars(
        title="Incidents by class",
        says="Incidents of the product that began in the time shown, by reason and kind of "
        "endpoint, without those that are part of another.",
        asks=(Query(f"sum by (class) ({begun}) > 0", "{{class}}"),),
        decimals=0,
        scale=NONE_IS_GOOD,
        span=12,
    )


def _now_by_pair() -> Matrix:
    return Matrix(
        title="Files there now, by pair",
        says="Files of the release whose last attempt was a verified download, of those that are "
        "known.",
        asks=(Query(f"avg by (endpoint, probe_region) ({_AVAILABLE})"),),
        rows="endpoint",
        columns="probe_region",
        unit=units.PercentUnit,
        scale=ALL_IS_GOOD,
        alerts=("DeliveryMirrorCoverageLow",),
    )


def _files() -> Table:
    success = _SCOPE.series(series.ARTIFACT_LAST_SUCCESS)
    failure = _SCOPE.series(series.ARTIFACT_LAST_FAILURE)
    last = to_probe(
        "Its last attempts", _OBSERVATIONS, version="${version}", artifact=cell("artifact")
    )
    return Table(
        title="Files",
        says="Each file of the release: at how many of the places that are known it is to be had "
        "now, and when it last was and was not.",
        asks=(
            Query(f"avg by ({_FILE}) ({_AVAILABLE})"),
            Query(f"1000 * max by ({_FILE}) ({success})"),
            Query(f"1000 * max by ({_FILE}) ({failure})"),
        ),
        labels=_FILE,
        columns=(
            Column("Places that have it", units.PercentUnit, ALL_IS_GOOD),
            Column("Last verified", units.DateTimeFromNow),
            Column("Last failure", units.DateTimeFromNow),
        ),
        by="Places that have it",
        links=(last,),
    )
