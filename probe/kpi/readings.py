"""From KPIs to readings that a gate can judge: each with how fresh it is, and from where."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from probe.domain.evidence import LastHeard, Pair, Window
from probe.domain.gate import Objective, Reading
from probe.domain.target import Product
from probe.kpi import BY_NAME
from probe.kpi.evidence import Evidence
from probe.kpi.gathering import Gathering
from probe.kpi.model import Category, Kpi
from probe.kpi.value import Measured, Value

# The others are about files or about incidents, which are the same from everywhere.
_OF_REGIONS = frozenset({Category.AVAILABILITY, Category.PERFORMANCE})


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is to be known: as of ``now``, of one ``version`` or of all.

    ``regions`` are those that are probed from; none named is any. Of them those count as seen from
    that something was heard from in ``recent`` time.
    """

    now: datetime
    recent: timedelta
    version: str = ""
    regions: Collection[str] = ()


def readings(
    gathering: Gathering, objectives: Iterable[Objective], asked: Asked
) -> dict[str, Reading]:
    """
    Return what is known of each KPI that something is asked of.

    May raise ``EvidenceUnavailable``, as the source does.
    """
    now, version = asked.now, asked.version
    kpis = [BY_NAME[each.kpi] for each in objectives]
    missing = _missing(gathering, version)
    if missing:
        return {kpi.name: Reading(None, now, why=missing) for kpi in kpis}
    by_window = {
        span: gathering.evidence(Window(now - span, now), version)
        for span in {kpi.window for kpi in kpis}
    }
    heard = {
        span: _heard(evidence, gathering.product, asked.regions)
        for span, evidence in by_window.items()
    }
    return {
        kpi.name: _reading(kpi, by_window[kpi.window], heard[kpi.window], asked.recent)
        for kpi in kpis
    }


def _missing(gathering: Gathering, version: str) -> str:
    if not version:
        return ""
    name, channel = gathering.product.key
    published = gathering.kept.release(name, channel, version)
    if published is None:
        return f"nothing is known of a release {version} of {name} ({channel})"
    return f"{version} was withdrawn" if published.release.yanked else ""


def _heard(evidence: Evidence, product: Product, regions: Collection[str]) -> list[LastHeard]:
    """Return what was heard of pairs that are still probed: the others only grow old."""
    probed_from = {each.name: each.regions or regions for each in product.endpoints}
    return [
        each
        for each in evidence.heard
        if (among := probed_from.get(each.segment.endpoint)) is not None
        and (not among or each.segment.region in among)
        and (not regions or each.segment.region in regions)
    ]


def _reading(
    kpi: Kpi, evidence: Evidence, heard: Sequence[LastHeard], recent: timedelta
) -> Reading:
    value: Value = kpi.value(evidence)
    fresh = {each.segment.region for each in heard if evidence.at - each.attempt_at <= recent}
    regions = len(fresh) if kpi.category in _OF_REGIONS else None
    if not isinstance(value, Measured):
        return Reading(None, evidence.at, regions, value.why)
    if not heard:
        return Reading(None, evidence.at, regions, "none of its files was asked for yet")
    return Reading(value.value, _as_of(heard), regions)


def _as_of(heard: Iterable[LastHeard]) -> datetime:
    """Return when the pair was heard of that was not heard of for the longest."""
    pairs: dict[Pair, datetime] = {}
    for each in heard:
        pair = Pair(each.segment.endpoint, each.segment.region)
        pairs[pair] = max(each.attempt_at, pairs.get(pair, each.attempt_at))
    return min(pairs.values())
