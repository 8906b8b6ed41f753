"""The past of KPIs as a ledger has it: what each came to in every week, release or incident."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from probe.domain.evidence import Window
from probe.domain.sampled import Sampled, weeks_of
from probe.domain.whole import wholes
from probe.kpi import BY_NAME
from probe.kpi.evidence import Evidence, Released
from probe.kpi.gathering import Gathering
from probe.kpi.model import Kpi, Per
from probe.kpi.value import Measured


class GatheredPast:
    """
    What is gathered of one product in *window*, of which nothing is known before *heard_since*.

    Every method may raise ``EvidenceUnavailable``, as the source does.
    """

    def __init__(
        self, gathering: Gathering, window: Window, heard_since: datetime | None = None
    ) -> None:
        since = window.since if heard_since is None else max(window.since, heard_since)
        self._gathering = gathering
        self._window = Window(min(since, window.until), window.until)

    @property
    def releases(self) -> Sequence[Released]:
        """Return the releases of the window, the newest first."""
        return self._whole.releases

    def sampled(self, kpi: str) -> Sequence[Sampled]:
        """Return the values of a KPI, oldest first; none where no more than the present is kept."""
        known = BY_NAME[kpi]
        if known.headline is None:
            return ()
        match known.per:
            case Per.WEEK:
                return tuple(_of_week(known, each) for each in self._weeks)
            case Per.RELEASE:
                return tuple(_of_releases(known, self._whole))
            case Per.INCIDENT:
                return tuple(_of_incidents(known, self._whole))
            case Per.MOMENT:
                return ()

    @cached_property
    def _weeks(self) -> Sequence[Evidence]:
        return tuple(self._gathering.evidence(week) for week in weeks_of(self._window))

    @cached_property
    def _whole(self) -> Evidence:
        return self._gathering.evidence(self._window)


def _of_week(kpi: Kpi, week: Evidence) -> Sampled:
    return Sampled(f"{week.window.since:%Y-%m-%d}", week.window.since, _value(kpi, week))


def _of_releases(kpi: Kpi, evidence: Evidence) -> Iterator[Sampled]:
    for each in sorted(evidence.releases, key=lambda each: each.published_at):
        value = _value(kpi, replace(evidence, releases=(each,)))
        yield Sampled(each.version, each.published_at, value)


def _of_incidents(kpi: Kpi, evidence: Evidence) -> Iterator[Sampled]:
    for each in wholes(evidence.incidents):
        if each.onset_at >= evidence.window.since:
            value = _value(kpi, replace(evidence, incidents=(each.head, *each.parts)))
            yield Sampled(each.head.id, each.onset_at, value)


def _value(kpi: Kpi, evidence: Evidence) -> float | None:
    value = kpi.value(evidence)
    return value.value if isinstance(value, Measured) else None
