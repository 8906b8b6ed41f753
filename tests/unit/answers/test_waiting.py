"""Judging until it passes, or until nobody has the patience."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from probe.answers import await_pass
from probe.domain.gate import Gate, Judged, Mode, Objective, Reading, Ruling
from tests.builders import NOON
from tests.fakes.clock import FakeClock

DEMANDED = Objective("artifact_availability", 0.99, higher_is_better=True, mode=Mode.GATE)


def a_gate(ruling: Ruling) -> Gate:
    return Gate(NOON, (Judged(DEMANDED, Reading(0.5, NOON), ruling, "why"),))


def say(answer: Callable[[], Gate]) -> Callable[[], Awaitable[Gate]]:
    async def judge() -> Gate:
        return answer()

    return judge


@pytest.mark.parametrize("ruling", [Ruling.FAIL, Ruling.UNKNOWN])
async def test_waiting_ends_with_the_first_pass(ruling):
    clock, heard = FakeClock(), asyncio.Queue()
    answers = iter([a_gate(ruling), a_gate(ruling), a_gate(Ruling.PASS)])
    told = []

    def tell(gate, left):
        told.append((gate.ruling, left))
        heard.put_nowait(None)

    work = asyncio.create_task(
        await_pass(say(lambda: next(answers)), clock, timedelta(minutes=15), tell)
    )
    for _ in range(2):
        await heard.get()
        await clock.advance(5)
    assert (await work).ruling is Ruling.PASS
    assert told == [
        (ruling, timedelta(minutes=15)),
        (ruling, timedelta(minutes=14, seconds=55)),
    ]


async def test_waiting_ends_with_the_last_answer_when_the_time_is_over():
    clock, heard = FakeClock(), asyncio.Queue()
    work = asyncio.create_task(
        await_pass(
            say(lambda: a_gate(Ruling.FAIL)),
            clock,
            timedelta(seconds=7),
            lambda _gate, left: heard.put_nowait(left),
        )
    )
    assert await heard.get() == timedelta(seconds=7)
    await clock.advance(5)
    assert await heard.get() == timedelta(seconds=2)
    await clock.advance(2)
    assert (await work).ruling is Ruling.FAIL


async def test_without_patience_there_is_one_answer():
    def tell(gate, left):
        pytest.fail("nobody waits")

    clock = FakeClock()
    judged = await await_pass(say(lambda: a_gate(Ruling.FAIL)), clock, timedelta(), tell)
    assert judged.ruling is Ruling.FAIL
