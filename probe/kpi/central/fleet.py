"""What all regions say of all products at once: few queries, however many products there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import isfinite, nan

from probe import series
from probe.domain.evidence import Pair
from probe.domain.gate import Gate, Judged, Objective, Override, Reading, Ruling, Source
from probe.domain.moment import from_seconds
from probe.domain.promql import Sample, selector
from probe.domain.snapshot import ProductKey
from probe.kpi.availability import ARTIFACT_AVAILABILITY, BY_REGION
from probe.kpi.central.days import Days, available_in
from probe.kpi.central.inquiry import Findings, Inquiry, rollouts_asked
from probe.kpi.model import DAY

_TRAIN = "product, channel"
_LATELY = "15m"
_GATE = "product, channel, version, gate"


class Overall(StrEnum):
    """What is asked of all products beside the ways of their releases."""

    LAST_DAY = "last_day"
    LAST_DAY_BY_REGION = "last_day_by_region"
    LAST_MONTH = "last_month"
    LAST_MONTH_BY_REGION = "last_month_by_region"
    OPEN = "open"
    HELD = "held"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Fleet:
    """What was found of all products, and of each day."""

    findings: Findings = field(default_factory=dict)
    days: Days = field(default_factory=Days)

    def of(self, product: ProductKey) -> "Train":
        """Return the part of it that is about *product*."""
        return Train(
            product,
            {
                name: tuple(
                    each
                    for each in samples
                    if (each.label("product"), each.label("channel")) == product
                )
                for name, samples in self.findings.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Train:
    """What was found of one product."""

    product: ProductKey
    findings: Findings

    def value(self, name: Overall) -> float | None:
        """Return the one number that was found; ``None`` if there is none."""
        return next((each.value for each in self._finite(name)), None)

    def by_region(self, name: Overall) -> Mapping[str, float]:
        """Return the numbers that were found, by region."""
        return {each.label("probe_region"): each.value for each in self._finite(name)}

    def open_incidents(self) -> Mapping[Pair, int]:
        """Return how many incidents are open at each pair that has any."""
        return open_of(self.findings.get(Overall.OPEN, ()))

    def gate(self, objectives: Iterable[Objective], version: str, now: datetime) -> Gate:
        """Return what the services that judge it hold of *version*."""
        held = self._of_gates(Overall.HELD, version)
        ends = self._of_gates(Overall.OVERRIDDEN, version)
        judged = (_judged(each, held, ends, now) for each in objectives)
        return Gate(now, tuple(judged), Source.PROMETHEUS)

    def _of_gates(self, name: Overall, version: str) -> Mapping[str, float]:
        found = (each for each in self._finite(name) if each.label("version") == version)
        return {each.label("gate"): each.value for each in found}

    def _finite(self, name: Overall) -> Iterable[Sample]:
        return (each for each in self.findings.get(name, ()) if isfinite(each.value))


def open_asked(product: ProductKey | None) -> str:
    """Return what gives how many incidents are open at each pair."""
    labels = {} if product is None else {"product": product[0], "channel": product[1]}
    found = selector(series.INCIDENTS_OPEN.name, labels)
    return f"max by (product, channel, endpoint, probe_region) ({found}) > 0"


def open_of(samples: Iterable[Sample]) -> Mapping[Pair, int]:
    """Return what ``open_asked`` gave, by pair."""
    return {
        Pair(each.label("endpoint"), each.label("probe_region")): round(each.value)
        for each in samples
        if isfinite(each.value)
    }


def reasons_asked(product: ProductKey) -> str:
    """Return what gives how often attempts failed of late, by pair and reason."""
    labels = {"product": product[0], "channel": product[1]}
    failed = selector(series.DOWNLOAD_FAILURES.name, labels)
    return f"sum by (endpoint, probe_region, reason) (increase({failed}[{_LATELY}])) > 0"


def reasons_of(samples: Iterable[Sample]) -> Mapping[Pair, str]:
    """Return why attempts failed most often at each pair, by what ``reasons_asked`` gave."""
    rarest_first = sorted(samples, key=lambda each: (each.value, each.label("reason")))
    return {
        Pair(each.label("endpoint"), each.label("probe_region")): each.label("reason")
        for each in rarest_first
    }


def fleet_asked() -> Inquiry:
    """Return what is asked of all products as of now."""
    month = ARTIFACT_AVAILABILITY.headline
    return {
        **rollouts_asked(None, ""),
        Overall.LAST_DAY: available_in(DAY, None, by_region=False),
        Overall.LAST_DAY_BY_REGION: available_in(DAY, None),
        Overall.LAST_MONTH: f"min by ({_TRAIN}) ({month.query if month else ''})",
        Overall.LAST_MONTH_BY_REGION: f"min by ({_TRAIN}, probe_region) ({BY_REGION.query})",
        Overall.OPEN: open_asked(None),
        Overall.HELD: f"min by ({_GATE}) ({series.GATE_RESULT.name})",
        Overall.OVERRIDDEN: f"max by ({_GATE}) ({series.GATE_OVERRIDE_UNTIL.name})",
    }


def _judged(
    objective: Objective, held: Mapping[str, float], ends: Mapping[str, float], now: datetime
) -> Judged:
    value = held.get(objective.kpi)
    ruling = Ruling.UNKNOWN if value is None else Ruling.PASS if value > 0 else Ruling.FAIL
    until = from_seconds(ends.get(objective.kpi, nan))
    spoken = until is not None and now < until and ruling is not Ruling.PASS
    override = Override(objective.kpi, "", "", until) if until is not None and spoken else None
    return Judged(objective, Reading(None, now), ruling, override=override)
