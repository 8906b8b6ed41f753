"""When a pass says that a failure is over."""

import pytest

from probe.domain.failure import FailureReason
from probe.domain.standing import clears
from probe.domain.target import Depth


@pytest.mark.parametrize(
    ("passed", "reason", "failed", "cleared"),
    [
        (Depth.HEAD, FailureReason.CONNECT, Depth.FULL, True),
        (Depth.HEAD, FailureReason.NOT_FOUND, Depth.RANGE, True),
        (Depth.HEAD, FailureReason.CHECKSUM_MISMATCH, Depth.FULL, False),
        (Depth.RANGE, FailureReason.CHECKSUM_MISMATCH, Depth.FULL, False),
        (Depth.FULL, FailureReason.CHECKSUM_MISMATCH, Depth.FULL, True),
        (Depth.RANGE, FailureReason.STALE, Depth.FULL, False),
        (Depth.HEAD, FailureReason.TRUNCATED, Depth.RANGE, False),
        (Depth.RANGE, FailureReason.TRUNCATED, Depth.FULL, True),
        (Depth.HEAD, FailureReason.SIZE_MISMATCH, Depth.HEAD, True),
        (Depth.HEAD, FailureReason.WRONG_CONTENT, Depth.FULL, False),
    ],
)
def test_a_pass_clears_what_it_could_have_seen(passed, reason, failed, cleared):
    assert clears(passed, reason, failed) is cleared


@pytest.mark.parametrize("reason", FailureReason)
@pytest.mark.parametrize("depth", Depth)
def test_a_pass_at_the_same_depth_clears_everything(reason, depth):
    assert clears(depth, reason, depth)
