"""A gate that was told is read back as it was, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.gate import Gate, Judged, Kind, Mode, Objective, Override, Reading, Ruling, Source
from probe.domain.gate_reading import NoGate, read_gate
from probe.domain.gate_record import gate_record
from tests.builders import NOON

OBJECTIVE = Objective(
    "artifact_availability",
    0.99,
    higher_is_better=True,
    mode=Mode.GATE,
    owner="release-team",
    runbook="https://example.com/runbook",
    kind=Kind.SLO,
)
FAILED = Judged(OBJECTIVE, Reading(0.5, NOON, 2), Ruling.FAIL, "0.5, not at least 0.99")
OVERRIDDEN = replace(
    FAILED, override=Override(OBJECTIVE.kpi, "ada", "known", NOON + timedelta(hours=1))
)
UNKNOWN = Judged(
    replace(OBJECTIVE, kpi="global_propagation", higher_is_better=False, mode=Mode.INFORM),
    Reading(None, NOON, None, of_product=True),
    Ruling.UNKNOWN,
    "nothing is known",
)


@pytest.mark.parametrize("judged", [(), (FAILED,), (OVERRIDDEN, UNKNOWN)])
@pytest.mark.parametrize("source", Source)
def test_what_was_told_is_what_is_read(judged, source):
    gate = Gate(NOON, judged, source)
    told = gate_record(gate, "widget", "stable", "1.4.2")
    assert read_gate(told) == (gate, "stable")


TOLD = gate_record(Gate(NOON, (FAILED,)), "widget", "stable", "1.4.2")


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "pass",
        {},
        {**TOLD, "objectives": None},
        {**TOLD, "objectives": ["x"]},
        {**TOLD, "at": "2026-08-20T12:00:00"},
        {**TOLD, "at": 5},
        {**TOLD, "source": "oracle"},
    ],
)
def test_what_is_no_gate_is_refused(told):
    with pytest.raises(NoGate, match=r"^it is no record of a gate$"):
        read_gate(told)


def test_another_version_is_refused():
    with pytest.raises(NoGate, match=r"^it is no gate of version 1$"):
        read_gate({**TOLD, "schema": "delivery-gate/v2"})


def test_a_ruling_that_its_parts_do_not_bear_out_is_not_believed():
    with pytest.raises(NoGate, match=r"^its ruling is not that of its objectives$"):
        read_gate({**TOLD, "ruling": "pass"})
