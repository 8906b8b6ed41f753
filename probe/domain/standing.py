"""Whether a pass says that an earlier failure is over, or that a later one had not begun."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Passes:
    """When a target last passed at each depth or a greater one; milliseconds, 0 for never."""

    head_ms: int = 0
    range_ms: int = 0
    full_ms: int = 0

    @classmethod
    def last(cls, head_ms: int, range_ms: int, full_ms: int) -> "Passes":
        """Return the passes of which the last at each depth itself are those."""
        range_ms = max(range_ms, full_ms)
        return cls(max(head_ms, range_ms), range_ms, full_ms)

    def and_one(self, depth: Depth, at_ms: int) -> "Passes":
        """Return these and a later one at *depth*."""
        match depth:
            case Depth.FULL:
                return Passes(at_ms, at_ms, at_ms)
            case Depth.RANGE:
                return Passes(at_ms, at_ms, self.full_ms)
            case Depth.HEAD:
                return Passes(at_ms, self.range_ms, self.full_ms)

    def merged(self, others: "Passes") -> "Passes":
        """Return the later ones of both."""
        return Passes(
            max(self.head_ms, others.head_ms),
            max(self.range_ms, others.range_ms),
            max(self.full_ms, others.full_ms),
        )

    def before(self, reason: FailureReason, failed: Depth) -> int | None:
        """Return the last that could have seen what failed at depth *failed*, if one did."""
        return (self.head_ms, self.range_ms, self.full_ms)[_rank_of(reason, failed)] or None


NEVER = Passes()


def clears(passed: Depth, reason: FailureReason, failed: Depth) -> bool:
    """
    Tell whether a pass at depth *passed* could have seen what failed at depth *failed*.

    A HEAD request that succeeds says nothing about bytes that were proven wrong.
    """
    return _RANK[passed] >= _rank_of(reason, failed)


def _rank_of(reason: FailureReason, failed: Depth) -> int:
    return min(_RANK[_SHOWS_FROM.get(reason, Depth.HEAD)], _RANK[failed])
