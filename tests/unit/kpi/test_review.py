"""The questions of a review."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.basis import Basis
from probe.domain.block import Block
from probe.domain.evidence import DetectedBy, Event, Review, Window
from probe.domain.gate import Mode, Objective, Override
from probe.domain.revisit import Change, Trigger
from probe.kpi import KPIS
from probe.kpi.review import (
    Facts,
    Findings,
    Heard,
    due_at,
    finding_of,
    heard_of,
    kpi_named,
    repeated_classes,
    unmatched_of,
)
from tests.builders import NOON
from tests.ledgers import INCIDENT

DAY = timedelta(days=1)
SIGNED = Objective("signature_coverage", 1.0, True, Mode.GATE, cadence=31 * DAY)
SPREAD = Objective("global_propagation", 1800.0, False, Mode.INFORM, cadence=90 * DAY)
WORD = ("1.4.2", Override("signature_coverage", "ada", "keys rotate", NOON))
NOTHING = Facts((), (), (), {})
REVIEW = Review("widget", "stable", NOON - 40 * DAY, "ada", "{}", "")


def test_what_a_gate_stopped_and_who_let_it_pass_is_found():
    blocks = (Block("signature_coverage", "1.4.1", NOON), Block("global_propagation", "1.0", NOON))
    found = finding_of(SIGNED, (), replace(NOTHING, blocks=blocks, words=(WORD,)))
    assert (found.blocked, found.overridden) == (("1.4.1",), (WORD,))
    assert found.mode is Mode.GATE


def test_a_gate_that_was_only_ever_overridden_could_inform():
    assert finding_of(SIGNED, (), replace(NOTHING, words=(WORD,))).mode is Mode.INFORM
    assert finding_of(SIGNED, (), NOTHING).mode is Mode.GATE


def test_what_announced_an_incident_could_be_a_gate():
    found = finding_of(
        SPREAD, (), replace(NOTHING, missed_before={"i-1": ("global_propagation",), "i-2": ()})
    )
    assert (found.announced, found.mode) == (("i-1",), Mode.GATE)
    assert finding_of(SPREAD, (), NOTHING).mode is Mode.INFORM


@pytest.mark.parametrize("text", ["P2", "p2", " global_propagation "])
def test_a_post_mortem_names_a_kpi_by_code_or_name(text):
    incidents = (replace(INCIDENT, metric_matched=text), replace(INCIDENT, id="i-2"))
    found = finding_of(SPREAD, (), replace(NOTHING, incidents=incidents))
    assert found.named == ("i-1",)


@pytest.mark.parametrize("text", ["", "none", "a dashboard"])
def test_other_words_name_none(text):
    assert kpi_named(text) is None


def fired(name, id):
    return Event(id, "alert", "widget", "stable", "", NOON, "alertmanager", name)


def test_an_alert_on_which_nobody_acts_is_noise():
    alert = next(alert for kpi in KPIS for alert in kpi.alerts)
    [kpi] = [kpi.name for kpi in KPIS if alert in kpi.alerts]
    events = [fired(alert.name, f"a-{number}") for number in range(4)] + [fired("Own", "b")]
    incidents = [
        replace(INCIDENT, id="a-0", cause="sync"),
        replace(INCIDENT, id="a-1", joined="head"),
        replace(INCIDENT, id="a-2"),
        replace(INCIDENT, id="head"),
    ]
    often, own = heard_of(events, incidents)
    assert (often, own) == (Heard(alert.name, kpi, 4, 1), Heard("Own", "", 1, 0))
    assert (often.noise, own.noise) == (True, True)
    acted = [*incidents[:3], replace(INCIDENT, id="head", cause="dns")]
    assert heard_of(events, acted)[0] == Heard(alert.name, kpi, 4, 2)
    assert not heard_of(events, acted)[0].noise


def test_a_failure_that_only_users_saw_is_named():
    told = replace(INCIDENT, detected_by=DetectedBy.USER)
    assert unmatched_of([told, INCIDENT], {}) == (told,)
    assert unmatched_of([told], {"i-1": ("artifact_availability",)}) == ()
    assert unmatched_of([replace(told, metric_matched="A1")], {}) == ()
    assert unmatched_of([replace(told, joined="head")], {}) == ()
    none = replace(told, metric_matched="none")
    assert unmatched_of([none], {}) == (none,)


def test_a_review_is_due_by_the_shortest_cadence():
    assert due_at(REVIEW, [SPREAD, SIGNED], NOON) == REVIEW.at + 31 * DAY
    assert due_at(REVIEW, [], NOON) == REVIEW.at + 31 * DAY
    assert due_at(None, [SIGNED], NOON) == NOON


def findings(due, *changes):
    window = Window(NOON - 90 * DAY, NOON)
    return Findings(window, REVIEW, due, (), (), (), changes, Basis())


def test_a_review_is_due_when_something_changed():
    assert findings(NOON).due
    assert not findings(NOON + DAY).due
    assert findings(NOON + DAY, Trigger(Change.PROOFS, "files are signed")).due


def test_a_class_that_came_again_since_then_is_repeated():
    old = replace(INCIDENT, onset_at=NOON - 50 * DAY)
    new = replace(INCIDENT, id="i-2", onset_at=NOON - DAY)
    since = NOON - 40 * DAY
    assert repeated_classes([old, new], since) == ("timeout/cdn",)
    assert repeated_classes([old, new], NOON) == ()
    assert repeated_classes([new], since) == ()
    assert repeated_classes([old, replace(new, joined="i-1")], since) == ()
    assert repeated_classes([old, replace(new, incident_class="stale:cdn")], since) == ()
