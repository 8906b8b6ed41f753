"""What a ledger says of releases, held against what is asked of them."""

from dataclasses import replace
from datetime import timedelta

import jsonschema
import pytest

from probe.answers import Question, ReleaseAnswers, Sources, gate_in_any_case
from probe.answers.region import region_gate
from probe.domain.evidence import Pair, Published
from probe.domain.gate import Mode, Objective, Reading, Ruling
from probe.domain.gate_record import GATE_SCHEMA
from probe.domain.target import Region
from probe.kpi.scorecard_record import SCORECARD_SCHEMA
from probe.ports import EvidenceUnavailable
from tests.builders import NOON, a_release, a_target, an_endpoint
from tests.fakes.clock import FakeClock
from tests.ledgers import a_ledger, an_attempt, filled
from tests.unit.answers.builders import CDN, configured

GONE = an_endpoint("gone")
RELEASE = a_release(published_at=NOON - timedelta(hours=1))
DEMANDED = Objective("artifact_availability", 0.99, higher_is_better=True, mode=Mode.GATE)
AVAILABLE = DEMANDED.kpi
COMPLETE = Objective("release_completeness", 0.98, higher_is_better=True)


WIDGET = configured(DEMANDED, COMPLETE)


async def fill(directory, *heard):
    pairs = (Pair("cdn", "eu-west-1"),)
    with a_ledger(directory) as ledger:
        assert await ledger.keep(Published("widget", RELEASE, pairs, RELEASE.published_at))
        for endpoint, region, seconds in heard:
            target = a_target(release=RELEASE, endpoint=endpoint, region=Region(region))
            ledger.record(an_attempt(seconds - 60, target=target))
            ledger.record(an_attempt(seconds, target=target))
        assert await ledger.flush()
    return directory


def at(minutes: float):
    return NOON + timedelta(minutes=minutes)


def gate_of(directory, product, version, now, regions=1):
    return region_gate(directory, Question(product, version, now, regions))


async def test_evidence_is_as_old_as_what_was_not_heard_of_for_the_longest(tmp_path):
    await fill(tmp_path, (CDN, "eu-west-1", 0), (CDN, "us-east-1", 600))
    found = gate_of(tmp_path, WIDGET, "1.4.2", at(11)).judged[0]
    assert (found.ruling, found.reading) == (Ruling.PASS, Reading(1.0, NOON, 2))
    late = gate_of(tmp_path, WIDGET, "1.4.2", at(16)).judged[0]
    assert (late.ruling, late.why) == (Ruling.UNKNOWN, "the evidence is 16 minutes old")
    assert late.reading.regions == 1


async def test_attempts_without_a_verdict_make_nothing_fresh(tmp_path):
    await fill(tmp_path, (CDN, "eu-west-1", 0))
    await filled(tmp_path, an_attempt(900, passed=None, target=of("eu-west-1")))
    late = gate_of(tmp_path, WIDGET, "1.4.2", at(16)).judged[0]
    assert (late.ruling, late.why) == (Ruling.UNKNOWN, "the evidence is 16 minutes old")
    await filled(tmp_path, an_attempt(900, target=of("eu-west-1")))
    await filled(tmp_path, an_attempt(900, passed=None, target=of("us-east-1")))
    none = gate_of(tmp_path, WIDGET, "1.4.2", at(16)).judged[0]
    why = "no attempt at cdn from us-east-1 came to a verdict yet"
    assert (none.ruling, none.why, none.reading.regions) == (Ruling.UNKNOWN, why, 1)


def of(region):
    return a_target(release=RELEASE, endpoint=CDN, region=Region(region))


async def test_an_endpoint_that_is_configured_no_more_makes_nothing_old(tmp_path):
    await fill(tmp_path, (GONE, "eu-west-1", -3000), (CDN, "eu-west-1", 0))
    assert gate_of(tmp_path, WIDGET, "1.4.2", at(1)).judged[0].reading.at == NOON


