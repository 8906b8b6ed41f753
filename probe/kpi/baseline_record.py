"""Baselines for machines: JSON, and the JSON Schema (2020-12) of it."""

from collections.abc import Iterable

from probe.domain.evidence import Window
from probe.domain.gate_record import Record
from probe.domain.schema import COUNT, DIALECT, MOMENT, NUMBER, TEXT, Schema, closed, maybe
from probe.domain.snapshot import ProductKey
from probe.kpi.baseline import Baseline, asked
from probe.kpi.model import Direction, Per, Unit
from probe.kpi.value import Unknown


def baseline_record(baselines: Iterable[Baseline], key: ProductKey, window: Window) -> Record:
    """Return *baselines* of a product; values are in the unit of their KPI."""
    product, channel = key
    return {
        "schema": "delivery-baseline/v1",
        "product": product,
        "channel": channel,
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "kpis": [_record(each) for each in baselines],
    }


def _record(baseline: Baseline) -> Record:
    kpi, spread = baseline.kpi, baseline.spread
    about: Record = {
        "kpi": kpi.name,
        "unit": kpi.unit.value,
        "direction": kpi.direction.value,
        "per": kpi.per.value,
    }
    if isinstance(spread, Unknown):
        return {**about, "spread": None, "ask": None, "why": spread.why}
    lies = {
        "count": spread.count,
        "unknown": spread.unknown,
        "p50": spread.p50,
        "p70": spread.p70,
        "best": spread.best,
        "worst": spread.worst,
        "proposal": spread.proposal,
    }
    return {**about, "spread": lies, "ask": dict([asked(kpi, spread.proposal)]), "why": ""}


_SPREAD = closed(
    {
        "count": COUNT,
        "unknown": COUNT,
        "p50": NUMBER,
        "p70": NUMBER,
        "best": NUMBER,
        "worst": NUMBER,
        "proposal": NUMBER,
    }
)
_ASK: Record = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": dict.fromkeys(("slo", "within", "at_least", "at_most"), TEXT),
}

BASELINE_SCHEMA: Schema = {
    "$schema": DIALECT,
    "title": "Baselines of delivery-probe",
    **closed(
        {
            "schema": {"const": "delivery-baseline/v1"},
            "product": TEXT,
            "channel": TEXT,
            "since": MOMENT,
            "until": MOMENT,
            "kpis": {
                "type": "array",
                "items": closed(
                    {
                        "kpi": TEXT,
                        "unit": {"enum": [unit.value for unit in Unit]},
                        "direction": {"enum": [direction.value for direction in Direction]},
                        "per": {"enum": [per.value for per in Per]},
                        "spread": maybe(_SPREAD),
                        "ask": maybe(_ASK),
                        "why": TEXT,
                    }
                ),
            },
        }
    ),
}
