"""The one real-time test of the scheduler underneath; everything else runs on a fake."""

import asyncio
from datetime import timedelta

import pytest

from probe.clock import SystemClock
from probe.engine.ticker import ApschedulerTicker
from probe.series import SCHEDULER_EVENTS
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics


class World:
    def __init__(self, clock=None) -> None:
        self.metrics = FakeMetrics()
        self.ticker = ApschedulerTicker(clock or SystemClock(), self.metrics)
        self.runs = 0
        self.twice = asyncio.Event()

    async def act(self) -> None:
        self.runs += 1
        if self.runs == 2:
            self.twice.set()


@pytest.fixture
async def world():
    made = World()
    yield made
    made.ticker.stop()


async def test_periodic_work_runs_again_and_again(world):
    world.ticker.every("slot", 0.02, world.act)
    world.ticker.start()
    await world.twice.wait()


async def test_work_is_added_and_forgotten_while_it_runs(world):
    gone = asyncio.Event()

    async def never() -> None:
        gone.set()

    world.ticker.start()
    world.ticker.every("gone", 0.02, never)
    world.ticker.forget("gone")
    world.ticker.forget("unknown")
    world.ticker.every("slot", 0.02, world.act)
    await world.twice.wait()
    assert not gone.is_set()


async def test_work_takes_the_place_of_its_namesake(world):
    world.ticker.every("slot", 3600, world.act)
    world.ticker.start()
    world.ticker.every("slot", 0.02, world.act)
    await world.twice.wait()


async def test_work_that_still_runs_when_it_is_due_is_left_out_and_counted(world):
    release = asyncio.Event()

    async def slow() -> None:
        await release.wait()

    world.ticker.every("slow", 0.02, slow)
    world.ticker.every("slot", 0.05, world.act)
    world.ticker.start()
    await world.twice.wait()
    release.set()
    assert (world.metrics.value(SCHEDULER_EVENTS, "overlap") or 0) >= 1


async def test_a_failure_is_counted_and_the_work_goes_on(world, caplog):
    async def broken() -> None:
        await world.act()
        raise RuntimeError("boom")

    world.ticker.every("broken", 0.02, broken)
    world.ticker.start()
    await world.twice.wait()
    assert (world.metrics.value(SCHEDULER_EVENTS, "error") or 0) >= 1


async def test_every_event_is_there_from_the_start(world):
    assert [
        world.metrics.value(SCHEDULER_EVENTS, each) for each in ("missed", "overlap", "error")
    ] == [
        0,
        0,
        0,
    ]


async def test_a_single_call_comes_once(world):
    called = asyncio.Event()
    world.ticker.later(0.001, called.set)
    await called.wait()


async def test_a_clock_set_back_does_not_silence_periodic_work():
    clock = FakeClock()
    world = World(clock)
    world.ticker.every("slot", 0.02, world.act)
    world.ticker.start()
    # What a clock set back by five hours leaves behind: a next run five hours away.
    world.ticker._scheduler.modify_job(
        "slot", next_run_time=SystemClock().now() + timedelta(hours=5)
    )
    clock.step(-5 * 3600)
    world.ticker._guard()
    await world.twice.wait()
    world.ticker.stop()
