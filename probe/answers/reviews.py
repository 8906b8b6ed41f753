"""What a review of the KPIs of a product has to look at, by what is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from probe.domain.basis import CACHE, Basis, read_basis
from probe.domain.block import BLOCK, blocks_of
from probe.domain.evidence import EVER, DetectedBy, IncidentRecord, Review, Window
from probe.domain.override import OVERRIDE, words_of
from probe.domain.revisit import Trigger, triggers
from probe.domain.told import ALERT
from probe.evidence import Reading, open_reading
from probe.kpi import BY_NAME, Measured
from probe.kpi.basis import Delivery, basis_of
from probe.kpi.gathering import Gathering
from probe.kpi.model import QUARTER, Per
from probe.kpi.past import GatheredPast
from probe.kpi.review import (
    NEAR,
    Facts,
    Findings,
    due_at,
    finding_of,
    heard_of,
    repeated_classes,
    unmatched_of,
)
from probe.settings import ConfiguredProduct

# Each is looked into by itself; more than that would take minutes.
_MOST_INCIDENTS = 50


def findings_of(directory: Path, product: ConfiguredProduct, now: datetime) -> Findings:
    """
    Return what a review at *now* has to look at, of the last 90 days. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    with open_reading(directory) as kept:
        return _Review(kept, product, Window(now - QUARTER, now)).findings()


class _Review:
    def __init__(self, kept: Reading, product: ConfiguredProduct, window: Window) -> None:
        self._kept = kept
        self._product = product
        self._key = product.product.key
        self._window = window
        self._gathering = Gathering(kept, product.product, product.weights)

    def findings(self) -> Findings:
        kept, key, window = self._kept, self._key, self._window
        objectives = self._product.objectives
        last = next(iter(kept.reviews(*key)), None)
        incidents = kept.incidents(*key, window)
        own = [each for each in incidents if not each.joined][-_MOST_INCIDENTS:]
        told = [each for each in own if each.detected_by is DetectedBy.USER]
        facts = Facts(
            tuple(blocks_of(kept.events(*key, window, BLOCK))),
            words_of(kept.events(*key, window, OVERRIDE)),
            incidents,
            self._missed([(each, Window(each.onset_at - NEAR, each.onset_at)) for each in own]),
        )
        around = self._missed(
            [(each, Window(each.onset_at - NEAR, each.onset_at + NEAR)) for each in told]
        )
        past = GatheredPast(self._gathering, window, kept.heard_since())
        basis = self._basis()
        return Findings(
            window,
            last,
            due_at(last, objectives, window.until),
            tuple(finding_of(each, past.sampled(each.kpi), facts) for each in objectives),
            heard_of(kept.events(*key, window, ALERT), incidents),
            unmatched_of(told, around),
            self._triggers(last, basis, incidents),
            basis,
            unlooked=sum(not each.joined for each in incidents) - len(own),
        )

    def _missed(
        self, windows: Sequence[tuple[IncidentRecord, Window]]
    ) -> Mapping[str, tuple[str, ...]]:
        """Return by incident which targets were missed in its window."""
        return {incident.id: self._missed_in(window) for incident, window in windows}

    def _missed_in(self, window: Window) -> tuple[str, ...]:
        evidence = self._gathering.evidence(window)
        missed = []
        for objective in self._product.objectives:
            kpi = BY_NAME[objective.kpi]
            # Others are about incidents themselves, or about now.
            if kpi.per not in (Per.WEEK, Per.RELEASE):
                continue
            value = kpi.value(evidence)
            if isinstance(value, Measured) and not objective.met_by(value.value):
                missed.append(kpi.name)
        return tuple(missed)

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
