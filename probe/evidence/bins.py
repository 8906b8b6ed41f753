"""
Durations by bin, as text in the row of a bucket, and in that of a sum as bytes that add up.

In bytes each bin has five of a little-endian integer, enough for a trillion; two bytes before them
say how many of the lowest bins are left out. A quarter of a year of hundreds of segments is so
added up in a tenth of a second, where it would take longer to go through all bins of all days.
"""

import json
from collections.abc import Mapping

from probe.sketch import FIRST_BIN, LAST_BIN

_WIDTH = 5
_MOST = 1 << 8 * _WIDTH
_HEAD = 2


def from_text(text: object) -> dict[int, int]:
    """
    Return the counts in ``-12,3,7,1``, bins before their counts; an equal bin is added up.

    Raises:
        ValueError: not such a text, or a bin that no duration is in.
    """
    counts: dict[int, int] = {}
    if text:
        values = iter(json.loads(f"[{text}]"))
        for place, count in zip(values, values, strict=True):
            counts[place] = counts.get(place, 0) + count
        if counts:
            _look_at(min(counts), max(counts))
    return counts


def to_text(durations: Mapping[int, int]) -> str:
    """Return what ``from_text`` reads."""
    return ",".join([f"{place},{count}" for place, count in sorted(durations.items())])


def pack(durations: Mapping[int, int]) -> bytes | None:
    """
    Return the counts by bin as bytes; ``None`` if there are none.

    Raises:
        ValueError: a bin or a count that no duration has.
    """
    if not durations:
        return None
    first, last = min(durations), max(durations)
    _look_at(first, last)
    counts = [durations.get(place, 0) for place in range(first, last + 1)]
    if min(counts) < 0 or max(counts) >= _MOST:
        raise ValueError("no bin has so many durations")
    head = (first - FIRST_BIN).to_bytes(_HEAD, "little")
    return head + b"".join(count.to_bytes(_WIDTH, "little") for count in counts)


def unpack(packed: bytes | None) -> dict[int, int]:
    """
    Return what was packed; counts of nothing are left out.

    Raises:
        ValueError: not what ``pack`` makes.
    """
    if packed is None:
        return {}
    first = FIRST_BIN + int.from_bytes(packed[:_HEAD], "little")
    places = range(_HEAD, len(packed), _WIDTH)
    if (len(packed) - _HEAD) % _WIDTH:
        raise ValueError("counts are cut short")
    _look_at(first, first + len(places) - 1)
    counts = (int.from_bytes(packed[place : place + _WIDTH], "little") for place in places)
    return {first + number: count for number, count in enumerate(counts) if count}


def _look_at(first: int, last: int) -> None:
    if first < FIRST_BIN or last > LAST_BIN:
        raise ValueError(f"no duration is in bins {first} to {last}")


class AddBins:
    """An aggregate of SQL: the sum of what is packed, packed."""

    def __init__(self) -> None:
        self._sum = 0

    def step(self, packed: bytes | None) -> None:
        """Add one of them; what is ``NULL`` adds nothing."""
        if packed is not None:
            left_out = int.from_bytes(packed[:_HEAD], "little")
            self._sum += int.from_bytes(packed[_HEAD:], "little") << 8 * _WIDTH * left_out

    def finalize(self) -> bytes | None:
        """Return the sum."""
        if not self._sum:
            return None
        lowest = (self._sum & -self._sum).bit_length() - 1
        left_out = lowest // (8 * _WIDTH)
        kept = self._sum >> 8 * _WIDTH * left_out
        width = -(-kept.bit_length() // (8 * _WIDTH)) * _WIDTH
        return left_out.to_bytes(_HEAD, "little") + kept.to_bytes(width, "little")
