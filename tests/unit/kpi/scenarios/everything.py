"""Every scenario, and the recording rules that an alert reads."""

import re
from collections.abc import Iterable

from probe.kpi import RULES, Alert, Rule
from tests.unit.kpi.scenarios import availability, budget, content, performance, prober

SCENARIOS = (
    *availability.SCENARIOS,
    *performance.SCENARIOS,
    *content.SCENARIOS,
    *budget.SCENARIOS,
    *prober.SCENARIOS,
)

_RECORD = re.compile(r"\b(?:delivery|slo):[\w:]+")


def read_by(alerts: Iterable[Alert], kpis: Iterable[str]) -> list[Rule]:
    """Return what *alerts* of *kpis* read, themselves or through others."""
    found = {name for alert in alerts for name in _RECORD.findall(alert.expr)}
    wanted: set[str] = set()
    while new := found - wanted:
        wanted |= new
        exprs = [rule.expr for rule in RULES if rule.record in new]
        found = {name for expr in exprs for name in _RECORD.findall(expr)}
    about = {None, *kpis}
    return [
        rule
        for rule in RULES
        if rule.record in wanted and rule.labels.get("sloth_slo", rule.labels.get("kpi")) in about
    ]
