"""
Four hours of one target in a few hundred bytes.

A ledger keeps a hundred thousand buckets of each target. By columns and compressed they take an
eighth of what they take as rows, since most of them say the same. First comes a line of JSON with
the columns; then the bins of all durations, each as its distance to the one before it, in 16 bits,
low bytes before high ones: the high ones are nearly all zero.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, compress, pairwise

from probe.domain.bucket import BUCKETS_PER_DAY, Fault, Tally
from probe.evidence.breath import CHUNKS, breathe
from probe.evidence.tally_row import NUMBERS, faults_text, read_faults, tally_of
from probe.evidence.trouble import Damaged

BUCKETS_PER_CHUNK = 48
CHUNKS_PER_DAY = BUCKETS_PER_DAY // BUCKETS_PER_CHUNK

# What a chunk can inflate to, so that a damaged row does not fill the memory.
_LARGEST_BYTES = 4 * 1024 * 1024


def pack(tallies: Mapping[int, Tally]) -> bytes:
    """Return the tallies of a chunk, by the number of their bucket, as bytes."""
    numbers = sorted(tallies)
    rows = [tallies[number] for number in numbers]
    bins = [sorted(row.durations) for row in rows]
    columns = [
        [numbers[0], *(after - before for before, after in pairwise(numbers))],
        *([getattr(row, name) for row in rows] for name in NUMBERS),
        [faults_text(row.faults) for row in rows],
        [len(each) for each in bins],
        [row.durations[place] for row, each in zip(rows, bins, strict=True) for place in each],
    ]
    text = json.dumps(columns, separators=(",", ":")).encode()
    return zlib.compress(text + b"\n" + _planes(bins))


def unpack(detail: bytes) -> dict[int, Tally]:
    """
    Return the tallies by the number of their bucket.

    Raises:
        Damaged: the bytes are not what ``pack`` makes.
    """
    columns = _Columns.read(detail)
    durations = columns.durations()
    rows = zip(*columns.values, strict=True)
    return {
        number: tally_of(values, _faults(text), dict(next(durations)))
        for number, values, text in zip(columns.numbers, rows, columns.faults, strict=True)
    }


def total(details: Iterable[bytes], first: int, end: int) -> Tally:
    """
    Return the sum of all buckets from *first* up to *end*, which is left out.

    Raises:
        Damaged: the bytes are not what ``pack`` makes.
    """
    sums, texts = [0] * len(NUMBERS), list[str]()
    durations: dict[int, int] = {}
    for number, detail in enumerate(details):
        if not number % CHUNKS:
            breathe()
        columns = _Columns.read(detail)
        wanted = [first <= bucket < end for bucket in columns.numbers]
        for place, values in enumerate(columns.values):
            sums[place] += sum(compress(values, wanted))
        texts += filter(None, compress(columns.faults, wanted))
        for pairs in compress(columns.durations(), wanted):
            for bin_, count in pairs:
                durations[bin_] = durations.get(bin_, 0) + count
    return tally_of(sums, _faults(",".join(texts)), durations)


def _faults(text: str) -> dict[Fault, int]:
    try:
        return read_faults(text)
    except ValueError as fault:
        raise Damaged(f"a packed chunk cannot be read: {fault}") from fault


@dataclass(frozen=True, slots=True)
class _Columns:
    numbers: list[int]
    values: list[list[int]]
    faults: list[str]
    lengths: list[int]
    counts: list[int]
    steps: "array[int]"

    @classmethod
    def read(cls, detail: bytes) -> "_Columns":
        try:
            inflated = zlib.decompressobj().decompress(detail, _LARGEST_BYTES)
            text, _, planes = inflated.partition(b"\n")
            numbers, *values, faults, lengths, counts = json.loads(text)
            columns = cls(
                list(accumulate(numbers)), values, faults, lengths, counts, _from_planes(planes)
            )
            columns.hold_together()
        except (zlib.error, TypeError, ValueError, RecursionError) as fault:
            raise Damaged(f"a packed chunk cannot be read: {fault}") from fault
        return columns

    def hold_together(self) -> None:
        """
        Compare the lengths of all columns.

        Raises:
            ValueError: they are not what they announce.
        """
        rows = {len(self.numbers), len(self.faults), len(self.lengths), *map(len, self.values)}
        durations = {sum(self.lengths), len(self.counts), len(self.steps)}
        if len(rows) != 1 or len(durations) != 1 or len(self.values) != len(NUMBERS):
            raise ValueError("columns of unequal length")

    def durations(self) -> Iterator[Iterable[tuple[int, int]]]:
        """Yield the bins of each bucket with their counts."""
        start = 0
        for length in self.lengths:
            end = start + length
            yield zip(accumulate(self.steps[start:end]), self.counts[start:end], strict=True)
            start = end


def _planes(bins: Iterable[list[int]]) -> bytes:
    steps = array("h")
    for each in bins:
        steps.extend(after - before for before, after in pairwise([0, *each]))
    interleaved = _little_endian(steps).tobytes()
    return interleaved[::2] + interleaved[1::2]


def _from_planes(planes: bytes) -> "array[int]":
    interleaved = bytearray(len(planes))
    half = len(planes) // 2
    interleaved[::2], interleaved[1::2] = planes[:half], planes[half:]
    return _little_endian(array("h", bytes(interleaved)))


def _little_endian(steps: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        steps.byteswap()
    return steps
