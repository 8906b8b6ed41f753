"""R1-R4: whose incidents count, and when one could go back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.bucket import Tally
from probe.domain.evidence import DetectedBy, IncidentRecord, Window
from probe.kpi import Measured, Rollback, Unknown
from probe.kpi.recoverability import (
    INCIDENT_RECURRENCE,
    ROLLBACK_READINESS,
    TIME_TO_DETECT,
    TIME_TO_RESTORE,
)
from probe.kpi.value import NO_INCIDENTS
from tests.builders import NOON
from tests.unit.kpi.builders import a_segment, of, released, the_evidence

DAY = timedelta(days=1)
QUARTER = Window(NOON - 90 * DAY, NOON)
INCIDENT = IncidentRecord(
    id="1",
    product="widget",
    channel="stable",
    endpoint="cdn",
    region="eu-west-1",
    onset_at=NOON - DAY,
    detected_at=NOON - DAY + timedelta(minutes=2),
    detected_by=DetectedBy.PROBE,
    reason="timeout",
    incident_class="timeout:cdn",
    served_at=NOON - DAY + timedelta(minutes=10),
    restored_at=NOON - DAY + timedelta(minutes=30),
)


def of_incidents(*incidents):
    return the_evidence(window=QUARTER, incidents=incidents)


def test_times_are_means_over_incidents():
    other = replace(INCIDENT, detected_at=NOON - DAY, restored_at=NOON - DAY + timedelta(hours=1))
    assert TIME_TO_DETECT.value(of_incidents(INCIDENT, other)) == Measured(60.0, 2)
    assert TIME_TO_RESTORE.value(of_incidents(INCIDENT, other)) == Measured(2700.0, 2)


def test_users_may_be_served_before_the_endpoint_is_restored():
    served = TIME_TO_RESTORE.parts[1].formula(of_incidents(INCIDENT))
    assert served == {(): Measured(600.0, 1)}


@pytest.mark.parametrize(
    "fields",
    [{"joined": "7"}, {"onset_at": NOON - 91 * DAY}, {"onset_at": NOON}],
    ids=["part of another", "before the window", "after it"],
)
def test_incidents_that_do_not_count(fields):
    assert TIME_TO_DETECT.value(of_incidents(replace(INCIDENT, **fields))) == NO_INCIDENTS


def test_an_incident_that_goes_on_has_no_time_to_restore():
    going_on = replace(INCIDENT, restored_at=None, served_at=None)
    assert TIME_TO_RESTORE.value(of_incidents(going_on)) == Unknown("no incident is over")
    assert TIME_TO_RESTORE.value(of_incidents(going_on, INCIDENT)) == Measured(1800.0, 1)


def test_the_share_that_users_told_of_stands_beside_the_mean():
    told = replace(INCIDENT, detected_by=DetectedBy.USER)
    share = TIME_TO_DETECT.parts[0].formula(of_incidents(told, INCIDENT))
    assert share == {(): Measured(0.5, 2)}


def test_incidents_that_repeat_an_earlier_one():
    later = replace(INCIDENT, id="2", onset_at=NOON - timedelta(hours=2))
    assert INCIDENT_RECURRENCE.value(of_incidents(INCIDENT, later)) == Measured(0.5, 2)


def test_an_outage_seen_from_two_regions_is_over_when_one_of_them_has_it_back():
    saw = replace(INCIDENT, first_failure_at=NOON - DAY)
    part = replace(
        saw, id="2", region="us", joined="1", restored_at=NOON - DAY + timedelta(hours=2)
    )
    assert TIME_TO_RESTORE.value(of_incidents(saw, part)) == Measured(1800.0, 1)


def test_an_outage_of_an_endpoint_is_one_that_two_of_its_regions_see_at_a_time():
    saw = replace(INCIDENT, first_failure_at=NOON - DAY)
    late = replace(
        saw, id="2", region="us", joined="1", onset_at=NOON - DAY + timedelta(minutes=10)
    )
    alone = replace(saw, id="3", onset_at=NOON - timedelta(hours=1), restored_at=NOON)
    of_two = {a_segment(region=region): Tally() for region in ("eu-west-1", "us")}
    evidence = replace(of_incidents(saw, late, alone), tallies=of_two)
    by_endpoint = TIME_TO_RESTORE.parts[0].formula
    assert by_endpoint(evidence) == {("cdn",): Measured(1200.0, 1)}
    assert by_endpoint(of_incidents(saw, alone)) == {("cdn",): Measured(2700.0, 2)}


@pytest.mark.parametrize(
    ("rollback", "ready"),
    [
        (Rollback(named=True, served=True, signed=True, documented=True), True),
        (Rollback(named=False, served=True, signed=True, documented=True), False),
        (Rollback(named=True, served=None, signed=False, documented=True), False),
        (Rollback(named=True, served=None, signed=True, documented=True), None),
    ],
)
def test_a_way_back_needs_all_of_it(rollback, ready):
    assert rollback.ready is ready


def test_a_release_that_nobody_looked_at_is_in_neither_side():
    back = Rollback(named=True, served=True, signed=True, documented=True)
    evidence = of(released(rollback=back), released())
    assert ROLLBACK_READINESS.value(evidence) == Measured(1.0, 1, excluded=1)
