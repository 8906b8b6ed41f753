"""The catalog is replaced whole, and a source that fails takes nothing away."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.artifact import Release
from probe.engine.refresh import Catalog, Feed
from probe.ports import CatalogError
from probe.series import (
    CATALOG_ERRORS,
    CATALOG_LAST_SUCCESS,
    GITHUB_RATELIMIT_REMAINING,
    GITHUB_RATELIMIT_RESET,
    RELEASE_INFO,
    RELEASE_PUBLISHED,
)
from tests.builders import NOON, a_product, a_release
from tests.fakes.clock import FakeClock, settle
from tests.fakes.metrics import FakeMetrics
from tests.unit.engine.world import FakeSource

PRODUCT = a_product()
KEY = PRODUCT.key
LABELS = (*KEY, "manifest")
FIRST = a_release("1.0")
SECOND = a_release("2.0", published_at=NOON + timedelta(hours=1))


class World:
    def __init__(self, product=PRODUCT) -> None:
        self.clock, self.metrics = FakeClock(), FakeMetrics()
        self.source = FakeSource(FIRST)
        self.catalog = Catalog(self.clock, self.metrics)
        self.feed = Feed(product, self.source, "manifest")
        self.catalog.reassign([self.feed])

    async def refresh(self, *releases: Release):
        if releases:
            self.source.listed = releases
        await self.catalog.refresh(KEY)

    def kept(self):
        return [release.version for release in self.catalog.snapshot.kept.get(KEY, ())]


async def test_the_first_catalog_makes_ready():
    world = World()
    assert not world.catalog.ready
    await world.refresh()
    assert world.catalog.ready
    assert world.kept() == ["1.0"]
    assert world.metrics.value(CATALOG_LAST_SUCCESS, *LABELS) == NOON.timestamp()
    assert world.metrics.value(CATALOG_ERRORS, *LABELS) == 0


@pytest.mark.parametrize("fault", [CatalogError("no JSON"), RuntimeError("a bug")])
async def test_a_source_that_fails_keeps_the_last_good_catalog(fault):
    world = World()
    await world.refresh()
    before = world.catalog.snapshot
    await world.clock.advance(300)
    world.source.listed = fault
    await world.refresh()
    assert world.catalog.snapshot is before
    assert world.metrics.value(CATALOG_ERRORS, *LABELS) == 1
    assert world.metrics.value(CATALOG_LAST_SUCCESS, *LABELS) == NOON.timestamp()


async def test_an_answer_without_any_release_takes_nothing_away():
    world = World()
    await world.refresh()
    world.source.listed = ()
    await world.refresh()
    assert world.kept() == ["1.0"]
    assert world.metrics.value(CATALOG_ERRORS, *LABELS) == 1


async def test_a_source_that_lists_nothing_at_first_is_believed():
    world = World()
    world.source.listed = ()
    await world.refresh()
    assert world.catalog.ready
    assert world.metrics.value(CATALOG_ERRORS, *LABELS) == 0


async def test_a_kept_release_has_series_until_it_is_rotated_out():
    world = World(replace(PRODUCT, keep=1))
    await world.refresh(FIRST)
    assert world.metrics.value(RELEASE_INFO, *KEY, "1.0") == 1
    assert world.metrics.value(RELEASE_PUBLISHED, *KEY, "1.0") == NOON.timestamp()
    await world.refresh(FIRST, SECOND)
    for series in (RELEASE_INFO, RELEASE_PUBLISHED):
        assert world.metrics.value(series, *KEY, "1.0") is None
    assert world.metrics.value(RELEASE_INFO, *KEY, "2.0") == 1


async def test_a_product_that_is_gone_leaves_no_series():
    world = World()
    await world.refresh()
    world.catalog.reassign([])
    assert world.catalog.snapshot.kept == {}
    assert {name for name, labels in world.metrics.values if KEY[0] in labels} == set()


async def test_a_reload_keeps_what_is_known():
    world = World()
    await world.refresh()
    world.catalog.reassign([replace(world.feed, source=FakeSource())])
    assert world.kept() == ["1.0"]


async def test_an_answer_that_comes_after_a_reload_is_dropped():
    world = World()
    source = world.source

    class Reloading:
        async def releases(self) -> Sequence[Release]:
            world.catalog.reassign([world.feed])
            return await source.releases()

    world.catalog.reassign([replace(world.feed, source=Reloading())])
    await world.refresh()
    assert world.kept() == []


async def test_a_product_nobody_follows_is_not_asked():
    world = World()
    await world.catalog.refresh(("other", "stable"))
    assert world.source.asked == 0


async def test_another_source_is_asked_though_the_old_one_has_not_answered():
    world = World()
    answer = asyncio.Event()

    class Slow:
        async def releases(self) -> Sequence[Release]:
            await answer.wait()
            return (FIRST,)

    world.catalog.reassign([replace(world.feed, source=Slow())])
    old = asyncio.ensure_future(world.refresh())
    await settle()
    world.catalog.reassign([replace(world.feed, source=FakeSource(SECOND))])
    await world.catalog.refresh(KEY)
    answer.set()
    await old
    assert world.kept() == ["2.0"]


async def test_a_product_that_is_gone_leaves_no_rate_limit():
    world = World()
    world.metrics.set(GITHUB_RATELIMIT_REMAINING, LABELS[:2], 12.0)
    world.metrics.set(GITHUB_RATELIMIT_RESET, LABELS[:2], 1.0)
    world.catalog.reassign([])
    assert world.metrics.value(GITHUB_RATELIMIT_REMAINING, *LABELS[:2]) is None
    assert world.metrics.value(GITHUB_RATELIMIT_RESET, *LABELS[:2]) is None
