"""What the last attempts for one target say: whether it is down, since when, and why."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from probe.domain.bucket import Attempt
from probe.domain.failure import FailureReason
from probe.domain.standing import NEVER, Passes, clears
from probe.domain.target import Depth

MOST_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class IncidentPolicy:
    """
    When a target is down and when it is back, and what is one incident.

    Down after ``failures`` in a row, or ``some`` of the last ``of`` attempts; back after ``passes``
    in a row. Outages of a pair less than ``merge`` apart are one. A target that never passed is
    not held against its endpoint before ``arrival`` after its release was published.

    Raises:
        ValueError: a count below one, ``some`` above ``of``, or ``of`` above 64.
    """

    failures: int = 3
    some: int = 5
    of: int = 10
    passes: int = 3
    merge: timedelta = timedelta(minutes=10)
    arrival: timedelta = timedelta(minutes=30)

    def __post_init__(self) -> None:
        if min(self.failures, self.some, self.passes) < 1:
            raise ValueError("failures, some and passes are at least 1")
        if not self.some <= self.of <= MOST_REMEMBERED:
            raise ValueError(f"some is at most of, and of at most {MOST_REMEMBERED}")


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first failure of several, and the last success before it; milliseconds."""

    failure_ms: int
    success_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Streak:
    """
    One target, as its conclusive attempts left it. Milliseconds since the epoch.

    ``recent`` has a bit for each of the last attempts, 1 where it failed; ``spell`` are those
    failures, oldest first. ``row`` began the failures in a row. ``passes`` are those in a row since
    it went down, ``back_ms`` is the first of them. ``passed`` are the last passes there were.
    ``reason`` and ``depth`` are of the failure that nothing has refuted.
    """

    down: bool = False
    recent: int = 0
    failures: int = 0
    row: Beginning | None = None
    spell: tuple[Beginning, ...] = ()
    passes: int = 0
    back_ms: int | None = None
    passed: Passes = NEVER
    reason: FailureReason | None = None
    depth: Depth = field(default=Depth.HEAD)


FRESH = Streak()


def hear(streak: Streak, attempt: Attempt, policy: IncidentPolicy) -> Streak:
    """Return *streak* after a conclusive *attempt*; one that proves nothing leaves it as it is."""
    return _passed(streak, attempt, policy) if attempt.passed else _failed(streak, attempt, policy)


def _failed(streak: Streak, attempt: Attempt, policy: IncidentPolicy) -> Streak:
    reason, depth = attempt.fault[0] if attempt.fault else FailureReason.INTERNAL, attempt.depth
    here = Beginning(attempt.at_ms, streak.passed.before(reason, depth))
    recent = (streak.recent << 1 | 1) & ((1 << policy.of) - 1)
    failures = streak.failures + 1
    if streak.reason and not clears(depth, streak.reason, streak.depth):
        reason, depth = streak.reason, streak.depth
    return Streak(
        down=streak.down or failures >= policy.failures or recent.bit_count() >= policy.some,
        recent=recent,
        failures=failures,
        row=streak.row if streak.failures else here,
        spell=(*streak.spell, here)[-recent.bit_count() :],
        passed=streak.passed,
        reason=reason,
        depth=depth,
    )


def _passed(streak: Streak, attempt: Attempt, policy: IncidentPolicy) -> Streak:
    if streak.reason and not clears(attempt.depth, streak.reason, streak.depth):
        return streak
    at_ms, passes = attempt.at_ms, streak.passes + 1
    passed = streak.passed.and_one(attempt.depth, at_ms)
    # Who is back starts anew: failures from before the outage ended must not begin the next.
    if streak.down and passes >= policy.passes:
        back_ms = streak.back_ms if streak.passes else at_ms
        return Streak(passed=passed, back_ms=back_ms)
    recent = streak.recent << 1 & ((1 << policy.of) - 1)
    count = recent.bit_count()
    return replace(
        streak,
        recent=recent,
        failures=0,
        row=None,
        spell=streak.spell[-count:] if count else (),
        passes=passes if streak.down else 0,
        back_ms=(streak.back_ms if streak.passes else at_ms) if streak.down else None,
        passed=passed,
        reason=None,
        depth=Depth.HEAD,
    )
