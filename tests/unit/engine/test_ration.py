from dataclasses import replace

from probe.domain.artifact import MIB
from probe.domain.depth import Weight
from probe.engine.ration import Ration
from probe.engine.roster import TargetState
from probe.series import BUDGET_REMAINING, FULL_DOWNLOADS_DEFERRED
from tests.builders import a_release, a_target, an_artifact, an_endpoint
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics

PAIR = ("widget", "stable", "origin")
DAY = 86_400


class World:
    def __init__(self, limit: int | None = 100 * MIB) -> None:
        self.clock = FakeClock()
        self.metrics = FakeMetrics()
        self.ration = Ration(self.clock, self.metrics)
        self.ration.bytes_per_day = limit

    def plan(self, *states: TargetState, gone: tuple[TargetState, ...] = ()):
        self.ration.retarget([state.target for state in states], gone)

    def shown(self, metric=FULL_DOWNLOADS_DEFERRED, pair=PAIR):
        self.ration.publish()
        return self.metrics.value(metric, *pair)


def large(name="disk.iso", mib=50, seen=1, endpoint=None):
    artifact = an_artifact(name, size=mib * MIB - 1)
    target = a_target(
        artifact=artifact,
        release=a_release("1.0", artifact),
        endpoint=endpoint or an_endpoint(),
    )
    return TargetState.first(target, seen)


async def test_the_bytes_that_came_are_charged():
    world, one = World(), large()
    world.plan(one)
    assert world.ration.reserve(one.target, 10 * MIB)
    assert world.shown(BUDGET_REMAINING) == 90 * MIB
    world.ration.settle(one.target, 10 * MIB, 3 * MIB, Weight.SMALL)
    assert world.shown(BUDGET_REMAINING) == 97 * MIB


async def test_what_does_not_fit_is_deferred_visibly():
    world, one, two = World(), large("a"), large("b", seen=2)
    world.plan(one, two)
    assert world.ration.claim(one)
    assert not world.ration.claim(two)
    assert world.shown() == 1


async def test_the_next_day_brings_the_deferred_their_turn_oldest_first():
    world, one, two, three = World(), large("a"), large("b", seen=2), large("c", seen=3)
    world.plan(one, two, three)
    assert world.ration.claim(one)
    world.ration.settle(one.target, 50 * MIB, 50 * MIB, Weight.BULK)
    assert [world.ration.claim(each) for each in (two, three)] == [False, False]
    await world.clock.advance(DAY)
    assert [world.ration.claim(each) for each in (three, two)] == [False, True]
    assert world.shown() == 1


async def test_a_target_that_is_gone_waits_no_more():
    world, one, two = World(), large("a"), large("b", seen=2)
    world.plan(one, two)
    world.ration.claim(one)
    world.ration.claim(two)
    world.plan(one, gone=(two,))
    assert world.shown() == 0


async def test_an_endpoint_may_have_a_limit_of_its_own():
    world, one = World(), large(endpoint=an_endpoint(bytes_per_day=7))
    world.plan(one)
    assert world.shown(BUDGET_REMAINING) == 7
    assert not world.ration.reserve(one.target, 8)


async def test_another_limit_keeps_what_was_spent():
    world, one = World(), large()
    world.plan(one)
    world.ration.reserve(one.target, 10 * MIB)
    world.ration.bytes_per_day = 20 * MIB
    world.plan(one)
    assert world.shown(BUDGET_REMAINING) == 10 * MIB


async def test_without_a_limit_there_is_nothing_to_show():
    world, one = World(limit=None), large()
    world.plan(one)
    assert world.ration.claim(one)
    assert world.shown(BUDGET_REMAINING) is None


async def test_an_endpoint_that_is_gone_leaves_no_series():
    world, one = World(), large()
    world.plan(one)
    world.plan(gone=(one,))
    assert world.shown(BUDGET_REMAINING) is None
    assert world.shown() is None


async def test_endpoints_have_accounts_of_their_own():
    world, one = World(), large()
    other = large(endpoint=replace(an_endpoint(), name="mirror"))
    world.plan(one, other)
    assert world.ration.claim(one)
    assert world.ration.claim(other)


async def test_a_claim_that_is_withdrawn_keeps_no_bytes_from_others():
    world, one, two, three = World(), large("a"), large("b", seen=2), large("c", seen=3)
    world.plan(one, two, three)
    assert world.ration.claim(one)
    world.ration.settle(one.target, 50 * MIB, 50 * MIB, Weight.BULK)
    assert [world.ration.claim(each) for each in (two, three)] == [False, False]
    world.ration.withdraw(two)
    assert world.shown() == 1
    await world.clock.advance(DAY)
    assert world.ration.claim(three)
