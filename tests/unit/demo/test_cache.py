import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from probe.clock import SystemClock
from probe.demo.cache import Cache
from probe.demo.site import Found, Quirk, Shelf, Site
from tests.builders import NOON
from tests.fakes.clock import FakeClock

PATH = "/a.bin"


@dataclass
class Edge:
    cache: Cache
    origin: Site
    shelf: Shelf
    clock: FakeClock
    asked: list[str]


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    shelf, clock, asked = Shelf(), FakeClock(), []
    shelf.put(PATH, b"body", NOON)

    async def find(path: str) -> Found:
        asked.append(path)
        return await shelf.find(path)

    async with Site(find, SystemClock()) as origin, aiohttp.ClientSession() as session:
        cache = Cache(origin.url, session, clock, fresh_seconds=20, negative_seconds=60)
        yield Edge(cache, origin, shelf, clock, asked)


def told(found: Found) -> tuple[int, str, str]:
    return (found.status, found.headers["Cache-Status"], found.headers["Age"])


async def test_what_is_not_stored_is_fetched_and_stored(edge):
    found = await edge.cache.find(PATH)
    assert told(found) == (200, "demo-cdn; fwd=uri-miss; fwd-status=200; stored", "0")
    assert found.file.body == b"body"
    assert found.file.modified_at == NOON


async def test_what_is_fresh_is_served_from_the_store_with_its_age(edge):
    await edge.cache.find(PATH)
    await edge.clock.advance(5)
    assert told(await edge.cache.find(PATH)) == (200, "demo-cdn; hit; ttl=15", "5")
    assert edge.asked == [PATH]


async def test_what_is_past_its_time_is_fetched_again(edge):
    await edge.cache.find(PATH)
    edge.shelf.put(PATH, b"new body", NOON)
    await edge.clock.advance(20)
    found = await edge.cache.find(PATH)
    assert told(found) == (200, "demo-cdn; fwd=stale; fwd-status=200; stored", "0")
    assert found.file.body == b"new body"


async def test_a_404_is_kept_although_the_file_has_come(edge):
    await edge.cache.find("/late.bin")
    edge.shelf.put("/late.bin", b"late", NOON)
    await edge.clock.advance(59)
    assert told(await edge.cache.find("/late.bin")) == (404, "demo-cdn; hit; ttl=1", "59")


async def test_a_kept_404_ends_with_its_time(edge):
    await edge.cache.find("/late.bin")
    edge.shelf.put("/late.bin", b"late", NOON)
    await edge.clock.advance(60)
    assert (await edge.cache.find("/late.bin")).status == 200


async def test_a_purged_404_is_gone_at_once(edge):
    await edge.cache.find("/late.bin")
    edge.shelf.put("/late.bin", b"late", NOON)
    edge.cache.purge("/late.bin")
    assert (await edge.cache.find("/late.bin")).file.body == b"late"


async def test_a_copy_past_its_time_is_served_while_the_origin_fails(edge):
    await edge.cache.find(PATH)
    edge.origin.misbehave(PATH, Quirk.BROKEN)
    await edge.clock.advance(25)
    found = await edge.cache.find(PATH)
    assert told(found) == (200, "demo-cdn; fwd=stale; fwd-status=503", "25")
    assert found.file.body == b"body"


async def test_an_origin_that_fails_is_passed_on_where_there_is_no_copy_and_not_stored(edge):
    edge.origin.misbehave(PATH, Quirk.BROKEN)
    found = await edge.cache.find(PATH)
    assert (found.file, found.status) == (None, 503)
    edge.origin.behave(PATH)
    assert (await edge.cache.find(PATH)).status == 200


async def test_an_origin_that_cuts_its_body_is_a_bad_gateway(edge):
    edge.origin.misbehave(PATH, Quirk.CUT)
    assert (await edge.cache.find(PATH)).status == 502


async def test_many_who_ask_at_once_make_one_request_to_the_origin(edge):
    found = await asyncio.gather(*(edge.cache.find(PATH) for _ in range(5)))
    assert edge.asked == [PATH]
    assert [each.status for each in found] == [200] * 5
