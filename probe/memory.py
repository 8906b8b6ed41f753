"""What a process remembers over restarts: the ledger, and the sinks that live by it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from probe.domain.artifact import Release
from probe.domain.remembered import RememberedIncidents, RememberedRollouts
from probe.domain.snapshot import ProductKey
from probe.evidence import Ledger, LedgerSeries
from probe.evidence.remembering import remember_incidents, remember_rollouts
from probe.ports import Clock, EvidenceUnavailable, Metrics, Sink, TargetSink
from probe.sinks import IncidentSink, LedgerSink, Register, RolloutSink

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recollection:
    """What the ledger held when the process began."""

    releases: Mapping[ProductKey, tuple[Release, ...]]
    rollouts: RememberedRollouts
    incidents: RememberedIncidents


@dataclass(frozen=True, slots=True)
class Memory:
    """A ledger that is written, and what it feeds. ``releases`` were known before this process."""

    releases: Mapping[ProductKey, tuple[Release, ...]]
    _ledger: Ledger
    _status: LedgerSeries
    _book: LedgerSink
    _rollouts: RolloutSink
    _incidents: IncidentSink

    @property
    def sinks(self) -> Sequence[Sink]:
        """Return who is to hear of each observation."""
        return (self._book, self._rollouts, self._incidents)

    @property
    def target_sinks(self) -> Sequence[TargetSink]:
        """Return who is to hear of each plan."""
        return (self._book, self._rollouts, self._incidents)

    async def tick(self) -> None:
        """Keep and show what time alone has changed; to be called about once a second."""
        self._incidents.tick()
        self._rollouts.tick()
        self._status.show(self._ledger.status, self._ledger.dropped)


@asynccontextmanager
async def remembering(
    directory: Path,
    clock: Clock,
    metrics: Metrics,
    products: Sequence[ProductKey],
    elsewhere: Sequence[str] = (),
) -> AsyncIterator[Memory]:
    """
    Keep a ledger in *directory* until the context ends, and go on from what it holds.

    Without one (a full disk, a newer schema) everything goes on, and the metrics say so.
    *elsewhere* names the regions that other processes probe from.
    """
    ledger = Ledger(directory, clock)
    rollouts = RolloutSink(metrics, clock, elsewhere)
    register = Register(metrics, clock, ledger)
    incidents = IncidentSink(register, clock, ledger)
    ledger.start(rollouts.sighted)
    try:
        # What an earlier schema holds can be read once the writer has brought it up to date.
        await ledger.flush()
        recalled = await asyncio.to_thread(_recall, ledger, clock, products)
        rollouts.restore(recalled.rollouts)
        incidents.restore(recalled.incidents)
        status = LedgerSeries(metrics)
        book = LedgerSink(ledger, clock)
        yield Memory(recalled.releases, ledger, status, book, rollouts, incidents)
    finally:
        await asyncio.to_thread(ledger.close)


def _recall(ledger: Ledger, clock: Clock, products: Sequence[ProductKey]) -> Recollection:
    try:
        with ledger.reading() as reading:
            return Recollection(
                {key: reading.remembered_releases(*key) for key in products},
                remember_rollouts(reading, products),
                remember_incidents(reading, products, clock.now()),
            )
    except EvidenceUnavailable as fault:
        _log.warning("nothing is remembered", fault=str(fault), ledger=ledger.status.detail)
        return Recollection({}, RememberedRollouts(), RememberedIncidents())
