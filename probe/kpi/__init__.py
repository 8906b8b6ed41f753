"""Every KPI, once: its question, its formula over evidence and its PromQL."""

from collections.abc import Iterable

from probe.kpi import (
    availability,
    completeness,
    integrity,
    performance,
    private,
    propagation,
    public,
    recoverability,
    repository,
)
from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity
from probe.kpi.alerts import prober
from probe.kpi.burn import BURNS, FEWEST_FAILURES, Burn
from probe.kpi.events import Events
from probe.kpi.evidence import Asset, Evidence, Released, Rollback, Signed
from probe.kpi.model import (
    Category,
    Direction,
    Formula,
    Group,
    Key,
    Kpi,
    Measure,
    Per,
    Rule,
    Unit,
)
from probe.kpi.shared_rules import SHARED
from probe.kpi.slo import budget_rules, burn_alert
from probe.kpi.targets import is_read, missed, target_rule
from probe.kpi.value import Measured, Unknown, Value

__all__ = [
    "ALERTS",
    "BURNS",
    "BY_NAME",
    "FEWEST_FAILURES",
    "KPIS",
    "RULES",
    "STARTER_SET",
    "Alert",
    "Asset",
    "Burn",
    "Category",
    "Component",
    "Dashboard",
    "Direction",
    "Events",
    "Evidence",
    "Formula",
    "Group",
    "Key",
    "Kpi",
    "Measure",
    "Measured",
    "Per",
    "Released",
    "Rollback",
    "Rule",
    "Scope",
    "Severity",
    "Signed",
    "Unit",
    "Unknown",
    "Value",
]

KPIS: tuple[Kpi, ...] = (
    *completeness.KPIS,
    *availability.KPIS,
    *propagation.KPIS,
    *performance.KPIS,
    *integrity.KPIS,
    *recoverability.KPIS,
    *public.KPIS,
    *private.KPIS,
    *repository.KPIS,
)

BY_NAME = {kpi.name: kpi for kpi in KPIS}

# One of each category, to begin with.
STARTER_SET = (
    completeness.RELEASE_COMPLETENESS,
    availability.REGIONAL_AVAILABILITY,
    propagation.GLOBAL_PROPAGATION,
    integrity.SIGNATURE_COVERAGE,
    recoverability.TIME_TO_RESTORE,
)


def _recorded(kpis: Iterable[Kpi]) -> Iterable[Rule]:
    yield from map(target_rule, filter(is_read, kpis))
    yield from SHARED
    yield availability.SUCCESS_OF_AN_HOUR
    yield availability.REGIONS_OF_A_RELEASE
    yield recoverability.OUTAGES
    yield propagation.PAIRS_PENDING
    for kpi in kpis:
        # A number that is made of others is recorded after them.
        for measure in (kpi.release, *kpi.parts, kpi.headline):
            if measure is not None and measure.rule is not None:
                yield measure.rule
    for kpi in kpis:
        if kpi.events is not None:
            yield from budget_rules(kpi, kpi.events)


def _alerts_of(kpi: Kpi) -> Iterable[Alert]:
    yield from kpi.alerts
    if kpi.events is not None:
        for burn in BURNS:
            yield burn_alert(kpi.name, kpi.events, burn)
    yield from missed(kpi)


RULES: tuple[Rule, ...] = tuple(
    {(rule.record, *rule.labels.items()): rule for rule in _recorded(KPIS)}.values()
)

# By KPI, whose owner is told; those of none are about the prober.
ALERTS: tuple[tuple[Kpi | None, Alert], ...] = (
    *((kpi, alert) for kpi in KPIS for alert in _alerts_of(kpi)),
    *((None, alert) for alert in prober.ALERTS),
)
