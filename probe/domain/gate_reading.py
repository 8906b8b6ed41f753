"""A gate as another process has told it: JSON of ``delivery-gate/v1`` back to a value."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from probe.domain.gate import Gate, Judged, Kind, Mode, Objective, Override, Reading, Ruling, Source


class NoGate(Exception):
    """What was told is no gate, or contradicts itself; the text is bounded."""


def read_gate(told: object) -> tuple[Gate, str]:
    """
    Return the gate that a record tells of, and the channel.

    Raises:
        NoGate: it is no record of a gate of this version, or its ruling is not that of its parts.
    """
    try:
        record = _mapping(told)
        if record["schema"] != "delivery-gate/v1":
            raise NoGate("it is no gate of version 1")
        judged = tuple(_judged(_mapping(each)) for each in record["objectives"])
        gate = Gate(_moment(record["at"]), judged, Source(record["source"]))
        channel = str(record["channel"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NoGate("it is no record of a gate") from None
    # Whoever sent it holds something else of it than its parts say: it is not to be believed.
    if gate.ruling.value != record["ruling"]:
        raise NoGate("its ruling is not that of its objectives")
    return gate, channel


def _judged(record: Mapping[str, Any]) -> Judged:
    objective = Objective(
        kpi=str(record["kpi"]),
        target=float(record["target"]),
        higher_is_better=record["direction"] == "higher",
        mode=Mode(record["mode"]),
        owner=str(record["owner"]),
        runbook=str(record["runbook"]),
        kind=Kind(record["kind"]),
    )
    reading = Reading(
        value=None if record["value"] is None else float(record["value"]),
        at=_moment(record["evidence_at"]),
        regions=None if record["regions"] is None else int(record["regions"]),
        of_product=bool(record["of_product"]),
    )
    override = record["override"]
    return Judged(
        objective,
        reading,
        Ruling(record["ruling"]),
        str(record["why"]),
        None if override is None else _override(objective.kpi, _mapping(override)),
    )


def _override(kpi: str, record: Mapping[str, Any]) -> Override:
    return Override(kpi, str(record["who"]), str(record["why"]), _moment(record["until"]))


def _mapping(told: object) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise TypeError
    return told


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment
