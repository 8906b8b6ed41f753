"""Gauges that are worked out as a whole: what is left out of the next whole is removed."""

from collections.abc import Mapping

from probe.ports import Metrics
from probe.series import Metric

Shown = Mapping[tuple[Metric, tuple[str, ...]], float]


class Board:
    """Shows gauges by owner, such as one release; each owner's are replaced together."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._shown: dict[tuple[str, ...], Shown] = {}

    def show(self, owner: tuple[str, ...], gauges: Shown) -> None:
        """Show *gauges* as all there is of *owner*; those that stay are not set anew."""
        before = self._shown.get(owner, {})
        for (metric, labels), value in gauges.items():
            if before.get((metric, labels)) != value:
                self._metrics.set(metric, labels, value)
        for metric, labels in before.keys() - gauges.keys():
            self._metrics.remove(metric, labels)
        if gauges:
            self._shown[owner] = gauges
        else:
            self._shown.pop(owner, None)
