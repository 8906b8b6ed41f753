"""Every observation to every sink."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from probe.domain.observation import Observation
from probe.ports import Sink

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listener:
    """A sink that calls a function."""

    on_observation: Callable[[Observation], None]

    def record(self, observation: Observation) -> None:
        """Call the function with *observation*."""
        self.on_observation(observation)


class Fanout:
    """A sink that passes on to all others."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        self._sinks = list(sinks)

    @contextmanager
    def listening(self, sink: Sink) -> Iterator[None]:
        """Let *sink* record too, for a while."""
        self._sinks.append(sink)
        try:
            yield
        finally:
            self._sinks.remove(sink)

    def record(self, observation: Observation) -> None:
        """Let every sink record *observation*."""
        for sink in self._sinks:
            # One broken sink must not starve the others.
            try:
                sink.record(observation)
            except Exception:  # noqa: BLE001 - a sink's boundary
                _log.exception("sink failed", sink=type(sink).__name__, probe=observation.id)
