"""Who starts, who waits, who is skipped."""

import asyncio

from probe.domain.depth import Weight
from probe.domain.schedule import SkipReason
from probe.domain.target import Region
from probe.engine.dispatcher import Dispatcher, Turn
from probe.engine.permits import Concurrency, Permits
from probe.engine.roster import TargetState
from probe.series import PROBE_LATE, PROBE_SKIPPED, PROBE_START_DELAY
from tests.builders import a_target, an_artifact, an_endpoint
from tests.fakes.clock import FakeClock, settle
from tests.fakes.metrics import FakeMetrics


class World:
    """A dispatcher whose rounds last until they are told to end."""

    def __init__(self, **limits: int) -> None:
        self.clock = FakeClock()
        self.metrics = FakeMetrics()
        self.permits = Permits(Concurrency(**limits))
        self.started = []
        self.ends = {}
        self.cancelled = []
        self.dispatcher = Dispatcher(self.clock, self.metrics, self.permits, self._run)

    async def _run(self, turn) -> None:
        name = turn.state.target.artifact.name
        self.started.append(name)
        self.ends[name] = asyncio.Event()
        try:
            await self.ends[name].wait()
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise

    async def submit(self, *states: TargetState, weight=Weight.SMALL):
        for state in states:
            self.dispatcher.submit(Turn(state, self.clock.monotonic(), weight))
        await settle()

    async def end(self, *names: str):
        for name in names:
            self.ends[name].set()
        await settle()

    async def stop(self):
        drain = asyncio.ensure_future(self.dispatcher.drain(0))
        await self.clock.advance(0)
        await drain

    def skipped(self, reason, region="eu-west-1"):
        return self.metrics.value(PROBE_SKIPPED, region, reason)


def state(name, host="a.example", region="eu-west-1"):
    target = a_target(
        artifact=an_artifact(name),
        endpoint=an_endpoint(url=f"https://{host}/{{name}}"),
        region=Region(region),
    )
    return TargetState.first(target, 0)


def states(count, host="a.example", **fields: str):
    return [state(f"{host[0]}{n}", host, **fields) for n in range(count)]


async def test_a_target_never_overlaps_itself():
    world, one = World(), state("one")
    await world.submit(one, one)
    assert world.started == ["one"]
    assert world.skipped("overlap") == 1
    await world.end("one")
    await world.submit(one)
    assert world.started == ["one", "one"]
    await world.end("one")


async def test_a_target_that_waits_is_not_queued_twice():
    world = World(per_host=1)
    first, second = states(2)
    await world.submit(first, second, second)
    assert world.skipped("overlap") == 1
    await world.end("a0")
    assert world.started == ["a0", "a1"]
    await world.end("a1")


async def test_a_host_has_so_many_probes_at_once():
    world = World(per_host=2)
    await world.submit(*states(3))
    assert world.started == ["a0", "a1"]
    await world.end("a1")
    assert world.started == ["a0", "a1", "a2"]
    await world.end("a0", "a2")


async def test_a_slow_host_holds_up_nobody_else():
    world = World(total=3, per_host=2)
    await world.submit(*states(10), *states(3, "b.example"))
    assert world.started == ["a0", "a1", "b0"]
    await world.end("b0")
    assert world.started == ["a0", "a1", "b0", "b1"]
    await world.end("b1")
    assert world.started[-1] == "b2"
    await world.stop()


async def test_waiting_hosts_are_served_in_turn():
    world = World(total=1)
    await world.submit(*states(2), *states(2, "b.example"), *states(2, "c.example"))
    for _ in range(5):
        await world.end(world.started[-1])
    assert world.started == ["a0", "a1", "b0", "c0", "b1", "c1"]
    await world.end("c1")


async def test_a_region_has_so_many_probes_at_once():
    world = World(per_region=1)
    await world.submit(*states(2), *states(1, "b.example", region="us"))
    assert world.started == ["a0", "b0"]
    assert world.permits.in_flight("eu-west-1") == 1
    await world.stop()


async def test_bulk_downloads_have_a_limit_of_their_own():
    world = World(bulk=1)
    bulk, more, small = states(3)
    await world.submit(bulk, more, weight=Weight.BULK)
    await world.submit(small)
    assert world.started == ["a0", "a2"]
    await world.end("a0")
    assert world.started == ["a0", "a2", "a1"]
    await world.end("a1", "a2")


