"""A gate for machines: JSON, and the JSON Schema (2020-12) of it."""

from math import isfinite

from probe.domain.gate import Gate, Judged, Kind, Mode, Override, Ruling, Source
from probe.domain.schema import (
    COUNT,
    DIALECT,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    Schema,
    choice,
    closed,
    list_of,
    maybe,
)
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


RULING: Schema = choice(Ruling)
SOURCE: Schema = choice(Source)

JUDGED: Schema = closed(
    {
        "kpi": TEXT,
        "mode": choice(Mode),
        "kind": choice(Kind),
        "target": NUMBER,
        "direction": choice(("higher", "lower")),
        "owner": TEXT,
        "runbook": TEXT,
        "value": maybe(NUMBER),
        "evidence_at": MOMENT,
        "regions": maybe(COUNT),
        "of_product": FLAG,
        "ruling": RULING,
        "why": TEXT,
        "blocks": FLAG,
        "override": maybe(closed({"who": TEXT, "why": TEXT, "until": MOMENT})),
    }
)

GATE_SCHEMA: Schema = {
    "$schema": DIALECT,
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
            "objectives": list_of(JUDGED),
        }
    ),
}
