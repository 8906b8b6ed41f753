"""How a product stands now: its current release, words that let it pass, reviews of its KPIs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from probe.answers.question import Question
from probe.answers.region import judged
from probe.domain.basis import reviewed_at
from probe.domain.gate import Gate
from probe.domain.override import OVERRIDE, in_force, words_window
from probe.evidence import open_reading
from probe.kpi.gathering import Gathering
from probe.settings import ConfiguredProduct


@dataclass(frozen=True, slots=True)
class Current:
    """The current release, and what is held of it."""

    version: str
    published_at: datetime
    gate: Gate


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a product stands; ``current`` is ``None`` where no release is known.

    ``overridden`` says until when, by version and KPI; ``reviewed`` when each target last was.
    """

    current: Current | None
    overridden: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    reviewed: Mapping[str, datetime] = field(default_factory=dict)


def standing_of(directory: Path, product: ConfiguredProduct, now: datetime) -> Standing:
    """
    Return how *product* stands by the ledger in *directory*. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    key = product.product.key
    with open_reading(directory) as kept:
        words = in_force(kept.events(*key, words_window(now), OVERRIDE), now)
        listed = {version: kept.release(*key, version) for version, _ in words}
        reviews = kept.reviews(*key)
        reviewed = {each.kpi: reviewed_at(reviews, each.kpi) for each in product.objectives}
        return Standing(
            _current(
                Gathering(kept, product.product, product.weights, product.regions), product, now
            ),
            {place: until for place, until in words.items() if listed[place[0]] is not None},
            {kpi: at for kpi, at in reviewed.items() if at is not None},
        )


def _current(gathering: Gathering, product: ConfiguredProduct, now: datetime) -> Current | None:
    listed = gathering.kept.remembered_releases(*product.product.key)
    newest = next((each for each in listed if not each.yanked), None)
    if newest is None:
        return None
    gate = judged(gathering, Question(product, newest.version, now))
    return Current(newest.version, newest.published_at, gate)
