"""What may be promised."""

from datetime import timedelta

from probe.domain.promise import asked_since, mark_event
from tests.builders import NOON

DAY = timedelta(days=1)


def marks(*ages, kpi="artifact_availability"):
    return [mark_event("widget", "stable", kpi, NOON - age * DAY) for age in ages]


def since(*ages):
    found = asked_since(marks(*ages), "artifact_availability", NOON)
    return None if found is None else (NOON - found).days


def test_what_is_asked_in_every_week_is_asked_since_the_first():
    assert since(1, 8, 15, 22, 29, 36) == 36


def test_a_week_without_a_word_is_no_gap():
    assert since(10, 24, 38) == 38


def test_what_was_asked_before_a_gap_does_not_count():
    assert since(1, 8, 23, 30) == 8


def test_what_is_asked_no_more_is_not_asked():
    assert since(15, 22) is None
    assert since() is None


def test_what_is_asked_of_another_kpi_does_not_count():
    assert asked_since(marks(1, 8, kpi="mirror_coverage"), "artifact_availability", NOON) is None


def test_a_mark_is_the_same_all_through_the_week():
    monday = NOON - timedelta(days=(NOON - NOON.replace(year=1970, month=1, day=1)).days % 7)
    first, again = (
        mark_event("widget", "stable", "artifact_availability", monday + age * DAY)
        for age in (0, 6)
    )
    later = mark_event("widget", "stable", "artifact_availability", monday + 7 * DAY)
    assert first.id == again.id
    assert first.id != later.id
