"""What a prober uses: its ledger, the budget of bytes, memory."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.charts import Counts, Lines
from dashboards.panel import Panel
from dashboards.scale import FEW_IS_GOOD, at_most
from probe import series

_PLACE = "product, channel, endpoint"


def resources(scope: Scope) -> tuple[Panel, ...]:
    """Return the panels of one row."""
    return (*_ledger(scope), *_budget(scope), _memory())


def _ledger(scope: Scope) -> tuple[Panel, ...]:
    written = scope.series(series.LEDGER_LAST_COMMIT)
    return (
        Lines(
            title="Time since the ledger was written",
            says="What is seen waits in memory meanwhile; the oldest is dropped when too much "
            "waits.",
            asks=(Query(f"time() - max by (instance) ({written})", "{{instance}}"),),
            unit=units.Seconds,
            scale=at_most(30, 300),
            span=8,
            alerts=("DeliveryLedgerDown",),
        ),
        Counts(
            title="Attempts that the ledger dropped, a minute",
            says="Attempts that are counted here and not there.",
            counter=scope.series(series.LEDGER_DROPPED),
            by="instance",
            zeros=True,
            span=8,
        ),
        Lines(
            title="Size of the ledger",
            says="Its files on the disk.",
            asks=(
                Query(f"max by (instance) ({scope.series(series.LEDGER_BYTES)})", "{{instance}}"),
            ),
            unit=units.BytesIEC,
            span=8,
        ),
    )


def _budget(scope: Scope) -> tuple[Panel, ...]:
    left = scope.series(series.BUDGET_REMAINING)
    deferred = scope.series(series.FULL_DOWNLOADS_DEFERRED)
    return (
        Lines(
            title="Budget left today",
            says="Bytes of body that each endpoint may still be asked for until midnight UTC.",
            asks=(Query(f"min by ({_PLACE}) ({left})", named(_PLACE)),),
            unit=units.BytesIEC,
            span=8,
            alerts=("DeliveryByteBudgetExhausted",),
        ),
        Lines(
            title="Full downloads that wait",
            says="Large files whose daily full download waits for budget.",
            asks=(Query(f"max by ({_PLACE}) ({deferred})", named(_PLACE)),),
            scale=FEW_IS_GOOD,
            span=8,
            alerts=("DeliveryFullDownloadsDeferred",),
        ),
    )


def _memory() -> Lines:
    resident = 'process_resident_memory_bytes{job=~"$job", instance=~"$instance"}'
    return Lines(
        title="Memory",
        says="Resident memory of each process.",
        asks=(Query(f"max by (instance) ({resident})", "{{instance}}"),),
        unit=units.BytesIEC,
        span=8,
    )
