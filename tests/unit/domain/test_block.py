"""Gates that stopped a release."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.block import Block, block_events, blocks_of
from probe.domain.gate import Gate, Judged, Mode, Objective, Override, Reading, Ruling
from tests.builders import NOON

QUARTER_HOUR = timedelta(minutes=15)
SIGNED = Objective("signature_coverage", 1.0, True, Mode.GATE)
FAILED = Judged(SIGNED, Reading(0.5, NOON), Ruling.FAIL, "0.5, not at least 1")


def events(*judged, published_at=NOON - QUARTER_HOUR, at=NOON):
    return list(block_events(Gate(at, judged), "widget", "stable", "1.4.2", published_at))


def test_a_gate_that_stopped_a_release_is_kept_with_its_reason():
    [event] = events(FAILED)
    assert (event.kind, event.version, event.at) == ("block", "1.4.2", NOON)
    assert event.detail == '{"kpi": "signature_coverage", "why": "0.5, not at least 1"}'
    assert list(blocks_of([event])) == [Block("signature_coverage", "1.4.2", NOON)]


def test_it_is_kept_once_however_long_it_lasts():
    assert events(FAILED)[0].id == events(FAILED, at=NOON + timedelta(days=1))[0].id


@pytest.mark.parametrize(
    "judged",
    [
        replace(FAILED, ruling=Ruling.PASS),
        replace(FAILED, ruling=Ruling.UNKNOWN),
        replace(FAILED, objective=replace(SIGNED, mode=Mode.INFORM)),
        replace(FAILED, override=Override("signature_coverage", "ada", "x", NOON)),
    ],
    ids=["passes", "unknown", "informs", "overridden"],
)
def test_what_stops_nothing_is_no_block(judged):
    assert events(judged) == []


def test_a_release_has_a_quarter_of_an_hour_to_arrive():
    assert events(FAILED, published_at=NOON - QUARTER_HOUR + timedelta(seconds=1)) == []


@pytest.mark.parametrize("detail", ["", "{", "[]", '{"kpi": 1}', "[" * 100_000])
def test_what_an_import_brings_and_cannot_be_read_is_none(detail):
    [event] = events(FAILED)
    assert list(blocks_of([replace(event, detail=detail), replace(event, kind="approval")])) == []
