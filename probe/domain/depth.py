"""How deep a due target is probed: the steps of one round, decided from policy, size and time."""

from dataclasses import dataclass
from enum import StrEnum

from probe.domain.schedule import DAY_SECONDS, MICROSECONDS, next_due_us, phase_us
from probe.domain.target import SLICE_BYTES, Depth, DepthPolicy, Endpoint, Slice, Target

DAY_US = DAY_SECONDS * MICROSECONDS
FULL_RETRY_US = 3600 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class Step:
    """One attempt of a round."""

    depth: Depth
    part: Slice = Slice.FIRST


class Weight(StrEnum):
    """What reading the whole artifact costs: enough to be rationed, or not."""

    SMALL = "small"
    BULK = "bulk"


HEAD_STEPS = (Step(Depth.HEAD),)
FULL_STEPS = (Step(Depth.FULL),)
FIRST_STEPS = (Step(Depth.RANGE),)
RANGE_STEPS = (Step(Depth.RANGE), Step(Depth.RANGE, Slice.LAST))
BULK_STEPS = (*HEAD_STEPS, *RANGE_STEPS)


def weight_of(target: Target, seen_bytes: int | None = None) -> Weight:
    """
    Tell whether full downloads of *target* are rationed.

    *seen_bytes* is the size that an earlier download had; it stands in where none is published.
    A body that nobody announced and no digest would prove is not worth reading each interval.
    """
    artifact = target.artifact
    size = artifact.size_bytes if artifact.size_bytes is not None else seen_bytes
    if size is None:
        return Weight.SMALL if artifact.digests else Weight.BULK
    return Weight.SMALL if size < target.endpoint.full_below_bytes else Weight.BULK


def steps_of(target: Target, weight: Weight) -> tuple[Step, ...]:
    """Return what is attempted each interval, in order; the first that does not pass ends it."""
    match target.endpoint.depth:
        case DepthPolicy.HEAD:
            return HEAD_STEPS
        case DepthPolicy.RANGE:
            return _range_steps(target) or HEAD_STEPS
        case DepthPolicy.AUTO | DepthPolicy.FULL:
            if weight is Weight.SMALL:
                return FULL_STEPS
            return HEAD_STEPS + _range_steps(target)


def wants_full(endpoint: Endpoint, weight: Weight) -> bool:
    """Tell whether a round of light steps is ever to be followed by a full download."""
    return weight is Weight.BULK and endpoint.depth in (DepthPolicy.AUTO, DepthPolicy.FULL)


def next_full_us(target: Target, after: int) -> int:
    """
    Return when *target* is next due in full: its own time of day (UTC), spread by hash.

    An endpoint whose policy is ``FULL`` is due at once.
    """
    if target.endpoint.depth is DepthPolicy.FULL:
        return after
    return next_due_us(phase_us(f"full {target.key}", DAY_US), DAY_US, after)


def _range_steps(target: Target) -> tuple[Step, ...]:
    size = target.artifact.size_bytes
    if not size:
        return ()
    return FIRST_STEPS if size <= SLICE_BYTES else RANGE_STEPS
