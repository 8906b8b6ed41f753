"""How deep a due target is probed: the steps of one round, decided from policy, size and time."""

from dataclasses import dataclass
from enum import StrEnum

from probe.domain.observation import Inconclusive, Passed, Verdict
from probe.domain.schedule import DAY_SECONDS, MICROSECONDS, next_due_us, phase_us
from probe.domain.target import SLICE_BYTES, Depth, DepthPolicy, Endpoint, Slice, Target

DAY_US = DAY_SECONDS * MICROSECONDS
RETRY_US = 3600 * MICROSECONDS
WATCHED_RETRY_US = 300 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class Step:
    """One attempt of a round."""

    depth: Depth
    part: Slice = Slice.FIRST


class Weight(StrEnum):
    """What reading the whole artifact costs: enough to be rationed, or not."""

    SMALL = "small"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class LastFull:
    """When a target was last read in full, in microseconds (epoch), and whether that passed."""

    at_us: int
    passed: bool


HEAD = Step(Depth.HEAD)
FULL = Step(Depth.FULL)
FIRST = Step(Depth.RANGE, Slice.FIRST)
LAST = Step(Depth.RANGE, Slice.LAST)


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
            return (HEAD,)
        case DepthPolicy.RANGE:
            return _range_steps(target) or (HEAD,)
        case DepthPolicy.AUTO | DepthPolicy.FULL:
            if weight is Weight.SMALL:
                return (FULL,)
            return (HEAD, *_range_steps(target))


def wants_full(endpoint: Endpoint, weight: Weight) -> bool:
    """Tell whether a round of light steps is ever to be followed by a full download."""
    return weight is Weight.BULK and endpoint.depth in (DepthPolicy.AUTO, DepthPolicy.FULL)


def depths_of(target: Target) -> frozenset[Depth]:
    """Return every depth that rounds of *target* come to while there is budget."""
    known = weight_of(target)
    # A size that nobody published may turn out to be either.
    weights = (known,) if target.artifact.size_bytes is not None else tuple(Weight)
    steps = {step.depth for weight in weights for step in steps_of(target, weight)}
    full = any(wants_full(target.endpoint, weight) for weight in weights)
    return frozenset(steps | {Depth.FULL}) if full else frozenset(steps)


def next_full_us(target: Target, after: int) -> int:
    """
    Return when *target* is next due in full: its own time of day (UTC), spread by hash.

    An endpoint whose policy is ``FULL`` is due at once.
    """
    if target.endpoint.depth is DepthPolicy.FULL:
        return after
    return next_due_us(phase_us(f"full {target.key}", DAY_US), DAY_US, after)


def full_due_us(target: Target, last: LastFull | None, now: int) -> int:
    """
    Return when *target* is due in full, which was *last* read so by an earlier process.

    What came due while there was none is due at once; of what nobody knows nothing was missed.
    """
    if last is None:
        return next_full_us(target, now)
    return next_full_us(target, last.at_us) if last.passed else last.at_us + RETRY_US


def is_full_due(due: int, now: int) -> bool:
    """Tell whether *due* has come; one more than a day ahead is of a clock that was wrong."""
    return not now < due <= now + DAY_US


def full_again_us(target: Target, verdict: Verdict, after: int, *, watched: bool) -> int:
    """
    Return when a full download is due again after one that ended with *verdict*.

    One that failed is tried again before its day is over, so that a repair is seen; sooner if
    the release is watched, or if nothing was learnt.
    """
    if isinstance(verdict, Passed) or target.endpoint.depth is DepthPolicy.FULL:
        return next_full_us(target, after)
    soon = watched or isinstance(verdict, Inconclusive)
    return after + (WATCHED_RETRY_US if soon else RETRY_US)


def _range_steps(target: Target) -> tuple[Step, ...]:
    size = target.artifact.size_bytes
    if not size:
        return ()
    return (FIRST,) if size <= SLICE_BYTES else (FIRST, LAST)
