"""The last observations, with failures kept for longer."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, islice

from probe.domain.observation import Failed, Observation


class HistorySink:
    """
    A ring of observations. Failures that leave it are kept in a ring of their own.

    What operators look for is the failure of last night, under a thousand passes since.
    """

    def __init__(self, capacity: int = 1000, failures: int = 200) -> None:
        self._recent: deque[Observation] = deque()
        self._failures: deque[Observation] = deque()
        self._by_id: dict[str, Observation] = {}
        self._capacity = capacity
        self._failures_capacity = failures

    def record(self, observation: Observation) -> None:
        """Keep one observation, without the bytes of its body."""
        kept = replace(observation, download=replace(observation.download, sample=b""))
        self._recent.append(kept)
        self._by_id[kept.id] = kept
        self._trim()

    def resize(self, capacity: int, failures: int) -> None:
        """Keep so many from now on."""
        self._capacity, self._failures_capacity = capacity, failures
        self._trim()

    def find(self, id: str) -> Observation | None:  # noqa: A002 - as Observation names it
        """Return the observation of that id, if it is still kept."""
        return self._by_id.get(id)

    def latest(
        self, limit: int, wanted: Callable[[Observation], bool] = lambda _: True
    ) -> list[Observation]:
        """Return at most *limit* observations that are *wanted*, newest first."""
        kept = chain(reversed(self._recent), reversed(self._failures))
        return list(islice(filter(wanted, kept), limit))

    def of_target(self, key: str, limit: int) -> list[Observation]:
        """Return at most *limit* observations of one target, newest first."""
        return self.latest(limit, lambda observation: observation.probe.target.key == key)

    def _trim(self) -> None:
        while len(self._recent) > self._capacity:
            observation = self._recent.popleft()
            if isinstance(observation.verdict, Failed):
                self._failures.append(observation)
            else:
                self._by_id.pop(observation.id, None)
        while len(self._failures) > self._failures_capacity:
            self._by_id.pop(self._failures.popleft().id, None)
