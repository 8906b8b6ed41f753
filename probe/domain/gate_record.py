"""A gate for machines: JSON, and the JSON Schema (2020-12) of it."""

from collections.abc import Mapping
from math import isfinite

from probe.domain.gate import Gate, Judged, Kind, Mode, Override, Ruling, Source
from probe.domain.text import clean

Record = dict[str, object]


def gate_record(gate: Gate, product: str, channel: str, version: str) -> Record:
    """Return *gate* of a release; values are in the unit of their KPI, times in ISO 8601."""
    return {
        "schema": "delivery-gate/v1",
        "product": product,
        "channel": channel,
        "version": version,
        "at": gate.at.isoformat(),
        "source": gate.source.value,
        "ruling": gate.ruling.value,
        "objectives": [judged_record(each) for each in gate.judged],
    }


def judged_record(judged: Judged) -> Record:
    """Return one objective and what is held of it."""
    objective, reading = judged.objective, judged.reading
    return {
        "kpi": objective.kpi,
        "mode": objective.mode.value,
        "kind": objective.kind.value,
        "target": objective.target,
        "direction": "higher" if objective.higher_is_better else "lower",
        "owner": objective.owner,
        "runbook": objective.runbook,
        "value": finite(reading.value),
        "evidence_at": reading.at.isoformat(),
        "regions": reading.regions,
        "of_product": reading.of_product,
        "ruling": judged.ruling.value,
        "why": clean(judged.why, 500),
        "blocks": judged.blocks,
        "override": None if judged.override is None else _override(judged.override),
    }


def finite(value: float | None) -> float | None:
    """Return *value*; JSON has no word for what is not finite."""
    return value if value is not None and isfinite(value) else None


def _override(override: Override) -> Record:
    return {
        "who": clean(override.who),
        "why": clean(override.why, 500),
        "until": override.until.isoformat(),
    }


def closed(properties: Mapping[str, object]) -> Record:
    """Return the schema of an object that has all of *properties* and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": dict(properties),
    }


TEXT: Record = {"type": "string"}
MOMENT: Record = {"type": "string", "format": "date-time"}
NUMBER: Record = {"type": "number"}
COUNT: Record = {"type": "integer", "minimum": 0}
FLAG: Record = {"type": "boolean"}
RULING: Record = {"enum": [ruling.value for ruling in Ruling]}
SOURCE: Record = {"enum": [source.value for source in Source]}


def maybe(schema: Record) -> Record:
    """Return the schema of what may be unknown."""
    return {"anyOf": [schema, {"type": "null"}]}


JUDGED: Record = closed(
    {
        "kpi": TEXT,
        "mode": {"enum": [mode.value for mode in Mode]},
        "kind": {"enum": [kind.value for kind in Kind]},
        "target": NUMBER,
        "direction": {"enum": ["higher", "lower"]},
        "owner": TEXT,
        "runbook": TEXT,
        "value": maybe(NUMBER),
        "evidence_at": MOMENT,
        "regions": maybe(COUNT),
        "of_product": {"type": "boolean"},
        "ruling": RULING,
        "why": TEXT,
        "blocks": FLAG,
        "override": maybe(closed({"who": TEXT, "why": TEXT, "until": MOMENT})),
    }
)

GATE_SCHEMA: Record = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A gate of delivery-probe",
    **closed(
        {
            "schema": {"const": "delivery-gate/v1"},
            "product": TEXT,
            "channel": TEXT,
            "version": TEXT,
            "at": MOMENT,
            "source": SOURCE,
            "ruling": RULING,
            "objectives": {"type": "array", "items": JUDGED},
        }
    ),
}
