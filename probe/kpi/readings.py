"""From KPIs to readings that a gate can judge: each with how fresh it is, and from where."""

from collections.abc import Iterable
from dataclasses import replace

from probe.domain.evidence import Window
from probe.domain.gate import Objective, Reading
from probe.kpi import BY_NAME
from probe.kpi.gathering import Gathering
from probe.kpi.hearing import Asked, hearing, reading_of
from probe.kpi.recoverability import INCIDENT_RECURRENCE, TIME_TO_DETECT, TIME_TO_RESTORE

# An incident is of an endpoint, whatever release was asked for there.
_OF_INCIDENTS = frozenset(
    each.name for each in (TIME_TO_DETECT, TIME_TO_RESTORE, INCIDENT_RECURRENCE)
)


def readings(
    gathering: Gathering, objectives: Iterable[Objective], asked: Asked
) -> dict[str, Reading]:
    """
    Return what is known of each KPI that something is asked of.

    May raise ``EvidenceUnavailable``, as the source does.
    """
    now, version = asked.now, asked.version
    kpis = [BY_NAME[each.kpi] for each in objectives]
    missing = missing_of(gathering, version)
    if missing:
        return {kpi.name: Reading(None, now, why=missing) for kpi in kpis}
    by_window = {
        span: gathering.evidence(Window(now - span, now), version)
        for span in {kpi.window for kpi in kpis}
    }
    heard = {
        span: hearing(evidence.heard, gathering.product, asked)
        for span, evidence in by_window.items()
    }
    found = {}
    for kpi in kpis:
        value = kpi.value(by_window[kpi.window])
        known = reading_of(kpi, value, heard[kpi.window], now)
        whole = bool(version) and kpi.name in _OF_INCIDENTS
        found[kpi.name] = replace(known, of_product=whole)
    return found


def missing_of(gathering: Gathering, version: str) -> str:
    """Return why nothing can be known of *version*; empty if something can, or without one."""
    if not version:
        return ""
    name, channel = gathering.product.key
    published = gathering.kept.release(name, channel, version)
    if published is None:
        return unlisted(gathering.product.key, version)
    return f"{version} was withdrawn" if published.release.yanked else ""


def unlisted(product: tuple[str, str], version: str) -> str:
    """Say that a release is not known."""
    name, channel = product
    return f"nothing is known of a release {version} of {name} ({channel})"
