"""What is asked, as series, so that alerts and dashboards hold what is seen against it."""

from collections.abc import Iterable, Mapping, Sequence

from probe import series
from probe.domain.gate import Objective, Source
from probe.domain.quantity import duration
from probe.domain.snapshot import ProductKey
from probe.kpi import BY_NAME, Unit
from probe.ports import Metrics
from probe.series import Metric
from probe.sinks.board import Board

Gauges = dict[tuple[Metric, tuple[str, ...]], float]

_BY_UNIT: Mapping[Unit, Metric] = {
    Unit.RATIO: series.SLO_TARGET_RATIO,
    Unit.SECONDS: series.SLO_TARGET_SECONDS,
    Unit.COUNT: series.SLO_TARGET_NUMBER,
}


class ObjectiveSeries:
    """Shows the objectives that are in force."""

    def __init__(self, metrics: Metrics) -> None:
        self._board = Board(metrics)
        self._products: frozenset[ProductKey] = frozenset()

    def show(
        self,
        objectives: Mapping[ProductKey, Sequence[Objective]],
        source: Source = Source.LEDGER,
    ) -> None:
        """Show the objectives of every product as all there are, and where KPIs are read."""
        for gone in self._products - objectives.keys():
            self._board.show(gone, {})
        for key, asked in objectives.items():
            self._board.show(key, gauges_of(key, asked, source))
        self._products = frozenset(objectives)


def gauges_of(key: ProductKey, objectives: Iterable[Objective], source: Source) -> Gauges:
    """Return the gauges of what is asked of one product on one channel."""
    gauges: Gauges = {}
    for each in objectives:
        kpi = BY_NAME[each.kpi]
        cadence = duration(each.cadence.total_seconds())
        about = (each.owner, source.value if kpi.headline else "none", cadence)
        gauges[_BY_UNIT[kpi.unit], (*key, each.kpi)] = float(each.target)
        gauges[series.KPI_INFO, (*key, each.kpi, *about)] = 1.0
    return gauges
