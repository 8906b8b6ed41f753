"""What our own network did is not held against an artifact."""

import asyncio

import pytest

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.target import Egress, Region
from probe.engine.uplink import Uplink
from probe.series import PROBER_CONTROL_UP
from tests.builders import a_download
from tests.fakes.clock import FakeClock, settle
from tests.fakes.fetcher import FakeFetcher, refused, unresolved
from tests.fakes.metrics import FakeMetrics

EU = Region("eu", Egress(proxy="http://127.0.0.1:3128"))
NAMED = "https://control.example/"
NUMBERED = "https://192.0.2.1/"
UP = a_download(b"", status=503)

CONNECT = Failure(FailureReason.CONNECT, Phase.CONNECT, "refused")
DNS = Failure(FailureReason.DNS, Phase.RESOLVE)


class World:
    def __init__(self, *controls: str) -> None:
        self.clock = FakeClock()
        self.metrics = FakeMetrics()
        self.answers = {NAMED: UP, NUMBERED: UP}
        self.fetcher = FakeFetcher(lambda request: self.answers[request.url])
        self.uplink = Uplink(self.fetcher, self.clock, self.metrics)
        self.uplink.reassign([EU], controls or (NAMED, NUMBERED))

    async def excuse(self, failure=CONNECT, since=0.0):
        return await self.uplink.excuse(EU, failure, since)


async def test_any_answer_of_a_control_target_means_up():
    world = World()
    assert await world.excuse() is None
    assert world.metrics.value(PROBER_CONTROL_UP, "eu") == 1


async def test_one_control_target_is_enough():
    world = World()
    world.answers[NAMED] = refused()
    assert await world.excuse() is None


async def test_control_targets_are_asked_through_the_regions_egress():
    world = World(NAMED)
    await world.uplink.ask_all()
    (request,) = world.fetcher.requests
    assert (request.method, request.egress) == ("HEAD", EU.egress)


async def test_if_no_control_target_answers_the_way_out_is_dead():
    world = World()
    world.answers = {NAMED: refused(), NUMBERED: refused()}
    ours = await world.excuse()
    assert ours == Failure(FailureReason.UPLINK, Phase.CONNECT, "connect: refused")
    assert world.metrics.value(PROBER_CONTROL_UP, "eu") == 0


async def test_if_no_control_name_resolves_the_resolver_is_dead():
    world = World()
    world.answers[NAMED] = unresolved()
    ours = await world.excuse(DNS)
    assert ours == Failure(FailureReason.RESOLVER, Phase.RESOLVE, "dns")
    assert await world.excuse(CONNECT) is None


async def test_a_name_that_does_not_resolve_is_the_targets_fault_if_others_do():
    assert await World().excuse(DNS) is None


@pytest.mark.parametrize(
    "reason", [FailureReason.NOT_FOUND, FailureReason.CHECKSUM_MISMATCH, FailureReason.HTTP_5XX]
)
async def test_an_answer_that_is_wrong_is_never_excused(reason):
    world = World(NAMED)
    world.answers[NAMED] = refused()
    assert await world.excuse(Failure(reason, Phase.WAIT)) is None
    assert world.fetcher.requests == []


async def test_without_control_targets_the_way_out_is_taken_to_work():
    world = World()
    world.uplink.reassign([EU], ())
    assert await world.excuse() is None
    assert world.metrics.value(PROBER_CONTROL_UP, "eu") == 1


async def test_probes_that_fail_together_ask_once():
    world = World(NAMED)
    assert await world.excuse() is None
    assert await world.excuse() is None
    assert len(world.fetcher.requests) == 1


async def test_an_older_answer_is_not_trusted():
    world = World(NAMED)
    assert await world.excuse() is None
    await world.clock.advance(3.0)
    world.answers[NAMED] = refused()
    ours = await world.excuse(since=1.0)
    assert ours is not None
    assert ours.reason is FailureReason.UPLINK


async def test_a_way_out_that_was_dead_during_the_attempt_excuses_it_though_it_is_back():
    world = World(NAMED)
    world.answers[NAMED] = refused()
    await world.clock.advance(5.0)
    await world.uplink.ask_all()
    world.answers[NAMED] = UP
    await world.clock.advance(10.0)
    ours = await world.excuse(since=2.0)
    assert ours is not None
    assert ours.reason is FailureReason.UPLINK
    assert await world.excuse(since=6.0) is None


async def test_an_attempt_waits_for_an_answer_that_is_on_its_way():
    world = World(NAMED)
    world.fetcher.gate.clear()

    waiting = [asyncio.ensure_future(world.excuse()) for _ in range(3)]
    await settle()
    world.fetcher.gate.set()
    assert await asyncio.gather(*waiting) == [None, None, None]
    assert len(world.fetcher.requests) == 1


async def test_closing_ends_what_is_under_way():

    world = World(NAMED)
    world.fetcher.gate.clear()
    asking = asyncio.ensure_future(world.uplink.ask_all())
    await settle()
    await world.uplink.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert world.fetcher.under_way == []


async def test_a_region_that_is_gone_leaves_no_series():
    world = World(NAMED)
    await world.uplink.ask_all()
    world.uplink.reassign([], (NAMED,))
    assert world.metrics.value(PROBER_CONTROL_UP, "eu") is None


async def test_an_answer_for_a_region_that_is_gone_brings_no_series_back():
    world = World()
    world.fetcher.gate.clear()
    asking = asyncio.ensure_future(world.uplink.ask_all())
    await settle()
    world.uplink.reassign([Region("us")], [NAMED])
    world.fetcher.gate.set()
    await asking
    assert world.metrics.value(PROBER_CONTROL_UP, "eu") is None


async def test_an_answer_of_other_control_targets_counts_for_nothing():
    world = World()
    world.answers = {NAMED: refused(), NUMBERED: refused()}
    world.fetcher.gate.clear()
    asking = asyncio.ensure_future(world.uplink.ask_all())
    await settle()
    world.uplink.reassign([EU], [])
    world.fetcher.gate.set()
    await asking
    assert world.metrics.value(PROBER_CONTROL_UP, "eu") == 1
