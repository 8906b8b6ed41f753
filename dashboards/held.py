"""What is held of releases: are they complete, covered by controls, kept by their gates?"""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.charts import Bars, Stat
from dashboards.kpis import figure
from dashboards.links import cell, to_dashboard
from dashboards.panel import Panel
from dashboards.scale import ALL_IS_GOOD, NONE_IS_GOOD, OK, scale_of
from dashboards.tables import Column, Matrix, Table
from probe import series
from probe.series import Metric

_TRAIN = "product, channel"
_VERSION = f"{_TRAIN}, version"
_GATE = "gate, mode"


def releases(scope: Scope) -> tuple[Panel, ...]:
    """Return how complete the releases of a month are, for each product."""
    by_now = scope.recorded("delivery:release_complete_now:ratio")
    return (
        figure("release_completeness", scope, "Complete in time"),
        Stat(
            title="Complete by now",
            says="C1 release_completeness as it is by now: what came late counts as well.",
            asks=(Query(by_now, named(_TRAIN)),),
            unit=units.PercentUnit,
            decimals=2,
            scale=scale_of("release_completeness"),
        ),
        figure("missing_assets", scope, "Lack a platform"),
        figure("metadata_completeness", scope, "Files well described"),
        figure("mirror_coverage", scope, "Places that are current"),
        figure("rollback_readiness", scope, "Could go back"),
    )


def gates_missed(scope: Scope) -> Table:
    """Return the targets that the current releases miss."""
    by = f"{_VERSION}, {_GATE}"
    missed = f"min by ({by}) ({scope.series(series.GATE_RESULT)}) == 0"
    return Table(
        title="Targets that current releases miss",
        says="With mode gate it stops the release, with mode inform it is only seen. What is "
        "unknown is not here, and passes no gate either.",
        asks=(Query(missed),),
        labels=by,
        columns=(None,),
        by="Mode",
        links=(
            to_dashboard(
                "Release",
                "delivery-release",
                product=cell("product"),
                channel=cell("channel"),
                version=cell("version"),
            ),
        ),
    )


def completeness(scope: Scope) -> tuple[Panel, ...]:
    """Return whether the one release that is chosen is complete, and could be taken back."""
    return (
        _answer(
            scope,
            "Complete in time",
            "Whether it was complete 30 minutes after its publication; never mended later.",
            "max",
            series.RELEASE_COMPLETE,
        ),
        _answer(
            scope,
            "Complete by now",
            "Whether it is complete by now, be it late.",
            "max",
            series.RELEASE_COMPLETE_NOW,
        ),
        _answer(
            scope,
            "Could go back",
            "Whether one could go back to the known-good release before it.",
            "min",
            series.ROLLBACK_READY,
        ),
    )


def _answer(scope: Scope, title: str, says: str, of_all: str, metric: Metric) -> Stat:
    return Stat(
        title=title,
        says=says,
        asks=(Query(f"{of_all} by ({_VERSION}) ({scope.series(metric)})"),),
        scale=OK,
        span=3,
        alerts=("DeliveryReleaseIncomplete", "DeliveryRollbackNotReady"),
    )


def missing(scope: Scope) -> Bars:
    """Return what the one release that is chosen lacks."""
    lacking = scope.series(series.RELEASE_MISSING)
    return Bars(
        title="Missing, by kind",
        says="What the release lacks of all that it should have. A kind that is not here is not "
        "known.",
        asks=(Query(f"max by (kind) ({lacking})", "{{kind}}"),),
        scale=NONE_IS_GOOD,
        alerts=("DeliveryReleaseIncomplete", "DeliveryMetadataIncomplete"),
    )


def covered(scope: Scope) -> Bars:
    """Return which share of the files of the one release that is chosen each control covers."""
    return Bars(
        title="Files covered, by control",
        says="Distributable files with a right checksum, a signature that verifies and so on, of "
        "those that the catalog lists.",
        asks=(Query(_coverage(scope, _VERSION), "{{control}}"),),
        unit=units.PercentUnit,
        most=1,
        scale=ALL_IS_GOOD,
    )


def gates(scope: Scope) -> Table:
    """Return what the one release that is chosen is held against."""
    kept = scope.series(series.GATE_RESULT)
    override = scope.series(series.GATE_OVERRIDE_UNTIL)
    return Table(
        title="Gates",
        says="The targets that the release keeps or misses, if it is the current one, and until "
        "when somebody lets it pass one of them.",
        asks=(
            Query(f"min by ({_GATE}) ({kept})"),
            Query(f"1000 * max by (gate) ({override})"),
        ),
        labels=_GATE,
        columns=(
            Column("Kept", units.Short, OK, absent="unknown"),
            Column("Overridden until", units.DatetimeISO),
        ),
        by="Gate",
        span=8,
    )


def controls(scope: Scope) -> Matrix:
    """Return which share of the files of each release each control covers."""
    joined = '"release", " ", "product", "channel", "version"'
    return Matrix(
        title="Files covered, by release and control",
        says="Distributable files with a right checksum, a signature that verifies and so on, of "
        "those that the catalog lists. An empty cell is not known.",
        asks=(
            Query(
                f"max by (release, control) (label_join({_coverage(scope, _VERSION)}, {joined}))"
            ),
        ),
        rows="release",
        columns="control",
        unit=units.PercentUnit,
        scale=ALL_IS_GOOD,
        span=24,
        alerts=(
            "DeliveryChecksumCoverageLow",
            "DeliverySignatureCoverageLow",
            "DeliveryProvenanceCoverageLow",
        ),
    )


def _coverage(scope: Scope, by: str) -> str:
    covered_files = scope.series(series.RELEASE_COVERED)
    files = scope.series(series.RELEASE_ASSETS)
    return (
        f"max by ({by}, control) ({covered_files})\n"
        f"/ on ({by}) group_left () (max by ({by}) ({files}) > 0)"
    )
