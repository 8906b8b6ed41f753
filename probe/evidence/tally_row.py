"""
A tally as columns of a row, and back.

The row of a bucket has its few durations as text. The row of a sum has many, as bytes that add up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from probe.domain.bucket import Fault, Tally
from probe.domain.failure import FailureReason, Phase
from probe.evidence import bins
from probe.evidence.trouble import Damaged

NUMBERS = (
    "attempts",
    "verified",
    "full_attempts",
    "full_verified",
    "inconclusive",
    "up_ms",
    "known_ms",
    "bytes_received",
)
COLUMNS = (*NUMBERS, "faults", "durations")

SUM_COLUMNS = (*NUMBERS, "faults", "bins")

# Texts of many rows are joined with commas by group_concat and read back as one.
_NUMBERS = ", ".join(f"sum({name})" for name in NUMBERS)
OF_BUCKETS = f"{_NUMBERS}, group_concat(faults), group_concat(durations)"
OF_SUMS = f"{_NUMBERS}, group_concat(faults), add_bins(bins)"

Cells = tuple[int, int, int, int, int, int, int, int, str | None, str | None]
SumCells = tuple[int, int, int, int, int, int, int, int, str | None, bytes | None]


def to_row(tally: Tally) -> Cells:
    """Return the values of ``COLUMNS``; what is empty is ``None``."""
    durations = bins.to_text(tally.durations) if tally.durations else None
    return (*_numbers_and_faults(tally), durations)


def to_sum_row(tally: Tally) -> SumCells:
    """
    Return the values of ``SUM_COLUMNS``; what is empty is ``None``.

    Raises:
        Damaged: durations that none can be.
    """
    try:
        return (*_numbers_and_faults(tally), bins.pack(tally.durations))
    except ValueError as fault:
        raise Damaged(f"counts cannot be added up: {fault}") from fault


def from_row(row: Sequence[Any]) -> Tally:
    """
    Return the tally of the values of ``COLUMNS``, or of ``OF_BUCKETS``.

    Raises:
        Damaged: a text that ``to_row`` does not write.
    """
    return _tally(row, bins.from_text)


def from_sum_row(row: Sequence[Any]) -> Tally:
    """
    Return the tally of the values of ``SUM_COLUMNS``, or of ``OF_SUMS``.

    Raises:
        Damaged: what ``to_sum_row`` does not write.
    """
    return _tally(row, bins.unpack)


def _tally(row: Sequence[Any], read: Callable[[Any], dict[int, int]]) -> Tally:
    *numbers, faults, durations = row
    try:
        return tally_of(numbers, read_faults(faults), read(durations))
    except ValueError as fault:
        raise Damaged(f"the counts of a row cannot be read: {fault}") from fault


def _numbers_and_faults(
    tally: Tally,
) -> tuple[int, int, int, int, int, int, int, int, str | None]:
    return (
        tally.attempts,
        tally.verified,
        tally.full_attempts,
        tally.full_verified,
        tally.inconclusive,
        tally.up_ms,
        tally.known_ms,
        tally.bytes_received,
        faults_text(tally.faults) if tally.faults else None,
    )


def tally_of(numbers: Iterable[int], faults: dict[Fault, int], durations: dict[int, int]) -> Tally:
    """Return the tally with the values of ``NUMBERS``."""
    attempts, verified, full_attempts, full_verified, inconclusive, up, known, received = numbers
    return Tally(
        attempts,
        verified,
        full_attempts,
        full_verified,
        inconclusive,
        up,
        known,
        received,
        faults,
        durations,
    )


def read_faults(text: object) -> dict[Fault, int]:
    """
    Return the counts in ``timeout/wait:2,dns/resolve:1``; an equal fault is added up.

    Raises:
        ValueError: not such a text.
    """
    counts: dict[Fault, int] = {}
    for part in str(text).split(",") if text else ():
        name, _, count = part.partition(":")
        fault = _fault(name)
        counts[fault] = counts.get(fault, 0) + int(count)
    return counts


@lru_cache(maxsize=1024)
def _fault(name: str) -> Fault:
    reason, _, phase = name.partition("/")
    return (FailureReason(reason), Phase(phase))


def faults_text(faults: Mapping[Fault, int]) -> str:
    """Return what ``read_faults`` reads."""
    return ",".join(f"{reason}/{phase}:{count}" for (reason, phase), count in faults.items())
