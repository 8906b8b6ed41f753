"""What the configuration says and rules reckon with, as series."""

from collections.abc import Mapping, Sequence

from probe import series
from probe.domain.gate import Objective, Source
from probe.domain.snapshot import ProductKey
from probe.ports import Metrics
from probe.sinks.board import Board, Shown
from probe.sinks.objectives import ObjectiveSeries


class ConfiguredSeries:
    """Shows what is in force; what a reload took away goes."""

    def __init__(self, metrics: Metrics) -> None:
        self._objectives = ObjectiveSeries(metrics)
        self._board = Board(metrics)

    def show(
        self,
        objectives: Mapping[ProductKey, Sequence[Objective]],
        weights: Mapping[str, float],
        source: Source = Source.LEDGER,
    ) -> None:
        """Show what is asked of every product, by whom it is read, and users' shares by region."""
        self._objectives.show(objectives, source)
        shown: Shown = {
            (series.REGION_WEIGHT, (region,)): share for region, share in weights.items()
        }
        self._board.show(("weights",), shown)
