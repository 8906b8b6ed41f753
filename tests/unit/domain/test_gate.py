"""When a release may go on."""

from datetime import timedelta

import jsonschema
import pytest

from probe.domain.gate import (
    PLAIN_TERMS,
    Judged,
    Mode,
    Objective,
    Override,
    Reading,
    Ruling,
    Terms,
    evaluate,
)
from probe.domain.gate_record import GATE_SCHEMA, gate_record
from tests.builders import NOON

MINUTE = timedelta(minutes=1)
COVERAGE = Objective("mirror_coverage", 0.9, higher_is_better=True, mode=Mode.GATE, owner="mirrors")
LATENCY = Objective("download_latency", 60.0, higher_is_better=False)


def judge(reading: Reading, *overrides: Override, terms: Terms = PLAIN_TERMS) -> Judged:
    gate = evaluate([COVERAGE], {COVERAGE.kpi: reading}, NOON, terms, overrides)
    [judged] = gate.judged
    return judged


@pytest.mark.parametrize(
    ("reading", "ruling", "why"),
    [
        (Reading(0.9, NOON), Ruling.PASS, ""),
        (Reading(0.89, NOON), Ruling.FAIL, "0.89, not at least 0.9"),
        (Reading(float("nan"), NOON), Ruling.UNKNOWN, "nothing is known"),
        (Reading(None, NOON, why="no release"), Ruling.UNKNOWN, "no release"),
        (Reading(1.0, NOON - 15 * MINUTE), Ruling.PASS, ""),
        (Reading(1.0, NOON - 16 * MINUTE), Ruling.UNKNOWN, "the evidence is 16 minutes old"),
        (Reading(1.0, NOON, regions=2), Ruling.UNKNOWN, "seen from 2 regions, not 3"),
        (Reading(1.0, NOON, regions=3), Ruling.PASS, ""),
    ],
)
def test_a_target_is_met_missed_or_unknown(reading, ruling, why):
    judged = judge(reading, terms=Terms(regions=3))
    assert (judged.ruling, judged.why) == (ruling, why)


def test_what_nobody_read_is_unknown():
    gate = evaluate([COVERAGE], {}, NOON)
    assert gate.ruling is Ruling.UNKNOWN
    assert gate.judged[0].why == "it was not read"


def test_a_target_that_only_informs_stops_nothing():
    readings = {"mirror_coverage": Reading(1.0, NOON), "download_latency": Reading(90.0, NOON)}
    gate = evaluate([COVERAGE, LATENCY], readings, NOON)
    assert gate.judged[1].ruling is Ruling.FAIL
    assert gate.ruling is Ruling.PASS


def test_of_nothing_demanded_nothing_is_known():
    assert evaluate([LATENCY], {LATENCY.kpi: Reading(1.0, NOON)}, NOON).ruling is Ruling.UNKNOWN


def test_a_failure_outweighs_what_is_unknown():
    checksums = Objective("checksum_coverage", 1.0, higher_is_better=True, mode=Mode.GATE)
    gate = evaluate([checksums, COVERAGE], {COVERAGE.kpi: Reading(0.1, NOON)}, NOON)
    assert gate.ruling is Ruling.FAIL


@pytest.mark.parametrize(
    ("override", "holds"),
    [
        (Override("mirror_coverage", "ada", "the mirror is being moved", NOON + MINUTE), True),
        (Override("mirror_coverage", "ada", "the mirror is being moved", NOON), False),
        (Override("mirror_coverage", "", "the mirror is being moved", NOON + MINUTE), False),
        (Override("mirror_coverage", "ada", " ", NOON + MINUTE), False),
        (Override("checksum_coverage", "ada", "not asked for", NOON + MINUTE), False),
    ],
    ids=["holds", "over", "nobody", "no reason", "another KPI"],
)
def test_an_override_needs_who_why_and_until(override, holds):
    judged = judge(Reading(0.1, NOON), override)
    assert judged.ruling is Ruling.FAIL
    assert judged.blocks is not holds


def test_a_pass_needs_no_override():
    override = Override("mirror_coverage", "ada", "the mirror is being moved", NOON + MINUTE)
    assert judge(Reading(1.0, NOON), override).override is None


def test_the_record_is_what_its_schema_says():
    override = Override("mirror_coverage", "ada", "the mirror\x1b[31m moves", NOON + MINUTE)
    gate = evaluate(
        [COVERAGE, LATENCY], {COVERAGE.kpi: Reading(0.5, NOON, 2)}, NOON, overrides=[override]
    )
    record = gate_record(gate, "widget", "stable", "1.4.2")
    jsonschema.validate(record, GATE_SCHEMA)
    assert record["ruling"] == "pass"
    assert record["objectives"] == [
        {
            "kpi": "mirror_coverage",
            "mode": "gate",
            "kind": "slo",
            "target": 0.9,
            "direction": "higher",
            "owner": "mirrors",
            "runbook": "",
            "value": 0.5,
            "evidence_at": "2026-08-20T12:00:00+00:00",
            "regions": 2,
            "of_product": False,
            "ruling": "fail",
            "why": "0.5, not at least 0.9",
            "blocks": False,
            "override": {
                "who": "ada",
                "why": "the mirror[31m moves",
                "until": "2026-08-20T12:01:00+00:00",
            },
        },
        {
            "kpi": "download_latency",
            "mode": "inform",
            "kind": "slo",
            "target": 60.0,
            "direction": "lower",
            "owner": "",
            "runbook": "",
            "value": None,
            "evidence_at": "2026-08-20T12:00:00+00:00",
            "regions": None,
            "of_product": False,
            "ruling": "unknown",
            "why": "it was not read",
            "blocks": False,
            "override": None,
        },
    ]
