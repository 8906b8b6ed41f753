"""Whether a pass says that an earlier failure is over."""

from probe.domain.failure import FailureReason
from probe.domain.target import Depth

_RANK = {Depth.HEAD: 0, Depth.RANGE: 1, Depth.FULL: 2}

# Every other reason shows at any depth, so a pass at any depth refutes it.
_SHOWS_FROM = {
    FailureReason.CHECKSUM_MISMATCH: Depth.FULL,
    FailureReason.STALE: Depth.FULL,
    FailureReason.WRONG_CONTENT: Depth.RANGE,
    FailureReason.SIZE_MISMATCH: Depth.RANGE,
    FailureReason.TRUNCATED: Depth.RANGE,
}


def clears(passed: Depth, reason: FailureReason, failed: Depth) -> bool:
    """
    Tell whether a pass at depth *passed* could have seen what failed at depth *failed*.

    A HEAD request that succeeds says nothing about bytes that were proven wrong.
    """
    needed = min(_RANK[_SHOWS_FROM.get(reason, Depth.HEAD)], _RANK[failed])
    return _RANK[passed] >= needed
