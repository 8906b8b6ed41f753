"""What a review of the KPIs of a product has to look at, by what is known of a quarter."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from probe.answers.missed import around, before, missed_here, missed_in
from probe.answers.past import Recorded, RecordedPast, recorded_in
from probe.answers.question import Sources
from probe.domain.basis import CACHE, Basis, read_basis
from probe.domain.block import BLOCK, blocks_of
from probe.domain.evidence import EVER, DetectedBy, IncidentRecord, Review, Window
from probe.domain.override import OVERRIDE, words_of
from probe.domain.revisit import Trigger, triggers
from probe.domain.told import ALERT
from probe.evidence import Reading, open_reading
from probe.kpi.basis import Delivery, basis_of
from probe.kpi.gathering import Gathering
from probe.kpi.model import QUARTER
from probe.kpi.past import GatheredPast
from probe.kpi.review import (
    Facts,
    Findings,
    due_at,
    finding_of,
    heard_of,
    repeated_classes,
    unmatched_of,
)
from probe.ports import Prometheus
from probe.settings import ConfiguredProduct
from probe.transport import open_prometheus

# Each is looked into by itself; more than that would take minutes.
_MOST_INCIDENTS = 50


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a Prometheus saw of all regions: the past, and by time which targets were missed."""

    recorded: Recorded = field(default_factory=Recorded)
    missed: Mapping[Window, Mapping[str, bool]] = field(default_factory=dict)


async def findings_of(sources: Sources, product: ConfiguredProduct, now: datetime) -> Findings:
    """
    Return what a review at *now* has to look at, of the last 90 days.

    Raises:
        EvidenceUnavailable: there is no ledger, it cannot be read, or Prometheus does not answer.
    """
    window, seen = Window(now - QUARTER, now), _Seen()
    if sources.prometheus is not None:
        known = await asyncio.to_thread(_incidents_of, sources.directory, product, window)
        async with open_prometheus(sources.prometheus) as prometheus:
            seen = await _seen_by(prometheus, product, window, known)
    return await asyncio.to_thread(_findings, sources.directory, product, window, seen)


async def _seen_by(
    prometheus: Prometheus,
    product: ConfiguredProduct,
    window: Window,
    incidents: Sequence[IncidentRecord],
) -> _Seen:
    own = _own(incidents)
    times = {before(each.onset_at) for each in own} | {around(each.onset_at) for each in _told(own)}
    key, kpis = product.product.key, [each.kpi for each in product.objectives]
    return _Seen(
        await recorded_in(prometheus, key, kpis, window),
        await missed_in(prometheus, key, product.objectives, times),
    )


def _incidents_of(
    directory: Path, product: ConfiguredProduct, window: Window
) -> Sequence[IncidentRecord]:
    with open_reading(directory) as kept:
        return kept.incidents(*product.product.key, window)


def _findings(directory: Path, product: ConfiguredProduct, window: Window, seen: _Seen) -> Findings:
    with open_reading(directory) as kept:
        return _Review(kept, product, window, seen).findings()


def _own(incidents: Sequence[IncidentRecord]) -> Sequence[IncidentRecord]:
    """Return those that are looked into: the last ones that are no part of another."""
    return [each for each in incidents if not each.joined][-_MOST_INCIDENTS:]


def _told(own: Sequence[IncidentRecord]) -> Sequence[IncidentRecord]:
    return [each for each in own if each.detected_by is DetectedBy.USER]


class _Review:
    def __init__(
        self, kept: Reading, product: ConfiguredProduct, window: Window, seen: _Seen
    ) -> None:
        self._kept = kept
        self._product = product
        self._key = product.product.key
        self._window = window
        self._seen = seen
        self._gathering = Gathering(kept, product.product, product.weights, product.regions)

    def findings(self) -> Findings:
        kept, key, window = self._kept, self._key, self._window
        objectives = self._product.objectives
        last = next(iter(kept.reviews(*key)), None)
        incidents = kept.incidents(*key, window)
        own = _own(incidents)
        facts = Facts(
            tuple(blocks_of(kept.events(*key, window, BLOCK))),
            words_of(kept.events(*key, window, OVERRIDE)),
            incidents,
            {each.id: self._missed(before(each.onset_at)) for each in own},
        )
        told = _told(own)
        missed = {each.id: self._missed(around(each.onset_at)) for each in told}
        gathered = GatheredPast(self._gathering, window, kept.heard_since())
        past = RecordedPast(self._seen.recorded, gathered)
        basis = self._basis()
        return Findings(
            window,
            last,
            due_at(last, objectives, window.until),
            tuple(finding_of(each, past.sampled(each.kpi), facts) for each in objectives),
            heard_of(kept.events(*key, window, ALERT), incidents),
            unmatched_of(told, missed),
            self._triggers(last, basis, incidents),
            basis,
            unlooked=sum(not each.joined for each in incidents) - len(own),
        )

    def _missed(self, time: Window) -> tuple[str, ...]:
        """Return the targets that were missed: what was seen of all regions goes first."""
        seen = self._seen.missed.get(time, {})
        others = [each for each in self._product.objectives if each.kpi not in seen]
        here = missed_here(self._gathering, others, time)
        return (*(kpi for kpi, missed in seen.items() if missed), *here)

    def _basis(self) -> Basis:
        product = self._product
        return basis_of(
            Delivery(product.product, product.regions, product.objectives),
            self._gathering.evidence(self._window),
            self._kept.heard_since(),
            [each.detail for each in self._kept.events(*self._key, EVER, CACHE)],
        )

    def _triggers(
        self, last: Review | None, now: Basis, incidents: Sequence[IncidentRecord]
    ) -> tuple[Trigger, ...] | None:
        before = read_basis(last.basis) if last is not None else None
        if last is None or before is None:
            return None
        return triggers(before, now, repeated_classes(incidents, last.at))
