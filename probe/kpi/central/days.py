"""What all regions saw day by day: what is asked of a Prometheus, and what its answers say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import isfinite

from probe import series
from probe.domain.promql import Sample, Series, selector
from probe.domain.quantity import duration
from probe.domain.snapshot import ProductKey
from probe.kpi.central.inquiry import Inquiry
from probe.kpi.model import DAY
from probe.kpi.shared_rules import ARTIFACTS_KNOWN, ARTIFACTS_UP

_REGION = "product, channel, probe_region"
_TRAIN = "product, channel"
_TIER = "endpoint, size_tier"


class Daily(StrEnum):
    """What is known of each day."""

    AVAILABLE = "available"
    MEDIAN = "median"
    SLOW = "slow"
    FAILED = "failed"


# By the values of these labels it is told.
LABELS: Mapping[Daily, tuple[str, ...]] = {
    Daily.AVAILABLE: ("product", "channel", "probe_region"),
    Daily.MEDIAN: ("endpoint", "size_tier"),
    Daily.SLOW: ("endpoint", "size_tier"),
    Daily.FAILED: ("reason",),
}

ByDay = Mapping[tuple[str, ...], Mapping[datetime, float]]
"""Values by day, for each of the values of some labels; what is unknown is not there."""


@dataclass(frozen=True, slots=True)
class Days:
    """What was found of each day, by what was asked."""

    found: Mapping[Daily, ByDay] = field(default_factory=dict)

    def of(self, what: Daily) -> ByDay:
        """Return what was found of *what*."""
        return self.found.get(what, {})


def available_in(span: timedelta, product: ProductKey | None, *, by_region: bool = True) -> str:
    """Return what gives the share of *span* in which files could be had, of one product or all."""
    labels, seconds = _labels(product), duration(span.total_seconds())
    by = _REGION if by_region else _TRAIN
    up, known = (
        f"sum by ({by}) (sum_over_time({selector(rule.record, labels)}[{seconds}]))"
        for rule in (ARTIFACTS_UP, ARTIFACTS_KNOWN)
    )
    return f"{up} / {known}"


def days_asked(product: ProductKey | None, span: timedelta) -> Inquiry:
    """Return what is asked of the time of *span* before a moment; of all products less."""
    available: dict[str, str] = {Daily.AVAILABLE: available_in(span, product)}
    if product is None:
        return available
    labels, seconds = _labels(product), duration(span.total_seconds())
    took = selector(f"{series.DOWNLOAD_DURATION.name}_bucket", labels)
    failed = selector(series.DOWNLOAD_FAILURES.name, labels)
    within = f"sum by ({_TIER}, le) (increase({took}[{seconds}]))"
    return {
        **available,
        Daily.MEDIAN: f"histogram_quantile(0.5, {within})",
        Daily.SLOW: f"histogram_quantile(0.95, {within})",
        Daily.FAILED: f"sum by (reason) (increase({failed}[{seconds}])) > 0",
    }


def days_found(
    past: Mapping[str, Iterable[Series]],
    today: Mapping[str, Iterable[Sample]],
    days: Sequence[datetime],
) -> Days:
    """
    Return what *past* and *today* say of *days*, the last of which is today.

    Points of the past are of the day that ends with them.
    """
    found: dict[Daily, dict[tuple[str, ...], dict[datetime, float]]] = {}
    for what, names in LABELS.items():
        rows: dict[tuple[str, ...], dict[datetime, float]] = {}
        for each in past.get(what, ()):
            values = {at - DAY: value for at, value in each.points if isfinite(value)}
            rows[tuple(each.labels.get(name, "") for name in names)] = values
        for sample in today.get(what, ()):
            if isfinite(sample.value):
                key = tuple(sample.label(name) for name in names)
                rows.setdefault(key, {})[days[-1]] = sample.value
        found[what] = rows
    return Days(found)


def _labels(product: ProductKey | None) -> dict[str, str]:
    return {} if product is None else {"product": product[0], "channel": product[1]}
