import pytest

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Inconclusive, Passed, Proof
from probe.terminal.exit_code import exit_code

PASSED = Passed(Proof.DIGEST)
FAILED = Failed(Failure(FailureReason.STALE, Phase.VERIFY))
UNKNOWN = Inconclusive(Failure(FailureReason.UPLINK, Phase.CONNECT))


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([PASSED, PASSED], 0),
        ([PASSED, FAILED], 1),
        ([PASSED, UNKNOWN, FAILED], 1),
        ([PASSED, UNKNOWN], 3),
        ([UNKNOWN], 3),
        ([], 3),
    ],
    ids=["all passed", "one failed", "failed outweighs", "not all known", "none known", "none"],
)
def test_the_exit_code_says_what_is_proven(verdicts, expected):
    assert exit_code(verdicts) == expected
