"""delivery-integrity: whether the bytes that are served are the ones that were published."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.board import Board, Row
from dashboards.charts import Counts, Lines, Stat
from dashboards.held import controls
from dashboards.kpis import figure
from dashboards.links import label, to_probe
from dashboards.panel import Panel
from dashboards.scale import NONE_IS_GOOD
from dashboards.tables import Column, Table
from probe import series

_SCOPE = Scope(("probe_region", "product", "channel", "endpoint"))
_TRAINS = Scope(("product", "channel"))

# Other bytes than the published ones, and bodies that cannot be them.
_WRONG = "checksum_mismatch|stale"
_BROKEN = "truncated|size_mismatch|wrong_content"

_FULL = _SCOPE.series(series.DOWNLOAD_ATTEMPTS, 'depth="full"')
_PAIR = "product, channel, endpoint, probe_region"
_LAST = to_probe(
    "The last of them",
    "/api/v1/observations",
    endpoint=label("endpoint"),
    reason=label("reason"),
)


def integrity() -> Board:
    """Return the dashboard."""
    return Board(
        uid="delivery-integrity",
        title="Integrity",
        says="Whether the bytes that are served are the ones that were published. Only downloads "
        "that are read in full prove it.",
        scope=_SCOPE,
        rows=(
            Row("Status", (*_coverage(), *_status())),
            Row("Wrong bytes", (_other(), _broken(), _where())),
            Row("What was proven", (controls(_SCOPE), _proven(), _verified())),
        ),
        span="7d",
    )


def _failures(reasons: str) -> str:
    return _SCOPE.series(series.DOWNLOAD_FAILURES, f'reason=~"{reasons}"')


def _coverage() -> tuple[Panel, ...]:
    return (
        figure("checksum_coverage", _TRAINS, "Right checksums, 30 d", span=6),
        figure("signature_coverage", _TRAINS, "Verified signatures, 30 d", span=6),
        figure("provenance_coverage", _TRAINS, "Releases with provenance, 30 d", span=6),
        figure("verification_success", _TRAINS, "Verification success, 30 d", span=6),
    )


def _status() -> tuple[Panel, ...]:
    deferred = _SCOPE.series(series.FULL_DOWNLOADS_DEFERRED)
    return (
        Stat(
            title="Wrong checksums",
            says="Downloads in the time shown that had the right size, the wrong digest, and are "
            "of no release that is known: tampering, a second upload, or a corrupt copy.",
            asks=(Query(f"sum(increase({_failures('checksum_mismatch')}[$__range]))"),),
            decimals=0,
            span=8,
            scale=NONE_IS_GOOD,
        ),
        Stat(
            title="Stale bytes",
            says="Downloads in the time shown that were whole and good, but of an older release.",
            asks=(Query(f"sum(increase({_failures('stale')}[$__range]))"),),
            decimals=0,
            span=8,
            scale=NONE_IS_GOOD,
        ),
        Stat(
            title="Not proven today",
            says="Large files whose daily full download waits for budget.",
            asks=(Query(f"sum(max by (product, channel, endpoint) ({deferred}))"),),
            span=8,
            scale=NONE_IS_GOOD,
        ),
    )


def _other() -> Counts:
    return Counts(
        title="Other bytes, a minute",
        says="Downloads that were whole and not the published file: a wrong digest, or an older "
        "release.",
        counter=_failures(_WRONG),
        by="endpoint, reason",
        exemplars=True,
        links=(_LAST,),
        alerts=("DeliveryIntegrityMismatch",),
    )


def _broken() -> Counts:
    return Counts(
        title="Broken or foreign bodies, a minute",
        says="Downloads that ended early, were longer than published, or were a page instead of "
        "the file.",
        counter=_failures(_BROKEN),
        by="endpoint, reason",
        exemplars=True,
        links=(_LAST,),
    )


def _where() -> Table:
    by = f"{_PAIR}, reason"
    return Table(
        title="Where and from where",
        says="Downloads in the time shown that were not the published file, by place.",
        asks=(
            Query(f"sum by ({by}) (increase({_failures(f'{_WRONG}|{_BROKEN}')}[$__range])) > 0"),
        ),
        labels=by,
        columns=(Column("Downloads", units.Short, NONE_IS_GOOD, decimals=0),),
        by="Downloads",
        falling=True,
    )


def _proven() -> Lines:
    return Lines(
        title="Full downloads an hour",
        says="Attempts that read a file whole, by size: only these prove its bytes.",
        asks=(
            Query(f"3600 * sum by (size_tier) (rate({_FULL}[$__rate_interval]))", "{{size_tier}}"),
        ),
        stacked=True,
    )


def _verified() -> Lines:
    tried, wrong, prevented = (
        f"sum by ({_PAIR}) (rate({counter}[$__rate_interval]))"
        for counter in (_FULL, _failed_in_full("=~"), _failed_in_full("!~"))
    )
    return Lines(
        title="Verified, of those that could be checked",
        says="I4 verification_success over time: full downloads with the published digest, of all "
        "that were not prevented by something else.",
        asks=(Query(f"1 - {wrong}\n/ (\n  {tried}\n  - {prevented} > 0\n)", named(_PAIR)),),
        unit=units.PercentUnit,
        least=None,
        most=1,
    )


def _failed_in_full(operator: str) -> str:
    reasons = f'reason{operator}"{_WRONG}"'
    return _SCOPE.series(series.DOWNLOAD_FAILURES, 'depth="full"', reasons)
