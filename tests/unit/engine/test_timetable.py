"""Each target starts at its own moment, whatever happens to the others or to the clock."""

from probe.domain.schedule import MICROSECONDS, next_due_us, phase_us
from probe.domain.target import Target
from probe.engine.roster import Roster
from probe.engine.timetable import Timetable
from tests.builders import a_target, an_endpoint
from tests.fakes.clock import FakeClock
from tests.fakes.ticker import FakeTicker


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.ticker = FakeTicker(self.clock)
        self.started: list[tuple[str, float]] = []
        self.late: list[float] = []
        self.roster = Roster()
        self.timetable = Timetable(self.clock, self.ticker, self._start)
        self.ticker.every("slot", 1.0, self._tick)
        self.ticker.start()

    async def _tick(self) -> None:
        self.timetable.tick()

    def _start(self, state, due) -> None:
        self.started.append((state.target.endpoint.name, self.now()))
        self.late.append(self.clock.monotonic() - due)

    def now(self):
        return self.clock.now().timestamp()

    def plan(self, *targets: Target):
        change = self.roster.retarget(targets, int(self.now() * MICROSECONDS))
        self.timetable.add((*change.came, *change.moved))

    def of(self, name):
        return [at for who, at in self.started if who == name]

    async def end(self):
        self.ticker.stop()
        await self.clock.advance(0)


def target(name, interval=60.0):
    return a_target(endpoint=an_endpoint(name, interval_seconds=interval))


def due_after(state, moment):
    return next_due_us(state.phase_us, state.interval_us, int(moment * MICROSECONDS)) / MICROSECONDS


async def test_a_target_starts_once_an_interval_at_its_phase():
    world = World()
    begin = world.now()
    world.plan(target("cdn"))
    await world.clock.advance(180)
    first = due_after(world.roster.get(target("cdn").key), begin)
    assert [round(at, 3) for at in world.of("cdn")] == [round(first + n * 60, 3) for n in range(3)]
    assert max(world.late) < 0.001
    await world.end()


async def test_who_is_due_before_the_first_slot_starts_then_and_not_an_interval_later():
    world = World()
    begin = world.now()
    world.timetable.tick()
    names = [f"mirror-{number}" for number in range(300)]
    world.plan(*map(target, names))
    first = {name: due_after(world.roster.get(target(name).key), begin) for name in names}
    slot = next_due_us(phase_us("slot", MICROSECONDS), MICROSECONDS, int(begin * MICROSECONDS))
    until = slot / MICROSECONDS - 0.001
    await world.clock.advance(until - begin)
    early = {name for name, due in first.items() if due < until}
    assert early
    assert {name for name, _ in world.started} == early
    assert max(world.late) < 0.001
    await world.end()


async def test_an_interval_of_a_second_is_kept():
    world = World()
    world.plan(target("cdn", 1.0))
    await world.clock.advance(10)
    assert len(world.of("cdn")) == 10
    await world.end()


async def test_others_coming_and_going_move_nobody():
    world = World()
    world.plan(target("cdn"))
    await world.clock.advance(60)
    world.plan(target("cdn"), target("mirror"))
    await world.clock.advance(60)
    world.plan(target("cdn"))
    await world.clock.advance(60)
    first, second, third = world.of("cdn")
    assert round(second - first, 3) == round(third - second, 3) == 60
    assert len(world.of("mirror")) == 1
    await world.end()


async def test_another_interval_takes_effect_at_once():
    world = World()
    world.plan(target("cdn", 3600.0))
    await world.clock.advance(1)
    world.started.clear()
    world.plan(target("cdn", 10.0))
    await world.clock.advance(30)
    assert len(world.of("cdn")) == 3
    await world.end()


async def test_a_target_that_is_gone_starts_no_more():
    world = World()
    world.plan(target("cdn", 10.0))
    await world.clock.advance(20)
    world.started.clear()
    world.plan()
    await world.clock.advance(60)
    assert world.started == []
    await world.end()


async def test_a_clock_set_forward_does_not_start_everybody_at_once():
    world = World()
    world.plan(target("cdn"))
    await world.clock.advance(60)
    world.started.clear()
    world.clock.step(3600 * 5)
    await world.clock.advance(60)
    assert len(world.of("cdn")) == 1
    await world.end()


async def test_a_clock_set_back_does_not_silence_anybody():
    world = World()
    world.plan(target("cdn"))
    await world.clock.advance(60)
    world.started.clear()
    world.clock.step(-3600 * 5)
    await world.clock.advance(62)
    assert len(world.of("cdn")) in (1, 2)
    await world.clock.advance(60)
    assert len(world.of("cdn")) in (2, 3)
    await world.end()


async def test_what_a_stall_made_miss_is_not_made_up_for():
    world = World()
    world.plan(target("cdn", 10.0))
    await world.clock.advance(10)
    world.started.clear()
    world.clock.stall(100)
    await world.clock.advance(0.001)
    assert len(world.of("cdn")) <= 1
    await world.clock.advance(20)
    assert len(world.of("cdn")) <= 3
    await world.end()
