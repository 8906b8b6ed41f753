"""One life of the probe under a clock that the test moves: all but the engine and the network."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

from probe.answers import Sources, releases_known
from probe.control import CatalogFacts, Means, Papers
from probe.domain.artifact import Release
from probe.domain.evidence import Event
from probe.domain.observation import Observation
from probe.domain.target import Target
from probe.engine.assignment import Assignment
from probe.engine.planning import Planner
from probe.engine.refresh import Catalog, Feed
from probe.exposition import SeriesStore
from probe.memory import Memory, Surroundings, remembering
from probe.process import Process as ProcessSettings
from probe.settings import Settings
from probe.settings.load import parse
from probe.sinks import ConfiguredSeries, FactSeries, MetricsSink
from tests.builders import a_download
from tests.fakes.clock import FakeClock
from tests.fakes.documents import FakeDocuments, a_document
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.ticker import FakeTicker
from tests.integration.real.quarter import script


class Source:
    """A catalog source that lists what the script says."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    async def releases(self) -> Sequence[Release]:
        return script.listed(self._clock.now())


class Process:
    """
    Everything from the catalog to the series, put together as ``app`` does, on one ledger.

    It is entered and left like the real one; who does not leave it has killed it.
    """

    memory: Memory
    targets: tuple[Target, ...] = ()

    def __init__(self, clock: FakeClock, directory: Path, configuration: bytes) -> None:
        self.store = SeriesStore(clock)
        self.metrics = MetricsSink(self.store, clock)
        self.settings = _settings(configuration)
        self._clock = clock
        self._directory = directory
        self._source = Source(clock)
        self._catalog = Catalog(clock, self.store)
        self._planner = Planner(None)  # type: ignore[arg-type] # no endpoint is resolved
        self._configured = ConfiguredSeries(self.store)
        self._fetcher, self._ticker = FakeFetcher(), FakeTicker(clock)
        self._around = Surroundings(clock, self.store, self._fetcher, self._ticker)
        self._known = partial(releases_known, Sources(directory))
        self._life = AsyncExitStack()
        self._heard = False

    async def begin(self) -> None:
        self.memory = await self._life.enter_async_context(
            remembering(ProcessSettings(data_dir=self._directory), self._around, self.settings)
        )
        documents = FakeDocuments({url: a_document(text) for url, text in script.DOCUMENTS.items()})
        papers = Papers(documents, self._clock, self.memory.keep)
        means = Means(self.memory.keep, papers, FactSeries(self.store))
        self._facts = CatalogFacts(means, self._clock, self._ticker, self._known)
        self._catalog.remember(self.memory.releases)
        await self._take()

    async def reload(self, configuration: bytes) -> None:
        self.settings = _settings(configuration)
        await self._take()

    async def end(self) -> None:
        await self._life.aclose()

    def record(self, observation: Observation) -> None:
        self._heard = True
        for sink in (self.metrics, *self.memory.sinks):
            sink.record(observation)

    async def refresh(self) -> None:
        """Read the catalog, and plan by it."""
        for each in self.settings.products:
            key = each.product.key
            await self._catalog.refresh(key)
            snapshot = self._catalog.snapshot
            kept, known = snapshot.kept.get(key, ()), snapshot.history.get(key, ())
            self.memory.book.listed(each.product, kept, known)
        await self._plan()

    async def tick(self) -> None:
        """Let pass what happens each second; where nothing was heard, nothing does."""
        if self._heard:
            await self.written()
            await self.memory.tick()

    async def written(self) -> None:
        """Wait until all that was seen is on the disk."""
        self._heard = False
        assert await self.memory.keep(_NOTHING)
        # First sights are told of in a turn of the loop of their own.
        await asyncio.sleep(0)

    async def look(self) -> None:
        """Let pass what happens each minute."""
        await self.written()
        for each in self.settings.products:
            await self._facts.look(each.product.key)
            await self._ticker.run(f"papers {each.product.name}/{each.product.channel}")

    async def read_marker(self, endpoint: str, region: str, body: str) -> None:
        """Have the marker of a pair read, which says *body*."""
        self._fetcher.answer = lambda _: a_download(body.encode())
        await self._ticker.run(f"marker widget/stable/{endpoint}/{region}")

    async def _take(self) -> None:
        settings = self.settings
        assignment = Assignment(
            feeds=tuple(Feed(each.product, self._source, "script") for each in settings.products),
            regions=settings.regions,
        )
        self.memory.reassign(assignment, settings)
        self._configured.show(settings.objectives, settings.weights, settings.source)
        self._facts.reassign(settings.products, self._known)
        self._planner.regions = settings.regions
        self._catalog.reassign(assignment.feeds)
        await self._plan()

    async def _plan(self) -> None:
        products = [each.product for each in self.settings.products]
        if await self._planner.plan(products, self._catalog.snapshot):
            self.targets = self._planner.targets
            for sink in (self.metrics, *self.memory.target_sinks):
                sink.retarget(products, self.targets)


_NOTHING = Event("nothing", "nothing", "", "", "", datetime(2026, 1, 1).astimezone(), "", "")


def _settings(configuration: bytes) -> Settings:
    settings = parse(configuration, "probe.yaml")
    assert isinstance(settings, Settings), settings
    return settings
