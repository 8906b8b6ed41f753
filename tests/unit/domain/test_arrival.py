"""An artifact came to be there between the last miss and the first download."""

from probe.domain.arrival import NOWHERE, Arrival, look
from probe.domain.bucket import Attempt
from probe.domain.moment import to_ms
from probe.domain.target import Depth
from tests.builders import NOON
from tests.ledgers import an_attempt

START = to_ms(NOON)


def after(*attempts: Attempt):
    arrival = NOWHERE
    for attempt in attempts:
        arrival = look(arrival, attempt)
    return arrival


def test_the_first_download_is_kept_with_the_last_miss_before_it():
    found = after(an_attempt(0, passed=False), an_attempt(15, passed=False), an_attempt(30))
    assert found == Arrival(START + 30_000, START + 15_000)


def test_nothing_after_the_first_download_changes_it():
    found = after(an_attempt(0), an_attempt(15, passed=False), an_attempt(30))
    assert found == Arrival(START, None)


def test_an_inconclusive_attempt_is_no_miss():
    assert after(an_attempt(0, passed=None)) is NOWHERE


def test_a_pass_that_proves_no_bytes_is_neither_a_sight_nor_a_miss():
    found = after(an_attempt(0, passed=False), an_attempt(15, depth=Depth.HEAD), an_attempt(30))
    assert found == Arrival(START + 30_000, START)


def test_misses_that_come_in_late_do_not_move_the_last_one_back():
    assert after(an_attempt(15, passed=False), an_attempt(0, passed=False)).last_miss_ms == (
        START + 15_000
    )
