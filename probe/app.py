"""The composition root: settings become objects, and objects are started, reloaded and drained."""

import hashlib
import platform
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import unquote

import structlog

from probe import __version__, rulings
from probe.answers import ReleaseAnswers, Sources, releases_known, unfounded
from probe.answers.pages import Live, PageAnswers, WideAnswers
from probe.clock import SystemClock
from probe.control import CatalogFacts, Known, Means, Papers
from probe.decisions import Decisions
from probe.domain.artifact import Artifact, AssetClass, Digest, Release
from probe.domain.fault import Fault
from probe.domain.link import Link
from probe.domain.observation import Observation
from probe.domain.target import Depth, Endpoint, EndpointKind, Limits, Probe, Region, Target
from probe.engine.assignment import Assignment, Seams
from probe.engine.engine import Engine
from probe.engine.planning import Shard
from probe.engine.refresh import Feed
from probe.engine.ticker import ApschedulerTicker
from probe.entrances import listening
from probe.exposition import Exposer, SeriesStore, render_one
from probe.gallery import gallery_of
from probe.memory import Memory, Surroundings, remembering
from probe.ports import Clock, Documents, Sink
from probe.process import Process
from probe.reloading import Read, Reloader, ReloadSeries
from probe.series import BUILD_INFO
from probe.settings import ConfiguredProduct, Promise, Settings, WebConfig
from probe.sinks import ConfiguredSeries, FactSeries, HistorySink, LogSink, MetricsSink
from probe.transport import open_documents, open_transport
from probe.web import Site, Writing

_log = structlog.get_logger(__name__)

_EXPIRY_SECONDS = 5.0
_MEMORY_SECONDS = 1.0


class Feeds:
    """Builds the sources of products, and keeps those whose options stay as they are."""

    def __init__(self, documents: Documents, metrics: SeriesStore, clock: Clock) -> None:
        self._documents = documents
        self._metrics = metrics
        self._clock = clock
        self._built: Mapping[tuple[str, str], tuple[ConfiguredProduct, Feed]] = {}

    def of(self, products: Sequence[ConfiguredProduct]) -> tuple[Feed, ...]:
        """Return one feed for each product."""
        self._built = {each.product.key: (each, self._feed(each)) for each in products}
        return tuple(feed for _, feed in self._built.values())

    def _feed(self, wanted: ConfiguredProduct) -> Feed:
        before, feed = self._built.get(wanted.product.key, (None, None))
        name, channel = wanted.product.key
        # A source that stays remembers entity tags and rate limits.
        source = (
            feed.source
            if feed is not None and before is not None and before.source == wanted.source
            else wanted.source.build(
                name,
                channel,
                documents=self._documents,
                metrics=self._metrics,
                clock=self._clock,
            )
        )
        return Feed(wanted.product, source, wanted.source.kind, wanted.refresh_seconds)


@dataclass(frozen=True, slots=True)
class Outfit:
    """What one process works with, whatever it is asked to do."""

    clock: SystemClock
    store: SeriesStore
    history: HistorySink
    ticker: ApschedulerTicker
    metrics_sink: MetricsSink
    engine: Engine
    feeds: Feeds
    configured: ConfiguredSeries
    memory: Memory | None
    facts: CatalogFacts | None

    async def reassign(self, process: Process, settings: Settings) -> None:
        """Do what *settings* say from here on."""
        assigned = assignment(process, settings, self.feeds)
        if self.memory is not None:
            self.memory.reassign(assigned, settings)
        self.configured.show(settings.objectives, settings.weights, settings.source)
        if self.facts is not None:
            self.facts.reassign(settings.products, _known(process, settings))
        await self.engine.reassign(assigned)


