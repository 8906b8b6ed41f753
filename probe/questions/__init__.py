"""The commands about releases and their targets, on a ledger that may be in use."""

from probe.questions.gates import GATE_EXAMPLES, gate
from probe.questions.overrides import OVERRIDE_EXAMPLES, override
from probe.questions.scorecards import SCORECARD_EXAMPLES, scorecard

__all__ = [
    "GATE_EXAMPLES",
    "OVERRIDE_EXAMPLES",
    "SCORECARD_EXAMPLES",
    "gate",
    "override",
    "scorecard",
]
