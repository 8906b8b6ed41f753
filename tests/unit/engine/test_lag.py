from probe.engine.lag import LoopLag
from probe.series import LOOP_LAG
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics
from tests.fakes.ticker import FakeTicker


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.metrics = FakeMetrics()
        self.ticker = FakeTicker(self.clock)
        self.lag = LoopLag(self.clock, self.ticker, self.metrics)
        self.lag.start()

    def shown(self):
        return round(self.metrics.value(LOOP_LAG), 3)


async def test_a_loop_that_keeps_up_shows_no_lag():
    world = World()
    await world.clock.advance(1.0)
    assert world.shown() == 0
    assert not world.lag.overloaded(0.0)


async def test_the_highest_lag_of_ten_seconds_is_shown():
    world = World()
    await world.clock.advance(0.05)
    world.clock.stall(0.5)
    await world.clock.advance(1.0)
    assert world.shown() == 0.45
    await world.clock.advance(8.0)
    assert world.shown() == 0.45
    await world.clock.advance(2.0)
    assert world.shown() == 0


async def test_half_a_second_is_no_overload():
    world = World()
    world.clock.stall(0.6)
    await world.clock.advance(1.0)
    assert not world.lag.overloaded(0.0)


async def test_a_second_late_is_overload_for_what_was_under_way():
    world = World()
    await world.clock.advance(1.0)
    world.clock.stall(1.5)
    await world.clock.advance(1.0)
    assert world.lag.overloaded(0.5)
    assert not world.lag.overloaded(3.0)


async def test_a_stall_is_noticed_before_the_sampler_runs():
    world = World()
    await world.clock.advance(1.0)
    world.clock.stall(1.5)
    assert world.lag.overloaded(0.5)
    await world.clock.advance(0)


async def test_a_sampler_that_was_not_started_sees_nothing():
    clock = FakeClock()
    lag = LoopLag(clock, FakeTicker(clock), FakeMetrics())
    clock.stall(60)
    assert not lag.overloaded(0.0)
