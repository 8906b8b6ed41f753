"""What one incident is to the others in the register."""

from dataclasses import replace
from datetime import timedelta

from probe.domain.evidence import DetectedBy, IncidentRecord, RestoredBy
from probe.domain.outage import (
    Cause,
    class_of,
    default_class,
    noticed,
    placed_among,
    reopened,
    repeats,
    resolved,
    weighed,
    with_cause,
)
from tests.builders import NOON

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def an_incident(id="one", *, onset=NOON, minutes=None, **fields):
    incident = IncidentRecord(
        **{
            "id": id,
            "product": "widget",
            "channel": "stable",
            "endpoint": "cdn",
            "region": "eu-west-1",
            "onset_at": onset,
            "detected_at": onset + MINUTE,
            "detected_by": DetectedBy.PROBE,
            "reason": "timeout",
            "incident_class": "timeout:cdn",
            **fields,
        }
    )
    return incident if minutes is None else resolved(incident, onset + minutes * MINUTE)


def test_the_impact_is_regions_times_minutes_until_users_are_served():
    assert an_incident(minutes=12).impact_minutes == 12.0
    served = an_incident(served_at=NOON + 4 * MINUTE)
    over = resolved(served, NOON + 12 * MINUTE)
    assert over.impact_minutes == 4.0
    assert over.restored_by is RestoredBy.FALLBACK


def test_the_impact_by_share_of_users_is_unknown_without_weights():
    over = an_incident(minutes=10)
    assert weighed(over, {}).impact_share is None
    assert weighed(over, {"eu-west-1": 0.25}).impact_share == 2.5


def test_what_is_reopened_is_as_it_was_when_it_was_open():
    opened = an_incident()
    assert reopened(resolved(opened, NOON + MINUTE)) == opened
    served = an_incident(served_at=NOON + MINUTE, restored_by=RestoredBy.FALLBACK)
    assert reopened(resolved(served, NOON + 9 * MINUTE)) == served


def test_an_incident_repeats_the_last_one_of_its_class_within_90_days():
    earlier = [an_incident(f"{days}", onset=NOON - days * DAY, minutes=5) for days in (91, 80, 7)]
    assert placed_among(an_incident(), earlier).recurs == "7"
    assert placed_among(an_incident(), earlier[:2]).recurs == "80"
    assert placed_among(an_incident(), earlier[:1]).recurs == ""


def test_another_class_or_product_or_one_that_is_part_of_another_is_not_repeated():
    earlier = an_incident("before", onset=NOON - DAY, minutes=5)
    others = [
        replace(earlier, incident_class="stale:cdn"),
        replace(earlier, product="gadget"),
        replace(earlier, joined="more"),
    ]
    assert [placed_among(an_incident(), [each]).recurs for each in others] == ["", "", ""]


def test_the_same_outage_seen_from_another_region_is_part_of_the_first():
    first = an_incident("first", region="us-east-1")
    part = placed_among(an_incident(onset=NOON + MINUTE), [first])
    assert (part.joined, part.recurs) == ("first", "")


def test_an_outage_at_another_endpoint_is_one_of_its_own():
    first = an_incident("first", endpoint="github")
    assert placed_among(an_incident(onset=NOON + MINUTE), [first]).joined == ""


def test_what_is_told_of_a_product_as_a_whole_takes_in_every_endpoint():
    told = an_incident("told", endpoint="", region="", detected_by=DetectedBy.USER)
    assert placed_among(an_incident(onset=NOON + MINUTE), [told]).joined == "told"


def test_who_told_first_detected_it():
    incident = an_incident()
    early = noticed(incident, NOON - MINUTE, DetectedBy.USER)
    assert (early.detected_by, early.detected_at) == (DetectedBy.USER, NOON - MINUTE)
    assert early.onset_at == NOON - MINUTE
    assert noticed(incident, NOON + 2 * MINUTE, DetectedBy.USER) == incident


def test_a_post_mortem_refines_the_class_once():
    incident = with_cause(with_cause(an_incident(), Cause.SYNC), Cause.CACHE)
    assert incident.incident_class == "timeout:cdn:cache"
    assert default_class(incident) == class_of("timeout", "cdn")


def two_of_a_class():
    first = an_incident("first", onset=NOON - DAY, minutes=5)
    return first, replace(an_incident("second", minutes=5), recurs="first")


def test_what_repeats_an_earlier_one_is_known_from_their_classes():
    assert repeats(two_of_a_class()) == {"second"}


def test_causes_that_differ_make_two_classes_and_one_that_is_not_known_does_not():
    first, second = two_of_a_class()
    assert repeats([with_cause(first, Cause.SYNC), second]) == {"second"}
    assert repeats([with_cause(first, Cause.SYNC), with_cause(second, Cause.SYNC)]) == {"second"}
    assert repeats([with_cause(first, Cause.SYNC), with_cause(second, Cause.CACHE)]) == set()


def test_what_repeats_one_that_is_forgotten_still_does():
    _, second = two_of_a_class()
    assert repeats([second]) == {"second"}
