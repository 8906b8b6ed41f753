"""Each minute the ledger is read, and what it says of releases is shown."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from probe import series
from probe.answers import VERSIONS, Sources, releases_known
from probe.catalog.manifest import ManifestOptions
from probe.control import CatalogFacts, Means, Papers
from probe.control.facts import EVERY_SECONDS
from probe.domain.evidence import Pair, Published, Window
from probe.domain.target import Region
from probe.evidence import Ledger, open_reading
from probe.settings import ConfiguredProduct
from probe.sinks import FactSeries, LedgerSink
from tests.builders import NOON, a_product, a_release, a_target, an_endpoint
from tests.fakes.clock import FakeClock
from tests.fakes.documents import FakeDocuments
from tests.fakes.metrics import FakeMetrics
from tests.fakes.ticker import FakeTicker
from tests.ledgers import an_attempt

ORIGIN = an_endpoint("origin")
SOURCE = ManifestOptions(kind="manifest", url="file:///absent.json")
WIDGET = ("widget", "stable")
EU = Region("eu")


def configured(name: str = "widget") -> ConfiguredProduct:
    return ConfiguredProduct(a_product(ORIGIN, name=name), SOURCE, {}, 300.0)


class World:
    """A ledger, and the facts that are read from it."""

    def __init__(self, directory):
        self.directory, self.clock = directory, FakeClock()
        self.metrics, self.ticker = FakeMetrics(), FakeTicker(self.clock)
        self.ledger = Ledger(directory, self.clock)
        self.book = LedgerSink(self.ledger, self.clock)
        self.book.regions = (EU,)
        self.papers = Papers(FakeDocuments(), self.clock, self.ledger.keep)
        means = Means(self.ledger.keep, self.papers, FactSeries(self.metrics))
        self.known = partial(releases_known, Sources(directory))
        self.facts = CatalogFacts(means, self.clock, self.ticker, self.known)

    def reassign(self, *products):
        self.facts.reassign(products, self.known)

    def list(self, *releases, name="widget"):
        product = a_product(ORIGIN, name=name)
        self.book.listed(product, releases, releases)

    def attempt(self, release, passed=True):
        target = a_target(release=release, endpoint=ORIGIN, region=EU)
        self.ledger.record(an_attempt(self.clock.now(), passed, target=target))

    async def look(self, minutes=0):
        """Let time pass, and look once."""
        self.clock.stall(60 * minutes)
        assert await self.ledger.flush()
        await self.facts.look(WIDGET)
        assert await self.ledger.flush()

    def value(self, metric, version="1.4.2"):
        return self.metrics.value(metric, *WIDGET, version)

    def verdicts(self):
        with open_reading(self.directory) as reading:
            events = reading.events(*WIDGET, Window(NOON - timedelta(days=1), self.clock.now()))
        return [(each.version, each.detail) for each in events if each.kind == "completeness"]


@pytest.fixture
async def world(tmp_path):
    async with _world(tmp_path) as world:
        yield world


@asynccontextmanager
async def _world(directory):
    world = World(directory)
    world.ledger.start()
    world.reassign(configured())
    try:
        yield world
    finally:
        await world.facts.close()
        world.ledger.close()


async def test_a_release_is_complete_by_its_deadline_and_stays_so_when_its_file_goes(world):
    release = a_release(published_at=NOON)
    world.list(release)
    await world.look(1)
    assert world.value(series.RELEASE_COMPLETE) is None
    world.attempt(release)
    await world.look(1)
    assert world.value(series.RELEASE_COMPLETE) == 1.0
    assert world.verdicts() == []
    await world.look(30)
    assert world.verdicts() == [("1.4.2", "complete")]


async def test_a_release_that_is_repaired_late_is_complete_now_and_was_not_in_time(world):
    release = a_release(published_at=NOON)
    world.list(release)
    world.attempt(release, passed=False)
    await world.look(10)
    assert world.value(series.RELEASE_COMPLETE) is None
    assert world.value(series.RELEASE_COMPLETE_NOW) == 0.0
    await world.look(25)
    assert world.value(series.RELEASE_COMPLETE) == 0.0
    world.attempt(release)
    await world.look(1)
    assert world.value(series.RELEASE_COMPLETE) == 0.0
    assert world.value(series.RELEASE_COMPLETE_NOW) == 1.0
    assert world.verdicts() == [("1.4.2", f"incomplete: file {release.artifacts[0].name}")]


async def test_what_is_settled_outlives_the_process(tmp_path):
    release = a_release(published_at=NOON)
    async with _world(tmp_path) as first:
        first.list(release)
        first.attempt(release, passed=False)
        await first.look(40)
    async with _world(tmp_path) as second:
        second.clock.stall(41 * 60)
        second.attempt(release)
        await second.look(20)
        assert second.value(series.RELEASE_COMPLETE) == 0.0
        assert second.value(series.RELEASE_COMPLETE_NOW) == 1.0


async def test_only_the_last_releases_of_the_window_are_shown(world):
    old = a_release("0.1", published_at=NOON - timedelta(days=31))
    releases = [
        a_release(f"1.{number}", published_at=NOON - timedelta(days=number))
        for number in range(VERSIONS + 2)
    ]
    world.list(*releases, old)
    await world.look(1)
    shown = {labels[2] for name, labels in world.metrics.values if "complete" not in name}
    assert shown == {each.version for each in releases[:VERSIONS]}


async def test_a_withdrawn_release_is_shown_no_more(world):
    release = a_release(published_at=NOON)
    world.list(release)
    await world.look(1)
    assert world.value(series.RELEASE_ASSETS) == 1.0
    world.list(replace(release, yanked=True))
    await world.look(1)
    assert world.metrics.values == {}


async def test_of_a_product_that_is_configured_no_more_nothing_is_shown(world):
    world.list(a_release(published_at=NOON))
    await world.look(1)
    world.reassign(configured("gadget"))
    assert world.metrics.values == {}
    assert world.ticker.names == {"facts gadget/stable", "papers gadget/stable"}


async def test_without_a_ledger_nothing_is_shown(world, tmp_path):
    world.list(a_release(published_at=NOON))
    await world.look(1)
    world.ledger.close()
    for file in tmp_path.glob("ledger.db*"):
        file.unlink()
    await world.facts.look(WIDGET)
    assert world.metrics.values == {}


async def test_it_looks_each_minute_and_soon_after_a_catalog_says_something_new(world):
    looks = []

    async def look(key):
        looks.append((key, world.clock.monotonic()))

    world.facts.look = look
    world.reassign(configured())
    world.ticker.start()
    await world.clock.advance(2 * EVERY_SECONDS)
    assert len(looks) == 2
    looks.clear()
    releases = [a_release(published_at=NOON)]
    for _ in range(2):
        world.facts.listed(a_product(), releases, releases)
    await world.clock.advance(3)
    assert looks == [(WIDGET, 2 * EVERY_SECONDS + 2)]
    world.ticker.stop()


async def test_a_release_that_was_kept_by_somebody_else_is_looked_at_too(world):
    pairs = (Pair("origin", "eu"),)
    assert await world.ledger.keep(Published("widget", a_release(), pairs, NOON))
    await world.look(60)
    assert world.value(series.RELEASE_ASSETS) == 1.0
    assert world.value(series.RELEASE_COMPLETE) is None
