"""The scorecard of a release, or of a product, over all regions."""

import math
from dataclasses import replace

from probe.domain.failure import DELIVERY_REASONS
from probe.domain.gate import Ruling, Source
from probe.kpi.central.inquiry import Fact, Findings
from probe.kpi.central.judging import Central, recorded
from probe.kpi.hearing import Asked
from probe.kpi.lacking import Lack, Missing
from probe.kpi.scorecard import (
    Availability,
    Completeness,
    Reasons,
    Scorecard,
    counted_reasons,
    scorecard,
)
from probe.kpi.value import Measured, worst_of


def central_scorecard(central: Central, asked: Asked) -> Scorecard:
    """Return the six lines. What only a ledger knows is ``None`` where there is none here."""
    card = scorecard(central.evidence)
    return replace(
        card,
        source=Source.PROMETHEUS,
        completeness=_completeness(central, card),
        availability=_availability(central.findings, of_all=not asked.version),
        reasons=_reasons(central.findings, of_product=bool(asked.version)),
        integrity=None if central.uncatalogued else card.integrity,
        incidents=None if central.uncatalogued else card.incidents,
    )


def _completeness(central: Central, card: Scorecard) -> Completeness:
    line = Completeness(Ruling.UNKNOWN) if central.uncatalogued else card.completeness
    findings, version = central.findings, card.version
    complete = {each.label("version"): each.value > 0 for each in findings.get(Fact.COMPLETE, ())}
    if version in complete:
        line = replace(line, ruling=Ruling.PASS if complete[version] else Ruling.FAIL)
    named = {each.kind for each in line.missing}
    counted = {
        each.label("kind")
        for each in findings.get(Fact.MISSING, ())
        if each.label("version") == version and each.value > 0
    }
    others = (Missing(kind) for kind in Lack if kind in counted and kind not in named)
    return replace(line, missing=(*line.missing, *others))


def _availability(findings: Findings, *, of_all: bool) -> Availability:
    regions: dict[str, float] = {}
    for each in findings.get(Fact.REGIONS, ()):
        if math.isfinite(each.value):
            region = each.label("probe_region")
            regions[region] = min(each.value, regions.get(region, each.value))
    return Availability(
        share=recorded(findings, Fact.SHARE),
        worst_region=min(regions, key=lambda region: (regions[region], region), default=""),
        worst_share=worst_of(
            (Measured(share, math.nan) for share in regions.values()), higher_is_better=True
        ),
        # Counters have no version, and those of the prober's own faults not even a product.
        attempts=_attempts(findings) if of_all else None,
        inconclusive=None,
    )


def _reasons(findings: Findings, *, of_product: bool) -> Reasons:
    attempts = _attempts(findings)
    shares = {
        each.label("reason"): each.value
        for each in findings.get(Fact.REASONS, ())
        if each.label("reason") in DELIVERY_REASONS and math.isfinite(each.value)
    }
    counts = {reason: round(share * (attempts or 0)) for reason, share in shares.items()}
    return Reasons(attempts, counted_reasons(counts), of_product)


def _attempts(findings: Findings) -> int | None:
    value = recorded(findings, Fact.ATTEMPTS)
    return round(value.value) if isinstance(value, Measured) else None
