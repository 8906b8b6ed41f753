"""The commands about releases and their targets, on a ledger that may be in use."""

from probe.questions.baselines import BASELINE_EXAMPLES, baseline
from probe.questions.gates import GATE_EXAMPLES, gate
from probe.questions.overrides import OVERRIDE_EXAMPLES, override
from probe.questions.reviews import REVIEW_EXAMPLES, review
from probe.questions.scorecards import SCORECARD_EXAMPLES, scorecard

__all__ = [
    "BASELINE_EXAMPLES",
    "GATE_EXAMPLES",
    "OVERRIDE_EXAMPLES",
    "REVIEW_EXAMPLES",
    "SCORECARD_EXAMPLES",
    "baseline",
    "gate",
    "override",
    "review",
    "scorecard",
]
