"""Observations on their way to the sinks: gathered for a moment, never lost, always in order."""

from probe.engine.fanout import GATHER_SECONDS, MOST_AT_ONCE, Fanout
from tests.builders import an_observation
from tests.fakes.clock import FakeClock
from tests.fakes.ticker import FakeTicker
from tests.unit.engine.world import FakeSink


class Gathering:
    """A fanout to two sinks on a fake clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sinks = (FakeSink(), FakeSink())
        self.fanout = Fanout(self.sinks, FakeTicker(self.clock))
        self.seen = [an_observation(id=f"{number:02}") for number in range(2 * MOST_AT_ONCE)]

    def record(self, first: int, end: int) -> None:
        for observation in self.seen[first:end]:
            self.fanout.record(observation)

    def heard(self) -> list[list[str]]:
        return [[each.id for each in sink.observations] for sink in self.sinks]


async def test_what_comes_within_a_moment_is_passed_on_together_and_in_order():
    gathering = Gathering()
    gathering.record(0, 1)
    await gathering.clock.advance(GATHER_SECONDS / 2)
    gathering.record(1, 3)
    assert gathering.heard() == [[], []]
    await gathering.clock.advance(GATHER_SECONDS / 2)
    assert gathering.heard() == [["00", "01", "02"]] * 2


async def test_what_comes_later_waits_for_a_moment_of_its_own():
    gathering = Gathering()
    gathering.record(0, 1)
    await gathering.clock.advance(GATHER_SECONDS)
    gathering.record(1, 2)
    await gathering.clock.advance(GATHER_SECONDS / 2)
    assert gathering.heard() == [["00"]] * 2
    await gathering.clock.advance(GATHER_SECONDS / 2)
    assert gathering.heard() == [["00", "01"]] * 2


async def test_as_many_as_may_wait_are_passed_on_at_once():
    gathering = Gathering()
    gathering.record(0, MOST_AT_ONCE - 1)
    assert gathering.heard() == [[], []]
    gathering.record(MOST_AT_ONCE - 1, MOST_AT_ONCE + 1)
    assert gathering.heard() == [[each.id for each in gathering.seen[:MOST_AT_ONCE]]] * 2
    await gathering.clock.advance(GATHER_SECONDS)
    assert gathering.heard() == [[each.id for each in gathering.seen[: MOST_AT_ONCE + 1]]] * 2


async def test_a_flush_passes_on_what_waits_and_nothing_twice():
    gathering = Gathering()
    gathering.record(0, 2)
    gathering.fanout.flush()
    gathering.fanout.flush()
    await gathering.clock.advance(GATHER_SECONDS)
    assert gathering.heard() == [["00", "01"]] * 2


async def test_who_listens_for_a_while_hears_what_was_seen_in_it_and_no_more():
    gathering = Gathering()
    listener = FakeSink()
    gathering.record(0, 1)
    with gathering.fanout.listening(listener):
        gathering.record(1, 3)
    gathering.record(3, 4)
    gathering.fanout.flush()
    assert [each.id for each in listener.observations] == ["01", "02"]
    assert gathering.heard() == [["00", "01", "02", "03"]] * 2
