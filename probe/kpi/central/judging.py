"""From what a Prometheus recorded to readings that a gate can judge."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from probe.domain.gate import Reading
from probe.domain.target import Product
from probe.kpi.central.facts import Facts
from probe.kpi.central.inquiry import Findings, Way, way_of
from probe.kpi.evidence import Evidence
from probe.kpi.hearing import Asked, reading_of
from probe.kpi.model import Basis, Kpi, Measure
from probe.kpi.value import NOTHING_HEARD, Measured, Unknown, Value

_NOT_RECORDED = Unknown("Prometheus has recorded nothing of it; config/rules says how it does")
_NO_NUMBER = Unknown("what Prometheus has recorded of it is no number")


@dataclass(frozen=True, slots=True)
class Central:
    """
    All that is known of a product over all regions.

    ``evidence`` is widened by ``facts``. ``uncatalogued`` says why the files of releases are not
    known; it is empty where they are.
    """

    findings: Findings
    facts: Facts
    evidence: Evidence
    uncatalogued: str = ""


def central_readings(
    central: Central, kpis: Iterable[Kpi], product: Product, asked: Asked
) -> dict[str, Reading]:
    """Return what is known of each of *kpis*, by its name."""
    heard = central.facts.hearing(product, asked)
    found = {}
    for kpi in kpis:
        way = way_of(kpi, asked.version)
        known = reading_of(kpi, _value(central, kpi, way), heard, asked.now)
        whole = bool(asked.version) and way is not None and not way.of_release
        found[kpi.name] = replace(known, of_product=whole)
    return found


def _value(central: Central, kpi: Kpi, way: Way | None) -> Value:
    if way is None:
        return kpi.value(central.evidence)
    measure = way.measure
    if way.by_formula:
        return _made(central, measure)
    found = recorded(central.findings, kpi.name)
    if found is _NOT_RECORDED and measure.basis is Basis.SIGHTS:
        # What has not come to pass is recorded by nobody.
        made = _made(central, measure)
        return made if isinstance(made, Unknown) else found
    return found


def _made(central: Central, measure: Measure) -> Value:
    if measure.basis is Basis.CATALOG and central.uncatalogued:
        return Unknown(central.uncatalogued)
    made = measure.formula(central.evidence)
    return next(iter(made.values())) if len(made) == 1 else NOTHING_HEARD


def recorded(findings: Findings, name: str) -> Value:
    """Return the one number that was found under *name*."""
    samples = findings.get(name, ())
    if not samples:
        return _NOT_RECORDED
    value = samples[0].value
    return Measured(value, math.nan) if math.isfinite(value) else _NO_NUMBER