async def test_a_region_that_is_configured_no_more_makes_nothing_old(tmp_path):
    await fill(tmp_path, (CDN, "us-east-1", -3000), (CDN, "eu-west-1", 0))
    here = replace(WIDGET, regions=("eu-west-1",))
    assert gate_of(tmp_path, here, "1.4.2", at(1)).judged[0].reading.at == NOON
    old = gate_of(tmp_path, replace(WIDGET, regions=()), "1.4.2", at(1)).judged[0]
    assert old.ruling is Ruling.UNKNOWN
    narrow = replace(WIDGET.product, endpoints=(replace(CDN, regions=("eu-west-1",)),))
    found = gate_of(tmp_path, replace(WIDGET, product=narrow), "1.4.2", at(1)).judged[0]
    assert found.reading.at == NOON


async def test_files_of_a_release_are_the_same_from_every_region(tmp_path):
    await fill(tmp_path, (CDN, "eu-west-1", 0))
    available, complete = gate_of(tmp_path, WIDGET, "1.4.2", at(1), regions=2).judged
    assert (available.ruling, available.why) == (Ruling.UNKNOWN, "seen from 1 regions, not 2")
    assert (complete.reading.regions, complete.why) == (
        None,
        "nobody watched it up to its deadline",
    )


async def test_of_a_release_that_nobody_asked_for_nothing_is_known(tmp_path):
    await fill(tmp_path)
    found = gate_of(tmp_path, configured(COMPLETE), "1.4.2", at(1)).judged[0]
    assert (found.ruling, found.why) == (
        Ruling.UNKNOWN,
        "nobody watched it up to its deadline",
    )


async def test_a_release_that_is_not_known_is_named(tmp_path):
    await fill(tmp_path, (CDN, "eu-west-1", 0))
    found = gate_of(tmp_path, WIDGET, "9.9", at(1))
    assert {each.why for each in found.judged} == {
        "nothing is known of a release 9.9 of widget (stable)"
    }


async def test_without_a_ledger_every_objective_is_unknown(tmp_path):
    why = f"there is no ledger at {tmp_path}/ledger.db"
    found = await gate_in_any_case(Sources(tmp_path), Question(WIDGET, "1.4.2", NOON))
    assert [each.why for each in found.judged] == [why, why]
    assert found.ruling is Ruling.UNKNOWN


async def test_answers_for_programs_are_as_their_schemas_say(tmp_path):
    await fill(tmp_path, (CDN, "eu-west-1", 0))
    answers = ReleaseAnswers(lambda: Sources(tmp_path), lambda: [WIDGET], FakeClock())
    gate = await answers.gate("widget", "", "1.4.2", 1)
    card = await answers.scorecard("widget", "stable", "")
    jsonschema.validate(gate, GATE_SCHEMA)
    jsonschema.validate(card, SCORECARD_SCHEMA)
    assert (gate["ruling"], gate["channel"]) == ("pass", "stable")
    assert (card["version"], card["ruling"]) == ("1.4.2", "pass")


async def test_programs_are_told_that_there_is_no_ledger(tmp_path):
    answers = ReleaseAnswers(lambda: Sources(tmp_path), lambda: [WIDGET], FakeClock())
    with pytest.raises(EvidenceUnavailable, match="there is no ledger at"):
        await answers.gate("widget", "", "1.4.2", 1)
    with pytest.raises(EvidenceUnavailable, match="there is no ledger at"):
        await answers.scorecard("widget", "", "1.4.2")


async def test_a_withdrawn_release_is_said_to_be(tmp_path):
    with a_ledger(tmp_path) as ledger:
        withdrawn = replace(RELEASE, yanked=True)
        assert await ledger.keep(Published("widget", withdrawn, (), NOON))
    found = gate_of(tmp_path, WIDGET, "1.4.2", at(1))
    assert {each.why for each in found.judged} == {"1.4.2 was withdrawn"}