@asynccontextmanager
async def outfit(
    process: Process, settings: Settings, sinks: Sequence[Sink] = (), *, remember: bool = False
) -> AsyncIterator[Outfit]:
    """
    Build everything that probes what *settings* say; *sinks* hear of each observation too.

    With *remember*, what is seen is kept in the data directory, and what was kept there is known.
    """
    clock = SystemClock()
    store = SeriesStore(clock)
    history = HistorySink(settings.history_observations, settings.history_failures)
    metrics_sink = MetricsSink(store, clock)
    ticker = ApschedulerTicker(clock, store)
    async with AsyncExitStack() as stack:
        transport = await stack.enter_async_context(open_transport(clock))
        documents = await stack.enter_async_context(open_documents())
        memory = facts = None
        if remember:
            around = Surroundings(clock, store, transport.fetcher, ticker)
            memory = await stack.enter_async_context(remembering(process, around, settings))
        if memory and process.role.controls:
            papers = Papers(documents, clock, memory.keep)
            series = FactSeries(store, starts=not process.role.probes)
            means = Means(memory.keep, papers, series)
            facts = CatalogFacts(means, clock, ticker, _known(process, settings))
            facts.reassign(settings.products, _known(process, settings))
            stack.push_async_callback(facts.close)
        feeds = Feeds(documents, store, clock)
        seams = Seams(
            fetcher=transport.fetcher,
            resolver=transport.resolver,
            clock=clock,
            metrics=store,
            ticker=ticker,
            sinks=(metrics_sink, history, *(memory.sinks if memory else ()), *sinks),
            target_sinks=(metrics_sink, *(memory.target_sinks if memory else ())),
            catalog_sinks=(*((memory.book,) if memory else ()), *((facts,) if facts else ())),
        )
        assigned = assignment(process, settings, feeds)
        engine = Engine(seams, assigned)
        if memory:
            engine.remember(memory.releases, memory.last_full)
            memory.reassign(assigned, settings)
            ticker.every("memory", _MEMORY_SECONDS, memory.tick)
        configured = ConfiguredSeries(store)
        configured.show(settings.objectives, settings.weights, settings.source)
        yield Outfit(
            clock, store, history, ticker, metrics_sink, engine, feeds, configured, memory, facts
        )


def _known(process: Process, settings: Settings) -> Known:
    return partial(releases_known, Sources(process.data_dir, settings.prometheus))


def assignment(process: Process, settings: Settings, feeds: Feeds) -> Assignment:
    """Return what the engine is to do by *settings*."""
    return Assignment(
        feeds=feeds.of(settings.products),
        regions=settings.regions,
        auths={
            (*each.product.key, endpoint): auth
            for each in settings.products
            for endpoint, auth in each.auth.items()
        },
        controls=settings.control_targets,
        concurrency=settings.concurrency,
        bytes_per_day=settings.bytes_per_day,
        shard=Shard(process.shard, process.total_shards),
    )


@dataclass(frozen=True, slots=True)
class Status:
    """How the service stands, as its pages tell it."""

    engine: Engine
    reloader: Reloader

    def ready(self) -> bool:
        """Tell whether a catalog was read."""
        return self.engine.ready

    def regions(self) -> Sequence[str]:
        """Return the names of the regions that are probed from."""
        return [region.name for region in self.reloader.settings.regions]

    def targets(self) -> Sequence[Target]:
        """Return the whole plan."""
        return self.engine.targets


@dataclass(frozen=True, slots=True)
class Running:
    """A service that probes and listens; ``url`` is where."""

    url: str
    reload: Reloader


@asynccontextmanager
async def running(
    process: Process,
    settings: Settings,
    read: Read,
    sinks: Sequence[Sink] = (),
    web: WebConfig = WebConfig(),
) -> AsyncIterator[Running]:
    """
    Probe and serve until the context ends, then drain.

    Raises:
        CannotListen: the address is not to be had.
    """
    log_sink = LogSink(structlog.get_logger("probe").bind())
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(
            outfit(process, settings, (log_sink, *sinks), remember=True)
        )
        parts.store.set(BUILD_INFO, (__version__, platform.python_version()))
        reloader = _reloader(process, settings, read, parts)
        await reloader.begin()
        exposer = Exposer(parts.store, parts.clock)
        stack.push_async_callback(exposer.close)
        regions = Status(parts.engine, reloader).regions
        wide = WideAnswers(_sources(process, reloader), regions, parts.clock)
        stack.push_async_callback(wide.close)
        site = _site(process, parts, reloader, exposer, wide)
        url = await stack.enter_async_context(listening(process, site, web, parts.ticker))
        parts.ticker.every("expire", _EXPIRY_SECONDS, _expiry(parts.metrics_sink))
        _hold(process, parts, reloader)
        parts.engine.start()
        stack.push_async_callback(parts.engine.drain, process.drain)
        yield Running(url, reloader)
        _log.info("draining", seconds=process.drain)


