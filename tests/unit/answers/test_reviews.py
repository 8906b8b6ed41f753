"""What a review has to look at, by a real ledger."""

from dataclasses import replace
from datetime import timedelta

from probe.answers import Sources, findings_of
from probe.domain.basis import Basis, basis_text
from probe.domain.evidence import DetectedBy, Event, Pair, Published, Review
from probe.domain.gate import Mode, Objective
from probe.domain.revisit import Change, Trigger
from tests.builders import NOON, a_release, a_target
from tests.fakes.clock import FakeClock
from tests.ledgers import INCIDENT, a_ledger, an_attempt
from tests.unit.answers.builders import CDN, configured

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
AVAILABLE = Objective("artifact_availability", 0.99, True, Mode.GATE, cadence=31 * DAY)
WIDGET = configured(AVAILABLE)
RELEASE = a_release(published_at=NOON - 40 * DAY)
ONSET = NOON - 3 * DAY
TOLD = replace(INCIDENT, onset_at=ONSET, detected_at=ONSET, detected_by=DetectedBy.USER)


async def found(directory, *attempts, entries=(), product=WIDGET):
    pairs = (Pair("cdn", "eu-west-1"),)
    with a_ledger(directory, FakeClock(NOON)) as ledger:
        assert await ledger.keep(
            Published("widget", RELEASE, pairs, RELEASE.published_at), *entries
        )
        for at, passed in attempts:
            target = a_target(release=RELEASE, endpoint=CDN)
            ledger.record(an_attempt(at, passed, target=target))
        assert await ledger.flush()
    return await findings_of(Sources(directory), product, NOON)


async def test_what_users_told_of_is_matched_by_a_target_that_was_missed_then(tmp_path):
    seen = [(ONSET - 70 * MINUTE, True), (ONSET + 5 * MINUTE, False), (ONSET + 6 * MINUTE, False)]
    assert (await found(tmp_path, *seen, entries=[TOLD])).unmatched == ()


async def test_what_users_told_of_and_nothing_showed_is_unmatched(tmp_path):
    seen = [(ONSET - 5 * MINUTE, True), (ONSET + 5 * MINUTE, True), (ONSET + 99 * MINUTE, False)]
    assert (await found(tmp_path, *seen, entries=[TOLD])).unmatched == (TOLD,)


async def test_a_target_that_was_missed_before_an_incident_announced_it(tmp_path):
    seen = [(ONSET - 20 * MINUTE, False), (ONSET - 19 * MINUTE, False)]
    [target] = (await found(tmp_path, *seen, entries=[INCIDENT, replace(TOLD, id="i-2")])).targets
    assert target.announced == ("i-2",)


async def test_the_failure_itself_announces_nothing(tmp_path):
    began = ONSET + 2 * MINUTE
    seen = [(ONSET - 20 * MINUTE, True), (ONSET + 1 * MINUTE, False), (began + MINUTE, False)]
    [target] = (await found(tmp_path, *seen, entries=[replace(INCIDENT, onset_at=began)])).targets
    assert target.announced == ()


async def test_of_many_incidents_the_last_ones_are_looked_into(tmp_path):
    many = [
        replace(TOLD, id=f"i-{number:02}", onset_at=ONSET + number * MINUTE) for number in range(55)
    ]
    findings = await found(tmp_path, entries=many)
    assert (len(findings.unmatched), findings.unlooked) == (50, 5)
    assert findings.unmatched[0].id == "i-05"


async def test_what_changed_since_the_last_review_is_found(tmp_path):
    old = Review("widget", "stable", NOON - 50 * DAY, "ada", basis_text(Basis()), "")
    last = replace(old, at=NOON - 40 * DAY, actor="bob", basis=basis_text(Basis(
        targets={"artifact_availability": 0.99}
    )))  # fmt: skip
    cached = Event("c", "cache", "widget", "stable", "1.4.2", NOON - DAY, "probe", "cdn")
    again = [
        replace(INCIDENT, id=f"i-{age}", onset_at=NOON - age * DAY, restored_at=NOON - age * DAY)
        for age in (60, 2)
    ]
    findings = await found(tmp_path, entries=[old, last, cached, *again])
    assert findings.last.actor == "bob"
    assert findings.due_at == last.at + 31 * DAY
    assert findings.triggers == (
        Trigger(Change.CACHING, "a cache answers at cdn, which is none"),
        Trigger(Change.REPETITION, "incidents of timeout/cdn came again"),
    )


async def test_a_basis_that_cannot_be_read_is_none(tmp_path):
    broken = Review("widget", "stable", NOON - 40 * DAY, "ada", "{}", "")
    findings = await found(tmp_path, entries=[broken])
    assert (findings.last, findings.triggers) == (broken, None)
