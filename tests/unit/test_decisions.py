"""Decisions about releases, on a real ledger."""

import asyncio
from datetime import timedelta

import jsonschema
import pytest

from probe.answers import Question, Sources
from probe.answers.region import region_gate
from probe.decisions import Decisions
from probe.domain.basis import read_basis
from probe.domain.gate import Mode, Objective, Ruling
from probe.domain.override import Word
from probe.domain.told import Unfit
from probe.kpi.review_record import REVIEW_SCHEMA
from probe.ports import EvidenceUnavailable, NoSuchProduct
from tests.builders import NOON
from tests.fakes.clock import FakeClock
from tests.ledgers import ALL_DAY, a_ledger, read
from tests.unit.answers.builders import configured

SIGNED = Objective("signature_coverage", 1.0, True, Mode.GATE)
WIDGET, BETA = configured(SIGNED), configured(SIGNED, channel="beta")
UNTIL = NOON + timedelta(days=2)
WORD = Word("widget", "", "1.4.2", SIGNED.kpi, "ada", "keys rotate", NOON, UNTIL)


def events(directory):
    return read(directory, lambda kept: kept.events("widget", "stable", ALL_DAY))


async def test_a_gate_that_is_overridden_passes_until_its_end(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
        decisions = Decisions(lambda: Sources(tmp_path), lambda: [WIDGET], FakeClock(), ledger.keep)
        assert region_gate(tmp_path, Question(WIDGET, "1.4.2", NOON)).ruling is Ruling.UNKNOWN
        assert await decisions.override(WORD) == {
            "outcome": "opened",
            "product": "widget",
            "channel": "stable",
            "version": "1.4.2",
            "kpi": "signature_coverage",
            "who": "ada",
            "why": "keys rotate",
            "until": "2026-08-22T12:00:00+00:00",
        }
    gate = region_gate(tmp_path, Question(WIDGET, "1.4.2", NOON))
    assert (gate.ruling, gate.judged[0].ruling) == (Ruling.PASS, Ruling.UNKNOWN)
    assert gate.judged[0].override.who == "ada"
    assert region_gate(tmp_path, Question(WIDGET, "1.4.3", NOON)).ruling is Ruling.UNKNOWN
    assert region_gate(tmp_path, Question(WIDGET, "1.4.2", UNTIL)).ruling is Ruling.UNKNOWN


async def test_the_same_word_twice_at_once_is_one(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
        decisions = Decisions(lambda: Sources(tmp_path), lambda: [WIDGET], FakeClock(), ledger.keep)
        told = await asyncio.gather(decisions.override(WORD), decisions.override(WORD))
    assert sorted(each["outcome"] for each in told) == ["known", "opened"]
    assert len(events(tmp_path)) == 1


async def test_an_override_that_is_taken_back_is_resolved(tmp_path):
    back = Word("widget", "stable", "1.4.2", SIGNED.kpi, "bob", "signed", NOON, None)
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
        decisions = Decisions(lambda: Sources(tmp_path), lambda: [WIDGET], FakeClock(), ledger.keep)
        await decisions.override(WORD)
        told = await decisions.override(back)
        assert (told["outcome"], told["until"]) == ("resolved", None)
        assert (await decisions.override(back))["outcome"] == "known"
    assert region_gate(tmp_path, Question(WIDGET, "1.4.2", NOON)).ruling is Ruling.UNKNOWN


async def test_targets_of_a_reload_count_from_then_on(tmp_path):
    products = [configured()]
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
        decisions = Decisions(lambda: Sources(tmp_path), lambda: products, FakeClock(), ledger.keep)
        with pytest.raises(Unfit):
            await decisions.override(WORD)
        products[:] = [WIDGET]
        assert (await decisions.override(WORD))["outcome"] == "opened"


async def test_a_product_with_channels_has_to_be_named_with_one(tmp_path):
    with a_ledger(tmp_path) as ledger:
        decisions = Decisions(
            lambda: Sources(tmp_path), lambda: [WIDGET, BETA], FakeClock(), ledger.keep
        )
        with pytest.raises(NoSuchProduct):
            await decisions.override(WORD)


async def test_without_a_ledger_nothing_is_taken(tmp_path):
    async def keep(_event):
        pytest.fail("there is nowhere to keep it")

    decisions = Decisions(lambda: Sources(tmp_path), lambda: [WIDGET], FakeClock(), keep)
    with pytest.raises(EvidenceUnavailable):
        await decisions.override(WORD)


async def test_a_review_is_kept_with_what_it_was_held_against(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
        decisions = Decisions(lambda: Sources(tmp_path), lambda: [WIDGET], FakeClock(), ledger.keep)
        told = await decisions.review("widget", "", "ada", "fine")
    jsonschema.validate(told, REVIEW_SCHEMA)
    [review] = read(tmp_path, lambda kept: kept.reviews("widget", "stable"))
    assert (review.at, review.actor, review.note) == (NOON, "ada", "fine")
    assert read_basis(review.basis).targets == {"signature_coverage": 1.0}
    assert told["last"] is None


async def test_a_review_of_nothing_known_is_not_kept(tmp_path):
    async def keep(_review):
        pytest.fail("there is nothing to keep")

    decisions = Decisions(lambda: Sources(tmp_path), lambda: [WIDGET], FakeClock(), keep)
    with pytest.raises(NoSuchProduct):
        await decisions.review("gadget", "", "ada", "")
    with pytest.raises(EvidenceUnavailable):
        await decisions.review("widget", "", "ada", "")
