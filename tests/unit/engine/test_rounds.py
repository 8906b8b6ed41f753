"""What one due target turns into."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from probe.domain.artifact import MIB
from probe.domain.depth import DAY_US, RETRY_US, WATCHED_RETRY_US, Weight
from probe.domain.observation import Download
from probe.domain.schedule import MICROSECONDS
from probe.domain.target import DepthPolicy, EndpointKind
from probe.engine.arrivals import Arrivals
from probe.engine.diagnosis import Diagnosis
from probe.engine.dispatcher import Turn
from probe.engine.lag import LoopLag
from probe.engine.prober import Prober
from probe.engine.ration import Ration
from probe.engine.roster import TargetState
from probe.engine.rounds import Consequences, Crew, Rounds
from probe.engine.uplink import Uplink
from tests.builders import (
    NOON,
    a_download,
    a_product,
    a_release,
    a_target,
    an_artifact,
    an_endpoint,
)
from tests.fakes.clock import FakeClock, settle
from tests.fakes.fetcher import FakeFetcher, refused, served
from tests.fakes.metrics import FakeMetrics
from tests.fakes.ticker import FakeTicker
from tests.unit.engine.world import FakeSink

SMALL_BODY = b"\x1f\x8b small"
LARGE_BODY = b"\x1f\x8b" + bytes(2 * MIB)


class World:
    """One target whose full_below is 1 MiB, and a server that has *body*."""

    def __init__(
        self, body: bytes = LARGE_BODY, limit: int | None = None, **fields: object
    ) -> None:
        self.clock, self.metrics = FakeClock(), FakeMetrics()
        self.fetcher = FakeFetcher(lambda request: served(request, body))
        self.sink = FakeSink()
        self.asked_full: list[TargetState] = []
        self.over_budget: list[TargetState] = []
        self.rearmed: list[float] = []
        self.ration = Ration(self.clock, self.metrics)
        self.ration.bytes_per_day = limit
        published = fields.pop("published_at", NOON - timedelta(days=30))
        name = fields.pop("name", "widget.tar.gz")
        artifact = fields.pop("artifact", an_artifact(str(name), body))
        endpoint = an_endpoint(full_below_bytes=MIB, **fields)
        release = a_release("1.4.2", artifact, published_at=published)
        target = a_target(artifact=artifact, release=release, endpoint=endpoint)
        self.state = TargetState.first(target, self.now_us())
        self.ration.retarget([target], ())
        self.rounds = self._rounds()

    def _rounds(self) -> Rounds:
        uplink = Uplink(self.fetcher, self.clock, self.metrics)
        lag = LoopLag(self.clock, FakeTicker(self.clock), self.metrics)
        prober = Prober(fetcher=self.fetcher, clock=self.clock, uplink=uplink, overload=lag)
        diagnosis = Diagnosis(prober, self.ration)
        diagnosis.retarget([a_product(an_endpoint("store", "http://origin/{name}", origin=True))])
        arrivals = Arrivals(self.clock)
        crew = Crew(self.clock, prober, diagnosis, self.ration, arrivals, self.sink)
        then = Consequences(
            over_budget=self.over_budget.append,
            ask_full=self.asked_full.append,
            rearm=lambda state: self.rearmed.append(state.interval_us / MICROSECONDS),
        )
        return Rounds(crew, then)

    def now_us(self):
        return int(self.clock.now().timestamp() * MICROSECONDS)

    async def round(self, weight=Weight.SMALL):
        await self.rounds.run(Turn(self.state, 0.0, weight))
        said = self.sink.said()
        self.sink.observations.clear()
        return said


async def test_a_small_artifact_is_read_in_full():
    world = World(SMALL_BODY)
    assert await world.round() == ["full passed"]


async def test_a_large_artifact_is_asked_for_its_head_and_both_ends():
    world = World()
    assert await world.round() == ["head passed", "range passed", "range passed"]
    spans = [(request.byte_range, request.if_range) for request in world.fetcher.requests]
    size = len(LARGE_BODY)
    assert spans == [(None, ""), ((0, MIB - 1), '"1"'), ((size - MIB, size - 1), '"1"')]


async def test_a_weak_etag_is_no_validator():
    world = World()
    world.fetcher.answer = lambda request: a_download(
        b"", headers={"etag": 'W/"1"', "content-length": str(len(LARGE_BODY))}
    )
    await world.round()
    assert world.fetcher.requests[1].if_range == ""


async def test_a_round_ends_at_the_first_attempt_that_does_not_pass():
    world = World()
    world.fetcher.answer = lambda request: (
        served(request, LARGE_BODY) if request.method == "HEAD" else refused()
    )
    assert await world.round() == ["head passed", "range failed connect"]


async def test_a_large_artifact_is_due_in_full_at_its_time_of_day():
    world = World()
    await world.round()
    assert world.asked_full == []
    world.state.full_due_us = world.now_us()
    await world.round()
    assert world.asked_full == [world.state]


async def test_a_full_download_that_passed_is_due_again_the_next_day():
    world = World()
    assert await world.round(Weight.BULK) == ["full passed"]
    assert 0 < world.state.full_due_us - world.now_us() <= DAY_US
    assert world.state.last_full_us == world.now_us()


async def test_a_full_download_that_failed_is_tried_again_in_an_hour():
    world = World()
    world.fetcher.answer = lambda request: served(request, bytes(len(LARGE_BODY)))
    assert await world.round(Weight.BULK) == ["full failed wrong_content"]
    assert world.state.full_due_us == world.now_us() + RETRY_US


async def test_a_full_download_that_failed_while_watched_is_tried_again_in_five_minutes():
    world = World(published_at=NOON)
    world.state.watch(world.now_us())
    world.fetcher.answer = lambda request: refused()
    await world.round(Weight.BULK)
    assert world.state.full_due_us == world.now_us() + WATCHED_RETRY_US


async def test_a_full_download_beyond_the_budget_is_not_begun_and_counted_once():
    world = World(limit=MIB)
    assert await world.round(Weight.BULK) == []
    assert await world.round(Weight.BULK) == []
    assert world.over_budget == [world.state]


async def test_a_small_artifact_beyond_the_budget_is_still_asked_for_its_head():
    world = World(SMALL_BODY, limit=5)
    assert await world.round() == ["head passed"]
    assert world.over_budget == [world.state]


async def test_a_range_beyond_the_budget_is_left_out():
    world = World(limit=MIB)
    assert await world.round() == ["head passed", "range passed"]
    assert world.over_budget == [world.state]


async def test_a_body_of_unknown_size_that_turns_out_large_is_rationed():
    artifact = an_artifact("widget.tar.gz", LARGE_BODY)
    unsized = an_artifact("widget.tar.gz", None, digests=artifact.digests)
    world = World(artifact=unsized)
    assert await world.round() == ["full passed"]
    assert world.state.weight is Weight.BULK
    assert await world.round() == ["head passed"]


async def test_a_watched_target_backs_off_until_it_passes():
    world = World(SMALL_BODY, published_at=NOON, interval_seconds=600.0)
    world.state.watch(world.now_us())
    world.fetcher.answer = lambda request: a_download(b"", status=404)
    for _ in range(6):
        await world.round()
    assert world.rearmed == [30, 60, 120, 240, 300]
    world.fetcher.answer = lambda request: served(request, SMALL_BODY)
    await world.round()
    assert world.rearmed[-1] == 600
    assert world.state.watched is None


async def test_a_large_watched_target_is_watched_until_it_passed_in_full():
    world = World(published_at=NOON)
    world.state.watch(world.now_us())
    await world.round()
    assert world.asked_full == [world.state]
    assert world.state.watched == 1
    await world.round(Weight.BULK)
    assert world.state.watched is None


async def test_a_watch_ends_with_its_day():
    world = World(SMALL_BODY, published_at=NOON)
    world.state.watch(world.now_us())
    world.fetcher.answer = lambda request: a_download(b"", status=404)
    await world.clock.advance(86_401)
    await world.round()
    assert world.state.watched is None


async def test_a_policy_of_head_is_watched_until_its_head_passed():
    world = World(published_at=NOON, depth=DepthPolicy.HEAD)
    world.state.watch(world.now_us())
    assert await world.round() == ["head passed"]
    assert world.state.watched is None


async def test_a_cancelled_attempt_is_on_record():
    world = World(SMALL_BODY)
    world.fetcher.gate.clear()
    running = asyncio.ensure_future(world.round())
    await settle()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert world.sink.said() == ["full inconclusive cancelled"]


async def test_a_failure_at_a_copy_is_located_when_it_begins_and_not_each_time():
    world = World(SMALL_BODY, url="http://cdn/{name}", kind=EndpointKind.CDN)

    def answer(request) -> Download:
        return (
            served(request, SMALL_BODY) if "origin" in request.url else a_download(b"", status=404)
        )

    world.fetcher.answer = answer
    for _ in range(3):
        await world.rounds.run(Turn(world.state, 0.0))
    assert [each.origin for each in world.sink.observations] == ["edge"] * 3
    assert [url for url in world.fetcher.urls if "origin" in url] == ["http://origin/widget.tar.gz"]


async def test_a_failure_after_it_passed_is_located_again():
    world = World(SMALL_BODY, url="http://cdn/{name}", kind=EndpointKind.CDN)
    missing = a_download(b"", status=404)
    for answer in (missing, None, missing):
        world.fetcher.answer = lambda request, answer=answer: answer or served(request, SMALL_BODY)
        await world.rounds.run(Turn(world.state, 0.0))
    assert [each.origin for each in world.sink.observations] == ["origin", "unknown", "origin"]
    assert sum("origin" in url for url in world.fetcher.urls) == 2


async def test_an_artifact_that_fails_waits_for_no_full_download():
    world = World(limit=MIB)
    await world.round(Weight.BULK)
    assert world.ration.waits(world.state)
    world.fetcher.answer = lambda request: refused()
    await world.round()
    assert not world.ration.waits(world.state)


async def test_an_artifact_that_is_no_longer_to_be_read_in_full_does_not_wait_to_be():
    world = World(limit=MIB)
    await world.round(Weight.BULK)
    target = world.state.target
    endpoint = replace(target.endpoint, depth=DepthPolicy.HEAD)
    world.state.replan(replace(target, endpoint=endpoint), world.now_us())
    await world.round()
    assert not world.ration.waits(world.state)


async def test_a_clock_that_was_days_ahead_does_not_put_full_downloads_off_for_days():
    world = World()
    world.clock.step(30 * 86_400)
    await world.round(Weight.BULK)
    world.clock.step(-30 * 86_400)
    await world.round()
    assert world.asked_full == [world.state]


async def test_a_full_download_that_is_due_when_not_even_ranges_fit_is_put_off_visibly():
    world = World(limit=MIB - 1)
    world.state.full_due_us = world.now_us()
    assert await world.round() == ["head passed"]
    assert world.asked_full == [world.state]


async def test_a_range_takes_no_more_of_the_budget_than_the_artifact_has():
    world = World(LARGE_BODY[:1000], limit=1000, depth=DepthPolicy.RANGE)
    assert await world.round() == ["range passed"]
