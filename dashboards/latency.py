"""delivery-latency: how long downloads take, where the time goes, and whether large ones arrive."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.board import Board, Row
from dashboards.charts import Bars, Heat, Lines, Stat
from dashboards.kpis import figure
from dashboards.panel import Panel
from dashboards.scale import at_least, at_most, scale_of
from dashboards.tables import Column, Table
from probe import series
from probe.kpi.attempts import FAST_SECONDS

_SCOPE = Scope(("probe_region", "product", "channel", "endpoint", "size_tier"))
# What is recorded for a whole product knows no endpoint and no size.
_TRAINS = Scope(("product", "channel"))

_PLACE = "product, channel, endpoint, probe_region"
_DURATION = "delivery:download_duration_seconds"
_SLOW = at_most(FAST_SECONDS)
_ARRIVES = scale_of("transfer_success")


def latency() -> Board:
    """Return the dashboard."""
    return Board(
        uid="delivery-latency",
        title="Latency and throughput",
        says="How long downloads take and where the time goes, by size of file; and whether large "
        "files arrive as surely as small ones.",
        scope=_SCOPE,
        rows=(
            Row("Status", _status()),
            Row("Latency", (_quantile(0.95), _quantile(0.5), _heat(), _tiers(), _by_size())),
            Row("Phases", _phases()),
            Row("Throughput and size", _sizes()),
        ),
        span="6h",
    )


def _status() -> tuple[Panel, ...]:
    fast = _TRAINS.recorded("delivery:download_fast_overall:ratio_30d")
    return (
        figure("download_latency", _TRAINS, "95 % within, 1 d", span=8),
        Stat(
            title=f"Within {FAST_SECONDS} s, 30 d",
            says=f"Full downloads that were verified within {FAST_SECONDS} s, of all that were "
            "tried.",
            asks=(Query(fast, "{{product}} {{channel}}"),),
            unit=units.PercentUnit,
            decimals=2,
            span=8,
            scale=at_least(0.95),
        ),
        figure("transfer_success", _TRAINS, "Transfers of the worst tier, 30 d", span=8),
    )


def _buckets(by: str) -> str:
    buckets = _SCOPE.series(series.DOWNLOAD_DURATION, part="_bucket")
    return f"sum by ({by}) (rate({buckets}[$__rate_interval]))"


def _quantile(fraction: float) -> Lines:
    return Lines(
        title=f"{fraction * 100:g} % of downloads stay within",
        says="From the start of a full download to its last byte, of verified ones; by pair. "
        "Exemplars lead to the record of one probe.",
        asks=(
            Query(
                f"histogram_quantile(\n  {fraction:g}, {_buckets(f'{_PLACE}, le')}\n)",
                named(_PLACE),
                exemplars=True,
            ),
        ),
        unit=units.Seconds,
        scale=_SLOW,
    )


def _heat() -> Heat:
    buckets = _SCOPE.series(series.DOWNLOAD_DURATION, part="_bucket")
    return Heat(
        title="Durations of full downloads",
        says="How many verified downloads took how long.",
        asks=(
            Query(f"sum by (le) (increase({buckets}[$__rate_interval]))", "{{le}}", exemplars=True),
        ),
        unit=units.Seconds,
    )


def _by_size() -> Table:
    by = f"{_PLACE}, size_tier"
    return Table(
        title="By pair and size",
        says="P3 and P4 by pair and size of file: what half and 95 % of downloads of a day stay "
        f"within, and the shares of 30 days that were verified, and verified in {FAST_SECONDS} s.",
        asks=(
            Query(f"max by ({by}) ({_SCOPE.recorded(f'{_DURATION}:p95_1d')})"),
            Query(f"max by ({by}) ({_SCOPE.recorded(f'{_DURATION}:p50_1d')})"),
            Query(f"min by ({by}) ({_SCOPE.recorded('delivery:transfer_success:ratio_30d')})"),
            Query(f"min by ({by}) ({_SCOPE.recorded('delivery:download_fast:ratio_30d')})"),
        ),
        labels=by,
        columns=(
            Column("95 % within", units.Seconds, _SLOW),
            Column("50 % within", units.Seconds, _SLOW),
            Column("Verified", units.PercentUnit, _ARRIVES, decimals=2),
            Column(f"In {FAST_SECONDS} s", units.PercentUnit, decimals=2),
        ),
        by="95 % within",
        falling=True,
    )


def _tiers() -> Lines:
    return Lines(
        title="95 % of downloads stay within, by size",
        says="Of verified full downloads, by size of file: below 1 MiB, 10 MiB, 100 MiB, 1 GiB, "
        "and above.",
        asks=(
            Query(
                f"histogram_quantile(\n  0.95, {_buckets('size_tier, le')}\n)",
                "{{size_tier}}",
                exemplars=True,
            ),
        ),
        unit=units.Seconds,
    )


def _phases() -> tuple[Panel, ...]:
    by = "endpoint_kind, probe_region, phase"
    total = _SCOPE.series(series.DOWNLOAD_PHASE, part="_sum")
    count = _SCOPE.series(series.DOWNLOAD_PHASE, part="_count")
    buckets = _SCOPE.series(series.DOWNLOAD_PHASE, part="_bucket")
    return (
        Lines(
            title="Where the time goes",
            says="Mean time in each phase, of the attempts that reached it, one on the other; of "
            "all products and endpoints: phases are kept by kind of endpoint.",
            asks=(
                Query(
                    f"sum by (phase) (rate({total}[$__rate_interval]))\n"
                    f"/ (sum by (phase) (rate({count}[$__rate_interval])) > 0)",
                    "{{phase}}",
                ),
            ),
            unit=units.Seconds,
            stacked=True,
        ),
        Lines(
            title="95 % of attempts stay within, by phase",
            says="Time in each phase that an attempt reached, whatever came of it, by kind of "
            "endpoint and region.",
            asks=(
                Query(
                    "histogram_quantile(\n  0.95, "
                    f"sum by ({by}, le) (rate({buckets}[$__rate_interval]))\n)",
                    "{{phase}} {{endpoint_kind}} {{probe_region}}",
                    exemplars=True,
                ),
            ),
            unit=units.Seconds,
        ),
    )


# Phases are kept by kind of endpoint, so bytes are set against them for all products alike.
_KINDS = Scope(("probe_region",))


def _sizes() -> tuple[Panel, ...]:
    received = _SCOPE.series(series.DOWNLOAD_BYTES)
    of_kind = _KINDS.series(series.DOWNLOAD_BYTES)
    transfers = _KINDS.series(series.DOWNLOAD_PHASE, 'phase="transfer"', part="_sum")
    return (
        Bars(
            title="Transfers by size, 30 d",
            says="P4 transfer_success: full downloads that were verified, of all that were tried, "
            "by size of file. Below 1 MiB, 10 MiB, 100 MiB, 1 GiB, and above.",
            asks=(
                Query(
                    "min by (size_tier) "
                    f"({_SCOPE.recorded('delivery:transfer_success_by_tier:ratio_30d')})",
                    "{{size_tier}}",
                ),
            ),
            unit=units.PercentUnit,
            decimals=2,
            most=1,
            span=8,
            scale=_ARRIVES,
        ),
        Lines(
            title="Bytes received",
            says="What attempts downloaded, whatever came of them.",
            asks=(
                Query(
                    f"sum by (endpoint, size_tier) (rate({received}[$__rate_interval]))",
                    "{{endpoint}} {{size_tier}}",
                ),
            ),
            unit=units.BytesPerSecondIEC,
            stacked=True,
            span=8,
        ),
        Lines(
            title="Throughput of a transfer",
            says="Bytes received for each second that attempts spent in the phase transfer, by "
            "kind of endpoint and of all products.",
            asks=(
                Query(
                    f"sum by (endpoint_kind) (rate({of_kind}[$__rate_interval]))\n"
                    f"/ (sum by (endpoint_kind) (rate({transfers}[$__rate_interval])) > 0)",
                    "{{endpoint_kind}}",
                ),
            ),
            unit=units.BytesPerSecondIEC,
            span=8,
        ),
    )
