"""The past of KPIs over all regions: by Prometheus what it has recorded, by the ledger the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from probe.answers.together import together
from probe.domain.evidence import Window
from probe.domain.promql import Sample, Series
from probe.domain.sampled import WEEK, Sampled, weeks_of
from probe.domain.snapshot import ProductKey
from probe.kpi import BY_NAME
from probe.kpi.central import by_release, in_span
from probe.kpi.past import GatheredPast
from probe.ports import Prometheus


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a Prometheus has recorded of KPIs, by name: of each week, and by version."""

    weeks: Mapping[str, Sequence[Sampled]] = field(default_factory=dict)
    releases: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


async def recorded_in(
    prometheus: Prometheus, key: ProductKey, kpis: Iterable[str], window: Window
) -> Recorded:
    """
    Return what is recorded of *kpis* in *window*.

    Raises:
        EvidenceUnavailable: no answer, or one that is wrong.
    """
    weeks, known = tuple(weeks_of(window)), [BY_NAME[kpi] for kpi in kpis]
    ends = Window(weeks[0].until, weeks[-1].until) if weeks else window
    weekly = {kpi.name: in_span(kpi, key, WEEK.total_seconds()) for kpi in known}
    seconds = (window.until - window.since).total_seconds()
    single = {kpi.name: by_release(kpi, key, seconds) for kpi in known}
    series = await together(
        {name: prometheus.over(query, ends, WEEK) for name, query in weekly.items() if query}
    )
    samples = await together(
        {name: prometheus.at(query, window.until) for name, query in single.items() if query}
    )
    return Recorded(
        {name: _by_week(found, weeks) for name, found in series.items()},
        {name: _by_version(found) for name, found in samples.items()},
    )


class RecordedPast:
    """What is *recorded* where it is, and else what is *gathered* from the ledger."""

    def __init__(self, recorded: Recorded, gathered: GatheredPast) -> None:
        self._recorded = recorded
        self._gathered = gathered

    def sampled(self, kpi: str) -> Sequence[Sampled]:
        """Return the values of a KPI, oldest first; may raise ``EvidenceUnavailable``."""
        if kpi in self._recorded.weeks:
            return self._recorded.weeks[kpi]
        if kpi not in self._recorded.releases:
            return self._gathered.sampled(kpi)
        values = self._recorded.releases[kpi]
        listed = sorted(self._gathered.releases, key=lambda each: each.published_at)
        return tuple(
            Sampled(each.version, each.published_at, values.get(each.version)) for each in listed
        )


def _by_week(found: Iterable[Series], weeks: Iterable[Window]) -> tuple[Sampled, ...]:
    values = {at: value for each in found for at, value in each.points if isfinite(value)}
    return tuple(
        Sampled(f"{week.since:%Y-%m-%d}", week.since, values.get(week.until)) for week in weeks
    )


def _by_version(found: Iterable[Sample]) -> Mapping[str, float]:
    return {each.label("version"): each.value for each in found if isfinite(each.value)}
