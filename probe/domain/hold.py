"""
What is known of one target from moment to moment: up, down, or unknown.

The state that an attempt shows is held for two intervals at most; then it is unknown, which is
neither up nor down. A prober that died must not be read as an outage.
"""

from dataclasses import dataclass, replace

from probe.domain.bucket import Attempt
from probe.domain.failure import FailureReason
from probe.domain.standing import clears
from probe.domain.target import Depth

INTERVALS_HELD = 2

# A clock that was set back further than this was wrong before: time is counted anew from there.
BACKSTEP_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of known state, in milliseconds since the epoch."""

    start_ms: int
    end_ms: int
    up: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """
    The state of a target: all time before ``settled_ms`` is counted, ``up`` holds to ``until_ms``.

    ``reason`` and ``depth`` are those of the failure that no attempt has refuted.
    """

    up: bool | None = None
    settled_ms: int = 0
    until_ms: int = 0
    reason: FailureReason | None = None
    depth: Depth = Depth.HEAD


UNHEARD = Hold()


def hear(hold: Hold, attempt: Attempt) -> tuple[Hold, Span | None]:
    """
    Take in *attempt*; return the state after it and the stretch of known state that ends with it.

    An attempt that ended before what is counted already takes effect from there on.
    """
    if attempt.passed is None:
        return hold, None
    at_ms = attempt.at_ms
    if hold.settled_ms - at_ms > BACKSTEP_MS:
        hold = replace(hold, settled_ms=at_ms, until_ms=at_ms)
    span = _span(hold, at_ms)
    from_ms = max(at_ms, hold.settled_ms)
    until_ms = from_ms + int(INTERVALS_HELD * 1000 * attempt.target.endpoint.interval_seconds)
    refuted = hold.reason is None or clears(attempt.depth, hold.reason, hold.depth)
    reason, depth = (None, Depth.HEAD) if refuted else (hold.reason, hold.depth)
    if refuted and not attempt.passed and attempt.fault is not None:
        reason, depth = attempt.fault[0], attempt.depth
    return Hold(attempt.passed and refuted, from_ms, until_ms, reason, depth), span


def settle(hold: Hold, now_ms: int) -> tuple[Hold, Span | None]:
    """Count the known state up to *now_ms*."""
    span = _span(hold, now_ms)
    return (hold, None) if span is None else (replace(hold, settled_ms=span.end_ms), span)


def _span(hold: Hold, now_ms: int) -> Span | None:
    end_ms = min(now_ms, hold.until_ms)
    if hold.up is None or end_ms <= hold.settled_ms:
        return None
    return Span(hold.settled_ms, end_ms, hold.up)
