from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from probe.clock import SystemClock
from probe.demo.release import BEFORE, LATEST, wheel_name
from probe.demo.script import CDN, ENDPOINTS, MIRROR_EU, MIRROR_US, ORIGIN, SCRIPT, Trouble, older
from probe.demo.world import World, open_world

FAULTS = {fault.trouble: fault for act in SCRIPT for fault in act.faults}


@dataclass(frozen=True)
class Visitor:
    world: World
    session: aiohttp.ClientSession

    async def status(self, endpoint: str, path: str) -> int:
        async with self.session.get(self.world.urls[endpoint] + path) as response:
            return response.status

    async def body(self, endpoint: str, path: str) -> bytes:
        async with self.session.get(self.world.urls[endpoint] + path) as response:
            return await response.read()


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with open_world(SystemClock()) as world, aiohttp.ClientSession() as session:
        yield Visitor(world, session)


def path_of(version: str) -> str:
    return f"/{version}/{wheel_name(version)}"


def path_of_fault(trouble: Trouble) -> str:
    return f"/{LATEST}/{FAULTS[trouble].artifacts[0]}"


async def test_every_endpoint_begins_with_the_older_releases_and_not_the_latest(visitor):
    for endpoint in ENDPOINTS:
        assert (
            await visitor.body(endpoint, path_of(BEFORE))
            == (visitor.world.packed[BEFORE].bodies[wheel_name(BEFORE)])
        )
    assert await visitor.status(ORIGIN, path_of(LATEST)) == 404


async def test_a_published_release_is_everywhere_and_the_pointer_follows(visitor):
    await visitor.world.publish(LATEST)
    for endpoint in ENDPOINTS:
        assert await visitor.status(endpoint, path_of(LATEST)) == 200
        assert await visitor.body(endpoint, "/latest.txt") == b"1.2.0\n"


async def test_a_lagging_mirror_has_the_old_pointer_and_catches_up(visitor):
    lag = FAULTS[Trouble.LAG]
    await visitor.world.inject(lag)
    await visitor.world.publish(LATEST)
    assert await visitor.status(MIRROR_US, path_of(LATEST)) == 404
    assert await visitor.body(MIRROR_US, "/latest.txt") == b"1.1.0\n"
    assert await visitor.status(MIRROR_EU, path_of(LATEST)) == 200
    await visitor.world.repair(lag)
    assert await visitor.status(MIRROR_US, path_of(LATEST)) == 200
    assert await visitor.body(MIRROR_US, "/latest.txt") == b"1.2.0\n"


async def test_asking_the_cdn_too_early_leaves_a_404_that_outlives_the_release(visitor):
    early = FAULTS[Trouble.EARLY_404]
    await visitor.world.inject(early)
    await visitor.world.publish(LATEST)
    assert await visitor.status(ORIGIN, path_of(LATEST)) == 200
    assert await visitor.status(CDN, path_of(LATEST)) == 404
    await visitor.world.repair(early)
    assert await visitor.status(CDN, path_of(LATEST)) == 200


async def test_old_bytes_are_those_of_the_release_before(visitor):
    await visitor.world.publish(LATEST)
    path = path_of_fault(Trouble.OLD_BYTES)
    right = await visitor.body(CDN, path)
    await visitor.world.inject(FAULTS[Trouble.OLD_BYTES])
    assert await visitor.body(CDN, path) == await visitor.body(ORIGIN, older(path)) != right
    await visitor.world.repair(FAULTS[Trouble.OLD_BYTES])
    assert await visitor.body(CDN, path) == right


async def test_the_cdn_hides_a_broken_origin_with_what_it_has(visitor):
    await visitor.world.publish(LATEST)
    path = path_of_fault(Trouble.BROKEN)
    assert await visitor.status(CDN, path) == 200
    await visitor.world.inject(FAULTS[Trouble.BROKEN])
    assert await visitor.status(ORIGIN, path) == 503
    assert await visitor.status(CDN, path) == 200
    await visitor.world.repair(FAULTS[Trouble.BROKEN])
    assert await visitor.status(ORIGIN, path) == 200


async def test_the_manifest_and_the_control_answer_whatever_is_broken(visitor):
    await visitor.world.publish(LATEST)
    for fault in FAULTS.values():
        await visitor.world.inject(fault)
    for url in (visitor.world.manifest_url, visitor.world.control_url):
        async with visitor.session.get(url) as response:
            assert response.status == 200
