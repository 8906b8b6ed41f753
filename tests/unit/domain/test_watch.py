from datetime import timedelta

import pytest

from probe.domain.target import EarlyProbe, EndpointKind
from probe.domain.watch import held_until, is_new, origins_of, waits_for_origin, watch_seconds
from tests.builders import NOON, a_product, a_target, an_endpoint

CDN = an_endpoint("cdn", kind=EndpointKind.CDN)
GITHUB = an_endpoint("github", kind=EndpointKind.GITHUB)
MARKED = an_endpoint("store", kind=EndpointKind.MIRROR, origin=True)


def test_a_watch_backs_off_from_fifteen_seconds_to_five_minutes():
    steps = [watch_seconds(rounds, 3600.0) for rounds in range(8)]
    assert steps == [15, 30, 60, 120, 240, 300, 300, 300]


def test_a_watch_is_never_slower_than_the_interval():
    assert [watch_seconds(rounds, 60.0) for rounds in range(4)] == [15, 30, 60, 60]


def test_a_release_is_new_for_a_day():
    assert is_new(NOON - timedelta(hours=23, minutes=59), NOON)
    assert not is_new(NOON - timedelta(hours=24), NOON)


def test_a_marked_origin_is_the_only_origin():
    assert origins_of(a_product(GITHUB, CDN, MARKED)) == (MARKED,)


def test_without_a_mark_the_systems_of_record_are_origins():
    assert origins_of(a_product(GITHUB, CDN)) == (GITHUB,)


@pytest.mark.parametrize(
    ("endpoint", "origins", "waits"),
    [
        (CDN, (GITHUB,), True),
        (CDN, (), False),
        (GITHUB, (GITHUB,), False),
        (MARKED, (MARKED,), False),
        (an_endpoint("c", kind=EndpointKind.CDN, early_probe=EarlyProbe.ALWAYS), (GITHUB,), False),
    ],
)
def test_only_a_copy_with_an_origin_waits(endpoint, origins, waits):
    assert waits_for_origin(a_target(endpoint=endpoint), origins) is waits


def test_a_copy_is_held_for_half_an_hour_at_most():
    assert held_until(NOON, NOON + timedelta(minutes=5)) == NOON + timedelta(minutes=30)


def test_a_release_dated_in_the_future_is_held_from_when_it_was_seen():
    assert held_until(NOON + timedelta(days=1), NOON) == NOON + timedelta(minutes=30)
