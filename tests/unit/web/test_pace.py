"""How often one client may ask."""

import aiohttp
import pytest

from probe.web.pace import Pace
from tests.fakes.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pace(clock) -> Pace:
    return Pace(clock.monotonic, per_second=10, burst=20)


def admitted(pace: Pace, client: str, times: int, cost: float = 1) -> int:
    return sum(pace.admits(client, cost) for _ in range(times))


def test_a_burst_is_admitted_and_no_more(pace):
    assert admitted(pace, "a", 30) == 20


def test_what_costs_more_is_admitted_less_often(pace):
    assert admitted(pace, "a", 30, cost=10) == 2


def test_tokens_flow_in_again(pace, clock):
    admitted(pace, "a", 30)
    clock.stall(0.5)
    assert admitted(pace, "a", 30) == 5


def test_a_client_that_was_silent_has_a_burst_and_not_more(pace, clock):
    admitted(pace, "a", 30)
    clock.stall(3600)
    assert admitted(pace, "a", 30) == 20


def test_one_client_takes_nothing_from_another(pace):
    admitted(pace, "a", 30)
    assert admitted(pace, "b", 30) == 20


def test_no_more_clients_are_remembered_than_a_few_thousand(pace):
    admitted(pace, "a", 20)
    for number in range(5000):
        pace.admits(str(number), 1)
    assert len(pace._full_at) == 4096


async def test_who_asks_too_often_is_told_so(start):
    serving = await start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as session:
        statuses = []
        for _ in range(60):
            async with session.get("/metrics") as answer:
                statuses.append(answer.status)
    assert set(statuses[:50]) == {200}
    assert 429 in statuses
