"""Every observation to every sink, a few at a time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from probe.domain.observation import Observation
from probe.ports import Sink, Ticker

_log = structlog.get_logger(__name__)

GATHER_SECONDS = 0.1
# Half a millisecond of work, so that nobody who waits for the loop notices.
MOST_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Listener:
    """A sink that calls a function."""

    on_observation: Callable[[Observation], None]

    def record(self, observation: Observation) -> None:
        """Call the function with *observation*."""
        self.on_observation(observation)


class Fanout:
    """
    A sink that passes on to all others, in order, within a tenth of a second.

    Between two probes the caches of the processor go cold: a sink that is given several
    observations in a row costs a third of what it costs with one (docs/adr/0020-batches.md).
    """

    def __init__(self, sinks: Sequence[Sink], ticker: Ticker) -> None:
        self._sinks = list(sinks)
        self._ticker = ticker
        self._waiting: list[Observation] = []
        self._armed = False

    @contextmanager
    def listening(self, sink: Sink) -> Iterator[None]:
        """Let *sink* record too, for a while."""
        self.flush()
        self._sinks.append(sink)
        try:
            yield
        finally:
            self.flush()
            self._sinks.remove(sink)

    def record(self, observation: Observation) -> None:
        """Let every sink record *observation*, with those that come soon after it."""
        self._waiting.append(observation)
        if len(self._waiting) >= MOST_AT_ONCE:
            self.flush()
        elif not self._armed:
            self._armed = True
            self._ticker.later(GATHER_SECONDS, self._gathered)

    def flush(self) -> None:
        """Pass on what waits, now."""
        observations, self._waiting = self._waiting, []
        for sink in self._sinks:
            for observation in observations:
                # One broken sink must not starve the others.
                try:
                    sink.record(observation)
                except Exception:  # noqa: BLE001 - a sink's boundary
                    _log.exception("sink failed", sink=type(sink).__name__, probe=observation.id)

    def _gathered(self) -> None:
        self._armed = False
        self.flush()
