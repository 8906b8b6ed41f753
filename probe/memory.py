"""What a process remembers over restarts: the ledger, and the sinks that live by it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from probe.domain.artifact import Release
from probe.domain.depth import LastFull
from probe.domain.evidence import Entry, IndexDigest
from probe.domain.remembered import RememberedIncidents, RememberedRollouts
from probe.domain.snapshot import ProductKey
from probe.domain.target import Product
from probe.domain.watch import origins_of
from probe.engine.assignment import Assignment
from probe.engine.markers import MarkerWatch, posts_of
from probe.evidence import Ledger, LedgerSeries
from probe.evidence.remembering import (
    remember_digests,
    remember_incidents,
    remember_last_full,
    remember_rollouts,
)
from probe.ports import Clock, EvidenceUnavailable, Fetcher, Metrics, Sink, TargetSink, Ticker
from probe.process import Process
from probe.settings import Settings
from probe.sinks import (
    CacheSink,
    IncidentSink,
    LedgerSink,
    MarkerSink,
    Reception,
    Register,
    RolloutSink,
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recollection:
    """What the ledger held when the process began."""

    releases: Mapping[ProductKey, tuple[Release, ...]]
    last_full: Mapping[str, LastFull]
    rollouts: RememberedRollouts
    incidents: RememberedIncidents
    digests: tuple[IndexDigest, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What memory works with."""

    clock: Clock
    metrics: Metrics
    fetcher: Fetcher
    ticker: Ticker


@dataclass(frozen=True, slots=True)
class Memory:
    """
    A ledger that is written, and what it feeds.

    ``releases``, and by key of target the ``last_full`` download, are from earlier processes.
    ``book`` keeps what catalogs list.
    """

    releases: Mapping[ProductKey, tuple[Release, ...]]
    last_full: Mapping[str, LastFull]
    reception: Reception
    book: LedgerSink
    _ledger: Ledger
    _status: LedgerSeries
    _rollouts: RolloutSink
    _register: Register
    _incidents: IncidentSink
    _markers: MarkerSink
    _caches: CacheSink
    _watch: MarkerWatch

    @property
    def trouble(self) -> str:
        """Return why the ledger is not written; empty while it is."""
        status = self._ledger.status
        return "" if status.up else status.detail

    @property
    def sinks(self) -> Sequence[Sink]:
        """Return who is to hear of each observation."""
        return (self.book, self._rollouts, self._incidents, self._caches)

    @property
    def target_sinks(self) -> Sequence[TargetSink]:
        """Return who is to hear of each plan."""
        return (self.book, self._rollouts, self._incidents)

    def reassign(self, assignment: Assignment, settings: Settings) -> None:
        """Take what the configuration asks for."""
        products = assignment.products
        self.reception.products = {product.key: product for product in products}
        self._rollouts.elsewhere = settings.elsewhere
        self.book.regions, self.book.elsewhere = assignment.regions, settings.elsewhere
        self._incidents.policy, self._incidents.weights = settings.incidents, settings.weights
        self._register.merge = settings.incidents.merge
        self._ledger.bound(settings.ledger)
        posts = posts_of(products, assignment.regions, assignment.auths)
        places = [
            (each.product, each.channel, each.endpoint.name, each.region.name) for each in posts
        ]
        origins = [
            (*product.key, origin.name) for product in products for origin in origins_of(product)
        ]
        self._markers.reassign(places, origins)
        self._watch.reassign(posts)

    async def keep(self, entry: Entry) -> bool:
        """Come back with whether *entry* is on the disk; if not, it is written later."""
        return await self._ledger.keep(entry)

    async def tick(self) -> None:
        """Keep and show what time alone has changed; to be called about once a second."""
        self._incidents.tick()
        self._rollouts.tick()
        self._markers.tick()
        self._status.show(self._ledger.status, self._ledger.dropped)

    async def close(self) -> None:
        """Keep what is not kept yet, and end."""
        self._incidents.tick()
        await asyncio.to_thread(self._ledger.close)


@asynccontextmanager
async def remembering(
    process: Process, around: Surroundings, settings: Settings
) -> AsyncIterator[Memory]:
    """
    Keep a ledger in the data directory until the context ends, and go on from what it holds.

    Without one (a full disk, a newer schema) everything goes on, and the metrics say so.
    """
    clock, metrics = around.clock, around.metrics
    products = [each.product for each in settings.products]
    ledger = Ledger(process.data_dir, clock, settings.ledger)
    rollouts = RolloutSink(metrics, clock)
    register = Register(
        metrics, clock, ledger, settings.incidents.merge, counts=process.role.controls
    )
    incidents = IncidentSink(register, clock, ledger, settings.incidents, settings.weights)
    markers = MarkerSink(metrics, clock, ledger, rollouts)
    ledger.start(rollouts.sighted)
    # What an earlier schema holds can be read once the writer has brought it up to date.
    await ledger.flush()
    recalled = await asyncio.to_thread(_recall, ledger, clock, products)
    book = LedgerSink(ledger, clock)
    book.restore(recalled.releases)
    rollouts.restore(recalled.rollouts)
    incidents.restore(recalled.incidents)
    markers.restore(recalled.digests, recalled.rollouts.sightings)
    memory = Memory(
        recalled.releases,
        recalled.last_full,
        Reception(ledger, register, rollouts),
        book,
        ledger,
        LedgerSeries(metrics),
        rollouts,
        register,
        incidents,
        markers,
        CacheSink(ledger, clock),
        MarkerWatch(around.fetcher, clock, around.ticker, markers.take),
    )
    try:
        yield memory
    finally:
        await memory.close()


def _recall(ledger: Ledger, clock: Clock, products: Sequence[Product]) -> Recollection:
    keys, now = [product.key for product in products], clock.now()
    names = {
        (*product.key, endpoint.marker.name)
        for product in products
        for endpoint in product.endpoints
        if endpoint.marker is not None
    }
    try:
        with ledger.reading() as reading:
            return Recollection(
                {key: reading.remembered_releases(*key) for key in keys},
                remember_last_full(reading, keys, now),
                remember_rollouts(reading, keys),
                remember_incidents(reading, keys, now),
                remember_digests(reading, names),
            )
    except EvidenceUnavailable as fault:
        _log.warning("nothing is remembered", fault=str(fault), ledger=ledger.status.detail)
        return Recollection({}, {}, RememberedRollouts(), RememberedIncidents(), ())