def _reloader(process: Process, settings: Settings, read: Read, parts: Outfit) -> Reloader:
    async def apply(settings: Settings) -> None:
        parts.history.resize(settings.history_observations, settings.history_failures)
        await parts.reassign(process, settings)

    def examine(promises: Sequence[Promise]) -> Mapping[Promise, Fault]:
        return unfounded(process.data_dir, promises, parts.clock.now())

    return Reloader(settings, read, apply, examine, ReloadSeries(parts.store, parts.clock))


def _site(
    process: Process, parts: Outfit, reloader: Reloader, exposer: Exposer, wide: WideAnswers
) -> Site:
    engine = parts.engine

    async def on_demand(probe: Probe) -> Observation:
        return await engine.probe_now(probe.target, probe.depth)

    return Site(
        version=__version__,
        status=Status(engine, reloader),
        exposition=exposer,
        history=parts.history,
        on_demand=on_demand,
        render_one=lambda observation, accept: render_one(observation, accept, parts.clock),
        reload=reloader,
        configuration=lambda: reloader.settings.shown,
        base=process.base,
        role=process.role,
        outside=lambda: outside if reloader.settings.allow_any_url else None,
        writing=_writing(process, parts, reloader),
        gallery=gallery_of(
            process,
            _views(process, parts, reloader, wide),
            parts.clock,
            lambda: reloader.settings.grafana,
        ),
        answers=ReleaseAnswers(
            _sources(process, reloader),
            reloader.products,
            parts.clock,
        ),
    )


def _views(process: Process, parts: Outfit, reloader: Reloader, wide: WideAnswers) -> PageAnswers:
    live = Live(
        regions=lambda: [region.name for region in reloader.settings.regions],
        ready=lambda: parts.engine.ready,
        planned=lambda: parts.engine.targets,
        latest=parts.history.latest,
        ledger_trouble=lambda: parts.memory.trouble if parts.memory else "",
    )
    return PageAnswers(process.data_dir, reloader.products, parts.clock, live, wide)


def _hold(process: Process, parts: Outfit, reloader: Reloader) -> None:
    if parts.memory is not None and process.role.controls:
        held = rulings.Rulings(
            _sources(process, reloader),
            reloader.products,
            parts.clock,
            parts.store,
            parts.memory.keep,
        )
        parts.ticker.every("rulings", rulings.EVERY_SECONDS, held.tick)


def _sources(process: Process, reloader: Reloader) -> Callable[[], Sources]:
    return lambda: Sources(process.data_dir, reloader.settings.prometheus)


def _writing(process: Process, parts: Outfit, reloader: Reloader) -> Writing | None:
    memory, token = parts.memory, reloader.settings.api_token
    if memory is None or token is None:
        return None
    decisions = Decisions(_sources(process, reloader), reloader.products, parts.clock, memory.keep)
    return Writing(memory.reception, decisions, parts.clock, token)


def _expiry(sink: MetricsSink) -> Callable[[], Coroutine[None, None, None]]:
    async def expire() -> None:
        sink.expire()

    return expire


def outside(
    url: str,
    *,
    digests: tuple[Digest, ...] = (),
    size_bytes: int | None = None,
    region: Region = Region("local"),
    limits: Limits = Limits(),
) -> Target:
    """
    Return a target for a URL that is in no catalog.

    Raises:
        ValueError: not a URL that can be probed; the text says why.
    """
    link = Link.parse(url)
    name = unquote(PurePosixPath(link.path).name) or link.host
    artifact = Artifact(name, AssetClass.BINARY, None, size_bytes, digests)
    # The key must not hold a query, which may be a signature, and yet be one for each URL.
    short = hashlib.sha256(url.encode()).hexdigest()[:12]
    release = Release(short, "none", SystemClock().now(), (artifact,))
    template = url.replace("{", "{{").replace("}", "}}")
    endpoint = Endpoint(link.host, EndpointKind.REPOSITORY, template, limits=limits)
    return Target("none", release, artifact, endpoint, region)


async def probe_url(target: Target, depth: Depth) -> Observation:
    """Make one attempt for *target*, with nothing else going on."""
    clock = SystemClock()
    async with open_transport(clock) as transport:
        store = SeriesStore(clock)
        seams = Seams(
            fetcher=transport.fetcher,
            resolver=transport.resolver,
            clock=clock,
            metrics=store,
            ticker=ApschedulerTicker(clock, store),
        )
        engine = Engine(seams, Assignment(feeds=(), regions=(target.region,)))
        try:
            return await engine.probe_now(target, depth)
        finally:
            await engine.drain(0)
