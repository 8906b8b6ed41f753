"""Answers about releases: what is known of them, held against what is asked."""

from probe.answers.api import ReleaseAnswers
from probe.answers.asking import card_of, gate_in_any_case, gate_of
from probe.answers.baselines import Baselines, baselines_of
from probe.answers.product import product_of
from probe.answers.promises import as_aims, promised, unfounded
from probe.answers.question import Card, Question, Sources
from probe.answers.releases import VERSIONS, releases_known
from probe.answers.reviews import findings_of
from probe.answers.standing import Standing, standing_of
from probe.answers.waiting import await_pass

__all__ = [
    "VERSIONS",
    "Baselines",
    "Card",
    "Question",
    "ReleaseAnswers",
    "Sources",
    "Standing",
    "as_aims",
    "await_pass",
    "baselines_of",
    "card_of",
    "findings_of",
    "gate_in_any_case",
    "gate_of",
    "product_of",
    "promised",
    "releases_known",
    "standing_of",
    "unfounded",
]
