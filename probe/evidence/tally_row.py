"""A tally as columns of a row, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from probe.domain.bucket import Fault, Tally
from probe.domain.failure import FailureReason, Phase
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

# Texts of many rows are joined with commas by group_concat and read back as one.
SUMS = ", ".join(
    [*(f"sum({name})" for name in NUMBERS), "group_concat(faults)", "group_concat(durations)"]
)

Cells = tuple[int, int, int, int, int, int, int, int, str | None, str | None]


def to_row(tally: Tally) -> Cells:
    """Return the values of ``COLUMNS``; what is empty is ``None``."""
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
        durations_text(tally.durations) if tally.durations else None,
    )


def from_row(row: Sequence[Any]) -> Tally:
    """
    Return the tally of the values of ``COLUMNS``, or of ``SUMS``.

    Raises:
        Damaged: a text that ``to_row`` does not write.
    """
    *numbers, faults, durations = row
    try:
        return tally_of(numbers, read_faults(faults), read_durations(durations))
    except ValueError as fault:
        raise Damaged(f"the counts of a row cannot be read: {fault}") from fault


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
        reason, _, phase = name.partition("/")
        fault = (FailureReason(reason), Phase(phase))
        counts[fault] = counts.get(fault, 0) + int(count)
    return counts


def read_durations(text: object) -> dict[int, int]:
    """
    Return the counts in ``-12,3,7,1``, bins before their counts; an equal bin is added up.

    Raises:
        ValueError: not such a text.
    """
    counts: dict[int, int] = {}
    if text:
        values = iter(json.loads(f"[{text}]"))
        for place, count in zip(values, values, strict=True):
            counts[place] = counts.get(place, 0) + count
    return counts


def faults_text(faults: Mapping[Fault, int]) -> str:
    """Return what ``read_faults`` reads."""
    return ",".join(f"{reason}/{phase}:{count}" for (reason, phase), count in faults.items())


def durations_text(durations: Mapping[int, int]) -> str:
    """Return what ``read_durations`` reads."""
    return ",".join([f"{place},{count}" for place, count in sorted(durations.items())])
