"""A verdict is written down once, when nothing can change it any more."""

from datetime import timedelta

import pytest

from probe.domain.artifact import Platform
from probe.kpi.verdicts import settled_by, verdict_on
from tests.builders import NOON, an_artifact
from tests.unit.kpi.builders import an_asset, released

WIDGET = ("widget", "stable")
PUBLISHED = NOON - timedelta(minutes=32)
DEADLINE = NOON - timedelta(minutes=2)


def of_today(*assets, **fields):
    there = assets or (an_asset(first_at=PUBLISHED),)
    return released(*there, published_at=PUBLISHED, **fields)


def test_a_release_that_was_complete_is_settled_as_of_its_deadline():
    verdict = verdict_on(WIDGET, of_today(), NOON)
    assert (verdict.at, verdict.detail, verdict.version) == (DEADLINE, "complete", "1.4.2")
    assert settled_by([verdict]) == {"1.4.2": True}


def test_a_release_that_was_not_is_settled_with_what_it_lacked():
    lacking = of_today(
        an_asset(an_artifact("w.tgz"), first_at=None, missed_at=NOON),
        absent_platforms=(Platform("darwin", "arm64"),),
    )
    verdict = verdict_on(WIDGET, lacking, NOON)
    assert verdict.detail == "incomplete: platform darwin/arm64, file w.tgz"
    assert settled_by([verdict]) == {"1.4.2": False}


def test_what_came_late_is_settled_as_late():
    late = of_today(an_asset(first_at=NOON, missed_at=DEADLINE))
    assert verdict_on(WIDGET, late, NOON).detail == "incomplete: late"


@pytest.mark.parametrize(
    ("release", "now"),
    [
        (of_today(), DEADLINE + timedelta(seconds=89)),
        (of_today(settled=True), NOON),
        (of_today(an_asset(first_at=None)), NOON),
        (of_today(an_asset(first_at=NOON), watched=False), NOON),
    ],
    ids=["written down too soon", "settled", "not looked at", "old when it was listed"],
)
def test_nothing_is_settled_that_is_not_certain(release, now):
    assert verdict_on(WIDGET, release, now) is None
