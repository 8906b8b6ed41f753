"""Each KPI: what it asks, how it is reckoned, what it comes to and what is asked of it."""

from collections.abc import Mapping
from datetime import datetime
from math import nan

from probe.answers.pages.rows import moment
from probe.answers.pages.wide import Held
from probe.domain.evidence import Window
from probe.domain.gate import Objective
from probe.domain.gate import Reading as Known
from probe.domain.gate_record import Record, finite
from probe.evidence import Reading
from probe.kpi import KPIS, Kpi, Measured, Unknown
from probe.kpi.gathering import Gathering
from probe.kpi.value import Value
from probe.settings import ConfiguredProduct


def kpis(
    kept: Reading, product: ConfiguredProduct, now: datetime, held: Held | None = None
) -> Record:
    """Return every KPI of *product*, with its value over its own window; as *held* if known."""
    found = _held(held.readings) if held is not None else _values(kept, product, now)
    asked = {each.kpi: each for each in product.objectives}
    reviews = kept.reviews(*product.product.key)
    return {
        "product": product.product.name,
        "channel": product.product.channel,
        "reviewed_at": moment(reviews[0].at) if reviews else None,
        "reviewed_by": reviews[0].actor if reviews else None,
        "kpis": [_kpi(kpi, found[kpi.name], asked) for kpi in KPIS],
    }


def _values(kept: Reading, product: ConfiguredProduct, now: datetime) -> Mapping[str, Value]:
    gathering = Gathering(kept, product.product, product.weights, product.regions)
    by_window = {
        span: gathering.evidence(Window(now - span, now)) for span in {kpi.window for kpi in KPIS}
    }
    return {kpi.name: kpi.value(by_window[kpi.window]) for kpi in KPIS}


def _held(readings: Mapping[str, Known]) -> Mapping[str, Value]:
    return {
        name: Unknown(each.why) if each.value is None else Measured(each.value, nan)
        for name, each in readings.items()
    }


def _kpi(kpi: Kpi, found: Value, asked: Mapping[str, Objective]) -> Record:
    value = found.value if isinstance(found, Measured) else None
    objective = asked.get(kpi.name)
    return {
        "code": kpi.code,
        "name": kpi.name,
        "category": kpi.category.value,
        "question": kpi.question,
        "method": kpi.method,
        "unit": kpi.unit.value,
        "direction": kpi.direction.value,
        "window_days": kpi.window.days,
        "value": finite(value),
        "count": finite(found.count) if isinstance(found, Measured) else None,
        "why": "" if isinstance(found, Measured) else found.why,
        "proposed": kpi.target,
        "target": objective.target if objective else None,
        "met": objective.met_by(value) if objective and value is not None else None,
        "mode": objective.mode.value if objective else None,
        "owner": objective.owner if objective else None,
        "runbook": objective.runbook if objective else None,
        "cadence_days": objective.cadence.days if objective else None,
        "query": kpi.headline.query if kpi.headline else "",
    }
