"""What the ledger of this region says of releases, held against what is asked of them."""

from pathlib import Path

from probe.answers.question import Card, Question
from probe.domain.gate import Gate, evaluate
from probe.domain.override import OVERRIDE, overrides_of, words_window
from probe.evidence import Reading, open_reading
from probe.kpi.gathering import Gathering
from probe.kpi.readings import readings
from probe.kpi.scorecard import scorecard


def region_card(directory: Path, question: Question) -> Card:
    """
    Draw up a scorecard. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    with open_reading(directory) as kept:
        gathering = gathering_of(kept, question)
        evidence = gathering.evidence(question.window, question.version)
        return Card(scorecard(evidence), judged(gathering, question))


def region_gate(directory: Path, question: Question) -> Gate:
    """
    Judge a release. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    with open_reading(directory) as kept:
        return judged(gathering_of(kept, question), question)


def gathering_of(kept: Reading, question: Question) -> Gathering:
    """Return where the evidence of the product that is asked about comes from."""
    product = question.product
    return Gathering(kept, product.product, product.weights, product.regions)


def judged(gathering: Gathering, question: Question) -> Gate:
    """
    Judge a release by what is gathered, and by the words of those who override a gate.

    May raise ``EvidenceUnavailable``, as the source does.
    """
    objectives, now = question.product.objectives, question.now
    found = readings(gathering, objectives, question.asked)
    events = gathering.kept.events(*gathering.product.key, words_window(now), OVERRIDE)
    overrides = overrides_of(events, question.version)
    return evaluate(objectives, found, now, question.terms, overrides)
