"""Whether all regions could go back from a release (R3)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from probe.domain.snapshot import ProductKey
from probe.domain.target import Product
from probe.kpi.central.inquiry import Fact, Findings, Inquiry, facts_asked
from probe.kpi.central.targets import targets_heard
from probe.kpi.evidence import Evidence, Released, WayBack
from probe.kpi.rollback import served

# Releases of a window mostly go back to the same one.
MOST = 5
_OF_FILES = (Fact.VERIFIED, Fact.FAILED, Fact.UP)


def ways_asked(product: ProductKey, releases: Iterable[Released]) -> Inquiry:
    """Return what is asked of the files that one would go back to."""
    return {
        _name(fact, way): facts_asked(product, way.version)[fact]
        for way in _ways(releases).values()
        for fact in _OF_FILES
    }


def with_ways(evidence: Evidence, findings: Findings, product: Product, now: datetime) -> Evidence:
    """Return *evidence* with what all regions saw of the files that one would go back to."""
    ways = _ways(evidence.releases)
    had = {
        version: served(way, targets_heard(_of(findings, way), product, now, {}), now)
        for version, way in ways.items()
    }
    return replace(evidence, releases=tuple(_released(each, had) for each in evidence.releases))


def _released(release: Released, had: Mapping[str, bool | None]) -> Released:
    rollback = release.rollback
    if rollback is None or rollback.to is None:
        return release
    return replace(release, rollback=replace(rollback, served=had.get(rollback.to.version)))


def _ways(releases: Iterable[Released]) -> Mapping[str, WayBack]:
    ways = {
        each.rollback.to.version: each.rollback.to
        for each in releases
        if each.rollback is not None and each.rollback.to is not None
    }
    return dict(list(ways.items())[:MOST])


def _name(fact: Fact, way: WayBack) -> str:
    return f"{fact} of {way.version}"


def _of(findings: Findings, way: WayBack) -> Findings:
    return {fact: findings.get(_name(fact, way), ()) for fact in _OF_FILES}
