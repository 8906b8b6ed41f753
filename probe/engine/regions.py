"""What the engine shows of itself, by region."""

from collections.abc import Iterable, Mapping

from probe.domain.schedule import SkipReason
from probe.domain.target import Region
from probe.engine.permits import Permits
from probe.ports import Metrics
from probe.series import (
    PROBE_LATE,
    PROBE_SKIPPED,
    PROBE_START_DELAY,
    PROBER_LAST_CYCLE,
    PROBES_IN_FLIGHT,
    TARGETS,
)


class RegionSeries:
    """Keeps the series of each region; those of a region that is gone go."""

    def __init__(self, metrics: Metrics, permits: Permits) -> None:
        self._metrics = metrics
        self._permits = permits
        self._names: tuple[str, ...] = ()

    def retarget(self, regions: Iterable[Region]) -> None:
        """Take the regions there are."""
        before, self._names = self._names, tuple(region.name for region in regions)
        for name in set(before) - set(self._names):
            self._forget(name)
        for name in self._names:
            self._metrics.inc(PROBE_LATE, (name,), 0)
            for reason in SkipReason:
                self._metrics.inc(PROBE_SKIPPED, (name, reason), 0)

    def count(self, targets: Mapping[str, int]) -> None:
        """Show how many targets each region has."""
        for name in self._names:
            self._metrics.set(TARGETS, (name,), float(targets.get(name, 0)))

    def show(self, now: float) -> None:
        """Show that what was due was dispatched, at *now* (epoch), and what is under way."""
        for name in self._names:
            self._metrics.set(PROBER_LAST_CYCLE, (name,), now)
            self._metrics.set(PROBES_IN_FLIGHT, (name,), float(self._permits.in_flight(name)))

    def _forget(self, name: str) -> None:
        for series in (PROBE_LATE, PROBE_START_DELAY, PROBER_LAST_CYCLE, PROBES_IN_FLIGHT, TARGETS):
            self._metrics.remove(series, (name,))
        for reason in SkipReason:
            self._metrics.remove(PROBE_SKIPPED, (name, reason))
