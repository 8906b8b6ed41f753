"""
When each target is due: a stable hash spreads targets over their interval.

All moments are whole microseconds since the Unix epoch, so that no rounding can make a target due
twice or not at all, and a restart finds every target where it was.
"""

from enum import StrEnum
from hashlib import blake2b

MICROSECONDS = 1_000_000
DAY_SECONDS = 86_400

# The linear congruential generator of the paper, and its 64 bits.
_JUMP = 2862933555777941757
_WORD = (1 << 64) - 1


class SkipReason(StrEnum):
    """Why a due probe was not made. Label values: never renamed."""

    OVERLAP = "overlap"
    OVERLOAD = "overload"
    BUDGET = "budget"
    BEFORE_ORIGIN = "before_origin"


def phase_us(key: str, interval_us: int) -> int:
    """Return how long after each multiple of the interval *key* is due: in [0, interval)."""
    # A hash rather than a random number: a restart neither bunches probes up nor moves them.
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) % interval_us


def next_due_us(phase: int, interval_us: int, after: int) -> int:
    """Return the first moment after *after* that is *phase* past a multiple of the interval."""
    return after + interval_us - (after - phase) % interval_us


def shard_of(key: str, total: int) -> int:
    """
    Return which of *total* shards owns *key*, from 0.

    With one shard more, each key stays where it is or moves to the new one (jump consistent hash:
    Lamping and Veach, arXiv 1406.2294).
    """
    state = int.from_bytes(blake2b(key.encode(), digest_size=8).digest())
    shard, next_shard = 0, 0
    while next_shard < total:
        shard = next_shard
        state = (state * _JUMP + 1) & _WORD
        next_shard = int((shard + 1) * ((1 << 31) / ((state >> 33) + 1)))
    return shard


def is_late(delay_seconds: float, interval_seconds: float) -> bool:
    """Tell whether a probe started more than a tenth of its interval after it was due."""
    return delay_seconds > interval_seconds / 10
