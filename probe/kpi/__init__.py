"""Every KPI, once: its question, its formula over evidence and its PromQL."""

from collections.abc import Iterable

from probe.kpi import (
    availability,
    completeness,
    integrity,
    performance,
    private,
    public,
    recoverability,
    repository,
)
from probe.kpi.evidence import Asset, Evidence, Released, Rollback, Signed
from probe.kpi.model import (
    Category,
    Direction,
    Formula,
    Group,
    Key,
    Kpi,
    Measure,
    Rule,
    Unit,
)
from probe.kpi.shared_rules import SHARED
from probe.kpi.value import Measured, Unknown, Value

__all__ = [
    "BY_NAME",
    "KPIS",
    "RULES",
    "STARTER_SET",
    "Asset",
    "Category",
    "Direction",
    "Evidence",
    "Formula",
    "Group",
    "Key",
    "Kpi",
    "Measure",
    "Measured",
    "Released",
    "Rollback",
    "Rule",
    "Signed",
    "Unit",
    "Unknown",
    "Value",
]

KPIS: tuple[Kpi, ...] = (
    *completeness.KPIS,
    *availability.KPIS,
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
    performance.GLOBAL_PROPAGATION,
    integrity.SIGNATURE_COVERAGE,
    recoverability.TIME_TO_RESTORE,
)


def _recorded(kpis: Iterable[Kpi]) -> Iterable[Rule]:
    yield from SHARED
    yield availability.SUCCESS_OF_AN_HOUR
    yield recoverability.OUTAGES
    yield performance.PAIRS_PENDING
    for kpi in kpis:
        # A number that is made of others is recorded after them.
        for measure in (*kpi.parts, *([kpi.headline] if kpi.headline else [])):
            if measure.rule is not None:
                yield measure.rule


RULES: tuple[Rule, ...] = tuple(
    {(rule.record, *rule.labels.items()): rule for rule in _recorded(KPIS)}.values()
)
