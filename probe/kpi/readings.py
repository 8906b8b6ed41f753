"""From KPIs to readings that a gate can judge: each with how fresh it is, and from where."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from probe.domain.evidence import LastHeard, Pair, Window
from probe.domain.gate import Objective, Reading
from probe.kpi import BY_NAME
from probe.kpi.evidence import Evidence
from probe.kpi.gathering import Gathering
from probe.kpi.model import Category, Kpi
from probe.kpi.value import Measured, Value

# The others are about files or about incidents, which are the same from everywhere.
_OF_REGIONS = frozenset({Category.AVAILABILITY, Category.PERFORMANCE})


def readings(
    gathering: Gathering,
    objectives: Iterable[Objective],
    now: datetime,
    recent: timedelta,
    version: str = "",
) -> dict[str, Reading]:
    """
    Return what is known of each KPI that something is asked of, of one *version* or of all.

    Regions count from which something was heard in *recent* time. May raise
    ``EvidenceUnavailable``, as the source does.
    """
    kpis = [BY_NAME[each.kpi] for each in objectives]
    missing = _missing(gathering, version)
    if missing:
        return {kpi.name: Reading(None, now, why=missing) for kpi in kpis}
    by_window = {
        span: gathering.evidence(Window(now - span, now), version)
        for span in {kpi.window for kpi in kpis}
    }
    paths = {each.name for each in gathering.product.endpoints}
    return {kpi.name: _reading(kpi, by_window[kpi.window], recent, paths) for kpi in kpis}


def _missing(gathering: Gathering, version: str) -> str:
    if not version:
        return ""
    name, channel = gathering.product.key
    published = gathering.kept.release(name, channel, version)
    if published is None:
        return f"nothing is known of a release {version} of {name} ({channel})"
    return f"{version} was withdrawn" if published.release.yanked else ""


def _reading(kpi: Kpi, evidence: Evidence, recent: timedelta, paths: Collection[str]) -> Reading:
    value: Value = kpi.value(evidence)
    heard = [each for each in evidence.heard if each.segment.endpoint in paths]
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
