"""What the ledger of this region says of releases, held against what is asked of them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from probe.domain.evidence import Window
from probe.domain.gate import Gate, Judged, Reading, Ruling, Terms, evaluate
from probe.domain.override import OVERRIDE, overrides_of, words_window
from probe.evidence import open_reading
from probe.kpi.gathering import Gathering
from probe.kpi.model import MONTH
from probe.kpi.readings import Asked, readings
from probe.kpi.scorecard import Scorecard, scorecard
from probe.ports import EvidenceUnavailable
from probe.settings import ConfiguredProduct


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard, and what is held of the objectives of its product."""

    scorecard: Scorecard
    gate: Gate


def card_of(directory: Path, product: ConfiguredProduct, version: str, now: datetime) -> Card:
    """
    Draw up the scorecard of a release, or without *version* of the last 30 days. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    with open_reading(directory) as kept:
        gathering = Gathering(kept, product.product, product.weights, product.regions)
        evidence = gathering.evidence(Window(now - MONTH, now), version)
        return Card(scorecard(evidence), judged(gathering, product, version, now, Terms()))


def gate_of(
    directory: Path, product: ConfiguredProduct, version: str, now: datetime, regions: int = 1
) -> Gate:
    """
    Judge a release, of which evidence is to come from so many *regions*. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    with open_reading(directory) as kept:
        gathering = Gathering(kept, product.product, product.weights, product.regions)
        return judged(gathering, product, version, now, Terms(regions=regions))


def judged(
    gathering: Gathering, product: ConfiguredProduct, version: str, now: datetime, terms: Terms
) -> Gate:
    """
    Judge a release by what is gathered, and by the words of those who override a gate.

    May raise ``EvidenceUnavailable``, as the source does.
    """
    asked = Asked(now, terms.oldest, version, product.regions)
    found = readings(gathering, product.objectives, asked)
    events = gathering.kept.events(*product.product.key, words_window(now), OVERRIDE)
    return evaluate(product.objectives, found, now, terms, overrides_of(events, version))


def gate_in_any_case(
    directory: Path, product: ConfiguredProduct, version: str, now: datetime, regions: int = 1
) -> Gate:
    """Judge a release; where there is no evidence to be read, everything is unknown. Blocks."""
    try:
        return gate_of(directory, product, version, now, regions)
    except EvidenceUnavailable as fault:
        nothing = Reading(None, now, why=str(fault))
        unknown = (Judged(each, nothing, Ruling.UNKNOWN, str(fault)) for each in product.objectives)
        return Gate(now, tuple(unknown))
