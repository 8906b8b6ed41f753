"""Each KPI: what it asks, how it is reckoned, what it comes to and what is asked of it."""

from collections.abc import Mapping
from datetime import datetime

from probe.answers.pages.rows import moment
from probe.domain.evidence import Window
from probe.domain.gate import Objective
from probe.domain.gate_record import Record, finite
from probe.evidence import Reading
from probe.kpi import KPIS, Kpi, Measured
from probe.kpi.evidence import Evidence
from probe.kpi.gathering import Gathering
from probe.settings import ConfiguredProduct


def kpis(kept: Reading, product: ConfiguredProduct, now: datetime) -> Record:
    """Return every KPI of *product*, with its value over its own window."""
    gathering = Gathering(kept, product.product, product.weights)
    by_window = {
        span: gathering.evidence(Window(now - span, now)) for span in {kpi.window for kpi in KPIS}
    }
    asked = {each.kpi: each for each in product.objectives}
    reviews = kept.reviews(*product.product.key)
    return {
        "product": product.product.name,
        "channel": product.product.channel,
        "reviewed_at": moment(reviews[0].at) if reviews else None,
        "reviewed_by": reviews[0].actor if reviews else None,
        "kpis": [_kpi(kpi, by_window[kpi.window], asked) for kpi in KPIS],
    }


def _kpi(kpi: Kpi, evidence: Evidence, asked: Mapping[str, Objective]) -> Record:
    found = kpi.value(evidence)
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
