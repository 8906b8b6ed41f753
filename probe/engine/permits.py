"""How much may be under way at once: in all, from one region, there at one host, and in bulk."""

from collections import Counter
from dataclasses import dataclass

from probe.domain.depth import Weight


@dataclass(frozen=True, slots=True)
class Concurrency:
    """
    The most probes under way at once, and the most that may wait for one host.

    What holds for a host holds for each region apart: a way out that hangs delays no other region.
    """

    total: int = 200
    per_host: int = 10
    per_region: int = 100
    bulk: int = 2
    queued_per_host: int = 1000


class Permits:
    """Counts what is under way. Whoever waits holds nothing."""

    def __init__(self, limits: Concurrency) -> None:
        self.limits = limits
        self._total = 0
        self._bulk = 0
        self._hosts: Counter[tuple[str, str]] = Counter()
        self._regions: Counter[str] = Counter()

    @property
    def exhausted(self) -> bool:
        """Tell whether nobody at all can start."""
        return self._total >= self.limits.total

    def take(self, host: str, region: str, weight: Weight) -> bool:
        """Take one permit of each kind, or none at all."""
        limits = self.limits
        bulk = weight is Weight.BULK
        if (
            self._total >= limits.total
            or self._hosts[host, region] >= limits.per_host
            or self._regions[region] >= limits.per_region
            or (bulk and self._bulk >= limits.bulk)
        ):
            return False
        self._move(host, region, 1, bulk=bulk)
        return True

    def give_back(self, host: str, region: str, weight: Weight) -> None:
        """Give back what ``take`` took."""
        self._move(host, region, -1, bulk=weight is Weight.BULK)
        if not self._hosts[host, region]:
            del self._hosts[host, region]

    def in_flight(self, region: str) -> int:
        """Return how many probes are under way from *region*."""
        return self._regions[region]

    def _move(self, host: str, region: str, step: int, *, bulk: bool) -> None:
        self._total += step
        self._hosts[host, region] += step
        self._regions[region] += step
        if bulk:
            self._bulk += step
