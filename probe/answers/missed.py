"""Which targets were missed around a moment, of those that can be told for so short a time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import isfinite

from probe.answers.together import together
from probe.domain.bucket import BUCKET_MS
from probe.domain.evidence import Window
from probe.domain.gate import Objective
from probe.domain.moment import from_ms, to_ms
from probe.domain.promql import Sample
from probe.domain.snapshot import ProductKey
from probe.kpi import BY_NAME, Measured
from probe.kpi.central import in_span
from probe.kpi.gathering import Gathering
from probe.kpi.model import Per
from probe.kpi.review import NEAR
from probe.ports import Prometheus


def before(onset: datetime) -> Window:
    """Return the hour before *onset*, without the bucket that the failure may be counted in."""
    end = from_ms(to_ms(onset) // BUCKET_MS * BUCKET_MS)
    return Window(end - NEAR, end)


def around(onset: datetime) -> Window:
    """Return the hours before and after *onset*."""
    return Window(onset - NEAR, onset + NEAR)


def missed_here(
    gathering: Gathering, objectives: Iterable[Objective], time: Window
) -> tuple[str, ...]:
    """Return the KPIs that missed their target in *time*, by the ledger."""
    # Others are about incidents themselves, or about now.
    asked = [each for each in objectives if BY_NAME[each.kpi].per in (Per.WEEK, Per.RELEASE)]
    if not asked:
        return ()
    evidence = gathering.evidence(time)
    values = ((each, BY_NAME[each.kpi].value(evidence)) for each in asked)
    return tuple(
        each.kpi
        for each, value in values
        if isinstance(value, Measured) and not each.met_by(value.value)
    )


async def missed_in(
    prometheus: Prometheus,
    key: ProductKey,
    objectives: Iterable[Objective],
    times: Iterable[Window],
) -> Mapping[Window, Mapping[str, bool]]:
    """
    Return by time which KPIs missed their target, of those that are recorded; by Prometheus.

    Raises:
        EvidenceUnavailable: no answer, or one that is wrong.
    """
    asked = {
        (time, objective.kpi): (objective, query)
        for time in times
        for objective in objectives
        if (query := in_span(BY_NAME[objective.kpi], key, _seconds(time)))
    }
    found = await together(
        {place: prometheus.at(query, place[0].until) for place, (_, query) in asked.items()}
    )
    missed: dict[Window, dict[str, bool]] = {}
    for (time, kpi), samples in found.items():
        missed.setdefault(time, {})[kpi] = _misses(asked[time, kpi][0], samples)
    return missed


def _misses(objective: Objective, samples: Iterable[Sample]) -> bool:
    values = [each.value for each in samples if isfinite(each.value)]
    return any(not objective.met_by(value) for value in values)


def _seconds(time: Window) -> float:
    return (time.until - time.since).total_seconds()
