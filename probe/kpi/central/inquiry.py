"""What is asked of a Prometheus about a product, or about one release of it, in PromQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from probe import series
from probe.domain.promql import Sample, selector
from probe.domain.snapshot import ProductKey
from probe.kpi.availability import (
    ARTIFACT_AVAILABILITY,
    BY_REASON,
    BY_REGION,
    RELEASE_BY_REGION,
)
from probe.kpi.model import Basis, Direction, Kpi, Measure
from probe.series import Metric

# What a prober says of the past holds while it is away: to be scraped no more, or to be restarted.
LOOKBACK = timedelta(hours=1)
_LOOKBACK = "1h"

_TARGET = "endpoint, probe_region, version, artifact, platform"
_VERSION = "product, channel, version"
_PAIR = f"{_VERSION}, endpoint, probe_region"

Inquiry = Mapping[str, str]
"""Queries, by names of our own."""

Findings = Mapping[str, tuple[Sample, ...]]
"""What each query of an inquiry gave."""


class Fact(StrEnum):
    """What is asked beside the KPIs."""

    PUBLISHED = "published"
    STARTED = "started"
    FIRST = "first"
    UNCERTAINTY = "uncertainty"
    EXCLUDED = "excluded"
    VERIFIED = "verified"
    FAILED = "failed"
    UP = "up"
    COMPLETE = "complete"
    MISSING = "missing"
    SHARE = "share"
    REGIONS = "regions"
    REASONS = "reasons"
    ATTEMPTS = "attempts"


def rollouts_asked(product: ProductKey | None, version: str) -> Inquiry:
    """Return what is asked of the way of *version*, or of all releases, be it of all products."""
    one = _of(product, version) if product else {}
    return {
        Fact.PUBLISHED: _lately("max", _VERSION, series.RELEASE_PUBLISHED, one),
        Fact.STARTED: _lately("max", f"{_VERSION}, t0_source", series.RELEASE_START, one),
        Fact.FIRST: _lately("max", f"{_PAIR}, object", series.RELEASE_FIRST_AVAILABLE, one),
        Fact.UNCERTAINTY: _lately("max", f"{_PAIR}, object", series.RELEASE_UNCERTAINTY, one),
        Fact.EXCLUDED: _lately("max", _PAIR, series.RELEASE_EXCLUDED, one),
    }


def facts_asked(product: ProductKey, version: str) -> Inquiry:
    """Return what is asked of the files of *version*, or of the newest, and of all rollouts."""
    one, rollouts = _of(product, version), rollouts_asked(product, version)
    newest = "" if version else f" and on (version) topk(1, {rollouts[Fact.PUBLISHED]})"
    up = selector(series.ARTIFACT_AVAILABLE.name, one)
    return {
        **rollouts,
        Fact.VERIFIED: _lately("max", _TARGET, series.ARTIFACT_LAST_SUCCESS, one) + newest,
        Fact.FAILED: _lately("max", _TARGET, series.ARTIFACT_LAST_FAILURE, one) + newest,
        Fact.UP: f"min by ({_TARGET}) ({up}){newest}",
    }


def kpis_asked(kpis: Iterable[Kpi], product: ProductKey, version: str) -> Inquiry:
    """Return what is asked of each KPI that Prometheus records, by its name."""
    ways = [(kpi, way_of(kpi, version)) for kpi in kpis]
    return {
        kpi.name: worst(kpi, way.measure.asked(**way.labels(product, version)))
        for kpi, way in ways
        if way is not None and not way.by_formula
    }


def card_asked(product: ProductKey, version: str) -> Inquiry:
    """Return what the lines of a scorecard need beside the facts."""
    train, one = _train(product), _of(product, version)
    share = ARTIFACT_AVAILABILITY.release if version else ARTIFACT_AVAILABILITY.headline
    attempts = selector(series.DOWNLOAD_ATTEMPTS.name, train)
    return {
        Fact.SHARE: worst(ARTIFACT_AVAILABILITY, share.asked(**one)) if share else "",
        Fact.REGIONS: (RELEASE_BY_REGION if version else BY_REGION).asked(**one),
        Fact.REASONS: BY_REASON.asked(**train),
        Fact.ATTEMPTS: f"sum(increase({attempts}[30d]))",
        Fact.COMPLETE: f"max by (version) ({selector(series.RELEASE_COMPLETE.name, one)})",
        Fact.MISSING: f"max by (version, kind) ({selector(series.RELEASE_MISSING.name, one)})",
    }


@dataclass(frozen=True, slots=True)
class Way:
    """How the number of a KPI is come by: it is read, or else made of facts by its formula."""

    measure: Measure
    of_release: bool
    by_formula: bool

    def labels(self, product: ProductKey, version: str) -> Mapping[str, str]:
        """Return the labels by which it is read."""
        return _of(product, version if self.of_release else "")


def way_of(kpi: Kpi, version: str) -> Way | None:
    """Return how the number of *kpi* is come by, of *version* if that can be; there may be none."""
    if version and kpi.release is not None:
        return Way(kpi.release, of_release=True, by_formula=False)
    measure = kpi.headline
    if measure is None:
        return None
    made = measure.basis is not Basis.COUNTS and (bool(version) or measure.rule is None)
    if not made and measure.rule is None:
        return None
    return Way(measure, of_release=made and bool(version), by_formula=made)


def _train(product: ProductKey) -> dict[str, str]:
    name, channel = product
    return {"product": name, "channel": channel}


def _of(product: ProductKey, version: str) -> dict[str, str]:
    train = _train(product)
    return {**train, "version": version} if version else train


def worst(kpi: Kpi, query: str) -> str:
    """Return what gives the worst of *query*, as of replicas that nobody made one of."""
    return f"{'min' if kpi.direction is Direction.HIGHER else 'max'}({query})"


def _lately(fold: str, by: str, metric: Metric, labels: Mapping[str, str]) -> str:
    return f"{fold} by ({by}) (max_over_time({selector(metric.name, labels)}[{_LOOKBACK}]))"