async def test_a_bulk_download_waits_for_the_round_of_its_own_target():
    world, one = World(), state("one")
    await world.submit(one)
    await world.submit(one, one, weight=Weight.BULK)
    assert world.started == ["one"]
    await world.end("one")
    assert world.started == ["one", "one"]
    await world.end("one")
    assert not one.bulk_queued


async def test_probing_goes_on_while_a_bulk_download_waits():
    world = World(bulk=1)
    first, second = states(2)
    await world.submit(first, second, weight=Weight.BULK)
    await world.submit(second)
    assert world.started == ["a0", "a1"]
    assert world.skipped("overlap") is None
    await world.stop()


async def test_a_full_queue_refuses_and_counts():
    world = World(per_host=1, queued_per_host=1)
    await world.submit(*states(3))
    assert world.skipped("overload") == 1
    await world.end("a0")
    await world.end("a1")
    assert world.started == ["a0", "a1"]


async def test_the_wait_is_timed_apart_and_late_is_counted():
    world = World(per_host=1)
    await world.submit(*states(2))
    await world.clock.advance(7.0)
    await world.end("a0")
    assert world.metrics.observed[PROBE_START_DELAY.name, ("eu-west-1",)] == [0.0, 7.0]
    assert world.metrics.value(PROBE_LATE, "eu-west-1") == 1
    await world.end("a1")


async def test_a_target_that_went_while_it_waited_is_not_probed():
    world = World(per_host=1)
    first, second, third = states(3)
    await world.submit(first, second, third)
    second.gone = True
    await world.end("a0")
    assert world.started == ["a0", "a2"]
    await world.end("a2")


async def test_more_room_lets_those_start_who_wait():
    world = World(per_host=1)
    await world.submit(*states(3))
    world.permits.limits = Concurrency(per_host=3)
    world.dispatcher.serve()
    await settle()
    assert world.started == ["a0", "a1", "a2"]
    await world.stop()


async def test_idle_is_when_nobody_runs_or_waits():
    world = World(per_host=1)
    await world.submit(*states(2))
    idle = asyncio.ensure_future(world.dispatcher.idle())
    await world.end("a0")
    assert not idle.done()
    await world.end("a1")
    assert idle.done()


async def test_a_drain_waits_for_what_is_under_way():
    world = World()
    await world.submit(state("one"))
    drain = asyncio.ensure_future(world.dispatcher.drain(30))
    await world.clock.advance(10)
    assert not drain.done()
    await world.end("one")
    assert drain.done()
    assert world.cancelled == []


async def test_a_drain_cancels_what_does_not_end_in_time():
    world = World()
    await world.submit(state("one"))
    drain = asyncio.ensure_future(world.dispatcher.drain(30))
    await world.clock.advance(30)
    assert drain.done()
    assert world.cancelled == ["one"]


async def test_a_drain_starts_nobody_who_waits_or_comes():
    world = World(per_host=1)
    first, second, third = states(3)
    await world.submit(first, second)
    drain = asyncio.ensure_future(world.dispatcher.drain(30))
    await settle()
    await world.submit(third)
    await world.end("a0")
    assert drain.done()
    assert world.started == ["a0"]


async def test_a_round_with_a_bug_gives_its_permits_back():
    async def broken(turn) -> None:
        raise RuntimeError("boom")

    clock, permits = FakeClock(), Permits(Concurrency(per_host=1))
    dispatcher = Dispatcher(clock, FakeMetrics(), permits, broken)
    one = state("one")
    dispatcher.submit(Turn(one, 0.0))
    await settle()
    assert permits.in_flight("eu-west-1") == 0
    assert not one.in_flight


async def test_a_bulk_download_that_waits_for_its_own_round_lets_others_pass():
    world = World()
    busy, free, other = states(3)
    await world.submit(busy, other)
    await world.submit(busy, weight=Weight.BULK)
    await world.submit(free, weight=Weight.BULK)
    assert world.started == ["a0", "a2"]
    await world.end("a2")
    assert world.started == ["a0", "a2", "a1"]
    await world.end("a0")
    assert world.started == ["a0", "a2", "a1", "a0"]
    await world.stop()


async def test_a_region_whose_way_out_hangs_holds_up_no_other_at_the_same_host():
    world = World(per_host=2)
    await world.submit(*states(4, region="dead"), *states(2))
    assert world.started == ["a0", "a1", "a0", "a1"]
    await world.stop()


async def test_a_skip_of_a_target_that_is_gone_is_not_counted():
    world, one = World(), state("one")
    one.gone = True
    world.dispatcher.skip(one, SkipReason.BUDGET)
    assert world.skipped("budget") is None
