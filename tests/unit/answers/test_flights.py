"""Questions that take a while are under way once, and whoever asks does not wait for long."""

import asyncio

import pytest

from probe.answers.pages.flights import GOOD_SECONDS, Flights
from probe.ports import EvidenceUnavailable
from tests.fakes.clock import FakeClock, settle


class Oracle:
    """Answers with how often it was asked; while it is told to, not before it may."""

    def __init__(self) -> None:
        self.asked = 0
        self.at_once = 0
        self.most_at_once = 0
        self.may = asyncio.Event()
        self.may.set()
        self.fault: Exception | None = None

    async def __call__(self) -> int:
        self.asked += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.may.wait()
        finally:
            self.at_once -= 1
        if self.fault:
            raise self.fault
        return self.asked


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def oracle() -> Oracle:
    return Oracle()


async def test_many_who_ask_the_same_at_once_are_told_by_one_question(clock, oracle):
    flights: Flights[int] = Flights(clock)
    told = await asyncio.gather(*(flights.told("a", oracle) for _ in range(5)))
    assert {each.found for each in told} == {1}
    assert oracle.asked == 1


async def test_what_is_found_is_good_for_some_seconds_and_then_asked_again(clock, oracle):
    flights: Flights[int] = Flights(clock)
    assert (await flights.told("a", oracle)).found == 1
    await clock.advance(GOOD_SECONDS - 1)
    assert (await flights.told("a", oracle)).found == 1
    await clock.advance(1)
    # What is known is shown while it is asked again.
    assert (await flights.told("a", oracle)).found == 1
    await settle()
    assert (await flights.told("a", oracle)).found == 2


async def test_who_is_not_answered_in_time_is_told_so_and_later_the_answer(clock, oracle):
    flights: Flights[int] = Flights(clock, patience_seconds=0)
    oracle.may.clear()
    told = await flights.told("a", oracle)
    assert (told.found, told.why) == (None, "no answer within 0 s; it is still being asked")
    assert (await flights.told("a", oracle)).found is None
    assert oracle.asked == 1
    oracle.may.set()
    await settle()
    assert (await flights.told("a", oracle)).found == 1
    assert oracle.asked == 1


async def test_a_fault_is_told_and_not_asked_for_again_at_once(clock, oracle):
    flights: Flights[int] = Flights(clock)
    oracle.fault = EvidenceUnavailable("it is gone")
    for _ in range(3):
        told = await flights.told("a", oracle)
        assert (told.found, told.why) == (None, "it is gone")
    assert oracle.asked == 1


async def test_what_was_known_before_a_fault_is_not_shown_after_it(clock, oracle):
    flights: Flights[int] = Flights(clock)
    await flights.told("a", oracle)
    await clock.advance(GOOD_SECONDS)
    oracle.fault = EvidenceUnavailable("it is gone")
    await flights.told("a", oracle)
    await settle()
    assert (await flights.told("a", oracle)).why == "it is gone"


async def test_a_bug_is_not_taken_for_a_fault(clock, oracle):
    flights: Flights[int] = Flights(clock)
    oracle.fault = ValueError("a bug")
    with pytest.raises(ValueError, match="a bug"):
        await flights.told("a", oracle)


async def test_one_question_is_asked_at_a_time_and_no_more_than_sixteen_wait(clock, oracle):
    flights: Flights[int] = Flights(clock, patience_seconds=0)
    oracle.may.clear()
    told = [await flights.told(number, oracle) for number in range(17)]
    assert [each.why for each in told[:16]] == [
        "no answer within 0 s; it is still being asked"
    ] * 16
    assert told[16].why == "too much is asked of it already"
    oracle.may.set()
    await settle()
    assert (await flights.told(15, oracle)).found == 16
    assert (oracle.asked, oracle.most_at_once) == (16, 1)


async def test_what_is_under_way_is_given_up_at_the_end(clock, oracle):
    flights: Flights[int] = Flights(clock, patience_seconds=0)
    oracle.may.clear()
    await flights.told("a", oracle)
    await flights.close()
    assert oracle.at_once == 0
