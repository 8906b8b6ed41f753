"""The commands that ask what is known of a release; they read the ledger, which may be in use."""

from probe.questions.gates import GATE_EXAMPLES, gate
from probe.questions.scorecards import SCORECARD_EXAMPLES, scorecard

__all__ = ["GATE_EXAMPLES", "SCORECARD_EXAMPLES", "gate", "scorecard"]
