"""One outage as a whole: when it began, and when the endpoint was back."""

from datetime import timedelta

import pytest

from probe.domain.evidence import DetectedBy, Window
from probe.domain.whole import Whole, quorum_outages, wholes
from tests.builders import NOON
from tests.unit.domain.test_outage import an_incident

MINUTE = timedelta(minutes=1)
HOUR = Window(NOON, NOON + timedelta(hours=1))


def seen(region, since, until=None, **fields):
    """Return an incident that the probe saw, by minutes after noon."""
    onset = NOON + since * MINUTE
    minutes = None if until is None else until - since
    fields.setdefault("id", f"{region}{since}")
    return an_incident(
        onset=onset, minutes=minutes, region=region, first_failure_at=onset, **fields
    )


def test_parts_stand_with_what_they_are_part_of():
    head, part, other = seen("eu", 0), seen("us", 1, joined="eu0"), seen("eu", 30)
    assert wholes([part, other, head]) == [Whole(other), Whole(head, (part,))]


def test_it_began_where_it_began_first():
    assert Whole(seen("eu", 5), (seen("us", 3),)).onset_at == NOON + 3 * MINUTE


@pytest.mark.parametrize(
    ("spans", "over"),
    [
        ([("eu", 0, 9)], 9),
        ([("eu", 0, None)], None),
        ([("eu", 0, 9), ("us", 1, 20)], 9),
        ([("eu", 0, None), ("us", 1, 20)], 20),
        ([("eu", 0, None), ("us", 1, None)], None),
        ([("eu", 0, 9), ("us", 1, 20), ("ap", 2, 30)], 20),
        ([("eu", 0, 30), ("us", 1, 5), ("us", 10, 20)], 20),
    ],
)
def test_it_is_over_when_fewer_than_two_regions_see_it(spans, over):
    head, *parts = (seen(*span) for span in spans)
    found = Whole(head, tuple(parts))
    assert found.restored_at == found.served_at == (None if over is None else NOON + over * MINUTE)


def test_what_no_probe_saw_is_over_when_it_is_told_to_be():
    told = an_incident("told", minutes=7, region="", detected_by=DetectedBy.USER)
    assert Whole(told).restored_at == NOON + 7 * MINUTE
    assert Whole(told, (seen("eu", 1, 4),)).restored_at == NOON + 4 * MINUTE


def outages(*incidents, regions=2):
    found = quorum_outages(incidents, {"cdn": regions}, HOUR)
    return [each / MINUTE for each in found.get("cdn", ())]


def test_an_outage_is_the_time_in_which_two_regions_see_it():
    assert outages(seen("eu", 0, 20), seen("us", 5, 30)) == [15.0]
    assert outages(seen("eu", 0, 20), seen("us", 20, 30)) == []
    assert outages(seen("eu", 0, 20), regions=1) == [20.0]


def test_what_is_less_than_ten_minutes_apart_is_one_outage():
    pairs = [(0, 5), (14, 20), (30, 35)]
    both = [seen(region, *span) for span in pairs for region in ("eu", "us")]
    assert outages(*both) == [20.0, 5.0]


def test_of_an_outage_counts_what_is_in_the_window():
    assert outages(seen("eu", -30, 10), regions=1) == [10.0]
    assert outages(seen("eu", 50), regions=1) == [10.0]
    assert outages(seen("eu", -30, -10), regions=1) == []
