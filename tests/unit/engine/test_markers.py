"""Markers are read when they are due, from every region, with credentials where needed."""

from dataclasses import replace

import pytest

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.marker import MAX_MARKER_BYTES, Marker, MarkerKind, Sign
from probe.domain.target import Egress, Region
from probe.engine.markers import MarkerWatch, posts_of
from probe.ports import SecretUnavailable
from tests.builders import NOON, a_download, a_product, an_endpoint, sha256
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.ticker import FakeTicker

URL = "https://mirror.example/lastsync"
MARKER = Marker(MarkerKind.EPOCH, URL, "lastsync", interval_seconds=60.0)
MIRROR = an_endpoint("mirror", marker=MARKER)
EU, US = Region("eu", Egress(proxy="http://proxy.example:3128")), Region("us")
BODY = b"1787227200\n"


class TokenAuth:
    """Adds a header, or fails to read its secret."""

    def __init__(self, fault=None):
        self.fault = fault

    def flow(self, request):
        if self.fault:
            raise self.fault
        yield request.with_header("Authorization", "Bearer t")


class World:
    """A watch on fakes; ``readings`` is what it told."""

    def __init__(self, answer=lambda request: a_download(BODY)):
        self.clock, self.fetcher = FakeClock(), FakeFetcher(answer)
        self.ticker, self.readings = FakeTicker(self.clock), []
        self.watch = MarkerWatch(self.fetcher, self.clock, self.ticker, self.readings.append)

    def assign(self, *endpoints, regions=(EU,), auths=None):
        self.watch.reassign(posts_of([a_product(*endpoints)], regions, auths or {}))
        return self


@pytest.fixture
def run():
    worlds = []

    async def run(world, seconds=60):
        worlds.append(world)
        world.ticker.start()
        await world.clock.advance(seconds)
        return world.readings

    yield run
    for world in worlds:
        world.ticker.stop()


async def test_a_marker_is_read_at_its_interval_from_each_region(run):
    world = World().assign(MIRROR, an_endpoint("cdn"), regions=(EU, US))
    readings = await run(world, 120)
    assert sorted(each.region for each in readings) == ["eu", "eu", "us", "us"]
    assert world.fetcher.urls == [URL] * 4
    assert {request.egress for request in world.fetcher.requests} == {EU.egress, US.egress}


async def test_a_reading_has_the_time_the_body_and_its_digest(run):
    [reading] = await run(World().assign(MIRROR))
    assert reading.sign == Sign(NOON)
    assert (reading.product, reading.channel, reading.endpoint) == ("widget", "stable", "mirror")
    assert (reading.body, reading.digest) == (BODY, sha256(BODY))


async def test_a_region_that_does_not_ask_the_endpoint_does_not_read_its_marker(run):
    world = World().assign(replace(MIRROR, regions=("us",)), regions=(EU, US))
    assert [each.region for each in await run(world)] == ["us"]


async def test_credentials_of_the_endpoint_are_sent(run):
    world = World().assign(MIRROR, auths={("widget", "stable", "mirror"): TokenAuth()})
    await run(world)
    assert world.fetcher.requests[0].headers == {"Authorization": "Bearer t"}


@pytest.mark.parametrize(
    "download",
    [
        a_download(b"gone", status=404),
        a_download(b"<html>"),
        a_download(BODY, complete=False),
        replace(a_download(BODY), bytes_received=MAX_MARKER_BYTES + 1),
        a_download(b"", status=None, failure=Failure(FailureReason.CONNECT, Phase.CONNECT, "no")),
    ],
)
async def test_a_marker_that_cannot_be_read_says_nothing(run, download):
    assert await run(World(lambda request: download).assign(MIRROR)) == []


async def test_a_secret_that_cannot_be_read_says_nothing(run):
    auth = TokenAuth(SecretUnavailable("environment variable T is not set"))
    world = World().assign(MIRROR, auths={("widget", "stable", "mirror"): auth})
    assert await run(world) == []


async def test_a_marker_that_is_configured_no_more_is_read_no_more(run):
    world = World().assign(MIRROR)
    await run(world)
    world.assign(an_endpoint("mirror"))
    assert world.ticker.names == set()


async def test_markers_that_stay_keep_their_schedule():
    world = World().assign(MIRROR)
    before = world.watch._posts
    world.assign(MIRROR)
    assert world.watch._posts == before
    assert world.ticker.names == {"marker widget/stable/mirror/eu"}
