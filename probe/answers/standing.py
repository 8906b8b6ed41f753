"""How a product stands now: its current release, words that let it pass, reviews of its KPIs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from probe.domain.artifact import Release
from probe.domain.basis import reviewed_at
from probe.domain.override import OVERRIDE, in_force, words_window
from probe.evidence import open_reading
from probe.settings import ConfiguredProduct


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a product stands; ``current`` is ``None`` where no release is known.

    ``overridden`` says until when, by version and KPI; ``reviewed`` when each target last was.
    """

    current: Release | None
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
        listed = kept.remembered_releases(*key)
        words = in_force(kept.events(*key, words_window(now), OVERRIDE), now)
        known = {version for version, _ in words if kept.release(*key, version) is not None}
        reviews = kept.reviews(*key)
    reviewed = {each.kpi: reviewed_at(reviews, each.kpi) for each in product.objectives}
    return Standing(
        next((each for each in listed if not each.yanked), None),
        {place: until for place, until in words.items() if place[0] in known},
        {kpi: at for kpi, at in reviewed.items() if at is not None},
    )
