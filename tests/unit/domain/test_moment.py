"""Moments and milliseconds."""

from datetime import timedelta, timezone

from probe.domain.moment import from_ms, to_ms
from tests.builders import NOON


def test_a_moment_survives_to_the_millisecond():
    moment = NOON + timedelta(milliseconds=123)
    assert from_ms(to_ms(moment)) == moment
    assert to_ms(NOON + timedelta(microseconds=999)) == to_ms(NOON)


def test_the_offset_of_a_moment_does_not_matter():
    assert to_ms(NOON.astimezone(timezone(timedelta(hours=2)))) == to_ms(NOON)
