"""Where each line of an export goes."""

import sqlite3
from collections.abc import Mapping
from typing import get_args

from probe.domain.bucket import Tally
from probe.domain.evidence import Entry
from probe.domain.failure import FailureReason
from probe.domain.target import Depth
from probe.evidence.detail import BUCKETS_PER_CHUNK, pack
from probe.evidence.dimensions import Dimensions, names_of
from probe.evidence.lines import (
    BucketCells,
    BucketLine,
    ChunkLine,
    DayLine,
    SegmentLine,
    StandingLine,
    SumCells,
    TargetLine,
)
from probe.evidence.record_row import storable
from probe.evidence.register import keep
from probe.evidence.tally_row import COLUMNS, SUM_COLUMNS, from_row, to_row, to_sum_row
from probe.evidence.trouble import Damaged

_MARKS = ", ".join("?" * len(COLUMNS))
_SUM_MARKS = ", ".join("?" * len(SUM_COLUMNS))
_TARGET = """INSERT INTO target (key, segment, artifact, platform, address) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING RETURNING id"""
_STANDING = "INSERT INTO standing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_BUCKET = f"INSERT INTO bucket VALUES (?, ?, {_MARKS}) ON CONFLICT DO NOTHING"
_CHUNK = "INSERT INTO chunk VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_DAY = f"INSERT INTO rollup VALUES (?, ?, {_SUM_MARKS}) ON CONFLICT DO NOTHING"
_SUMMED_SINCE = """UPDATE chunk_rollup_since
    SET number = (SELECT coalesce(max(number) + 1, 0) FROM chunk)"""


class Misplaced(Exception):
    """A line that does not fit those before it, or contradicts itself."""


class Placing:
    """Writes lines over one connection; the ids in them are given anew."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._dimensions = Dimensions(connection)
        self._segments: dict[int, int] = {}
        self._targets: dict[int, int] = {}

    def place(self, record: object) -> None:
        """
        Write one line; the first and the last say nothing to be written.

        Raises:
            Misplaced: it names what no line before it describes, it is there already, or its
                counts cannot be.
        """
        match record:
            case SegmentLine():
                names = tuple(storable(each) for each in names_of(record.segment))
                self._segments[record.id] = self._dimensions.segment_id(names)
            case TargetLine():
                self._place_target(record)
            case BucketLine():
                number, tally = _bucket(record.bucket)
                target = _known(self._targets, record.target)
                self._insert(_BUCKET, number, target, *to_row(tally))
            case ChunkLine():
                self._place_chunk(record)
            case DayLine():
                segment = _known(self._segments, record.segment)
                self._insert(_DAY, record.day, segment, *_sum_row(record.sums))
            case _ if isinstance(record, get_args(Entry)):
                keep(self._connection, record)

    def finish(self) -> None:
        """Note that of the chunks that came no sums did."""
        self._connection.execute(_SUMMED_SINCE)

    def _place_target(self, line: TargetLine) -> None:
        segment = _known(self._segments, line.segment)
        texts = (storable(line.artifact), storable(line.platform), storable(line.address))
        row = (storable(line.key), segment, *texts)
        made = self._connection.execute(_TARGET, row).fetchall()
        if not made or line.id in self._targets:
            raise Misplaced("a target that is there already")
        [(self._targets[line.id],)] = made
        if line.standing is not None:
            self._insert(_STANDING, self._targets[line.id], *_standing(line.standing))

    def _place_chunk(self, line: ChunkLine) -> None:
        target = _known(self._targets, line.target)
        tallies = dict(map(_bucket, line.buckets))
        if len(tallies) < len(line.buckets):
            raise Misplaced("a bucket stands twice in its chunk")
        if {number // BUCKETS_PER_CHUNK for number in tallies} != {line.number}:
            raise Misplaced("a bucket is not in its chunk")
        self._insert(_CHUNK, line.number, target, pack(tallies))

    def _insert(self, statement: str, *values: object) -> None:
        if not self._connection.execute(statement, values).rowcount:
            raise Misplaced("counts that are there already")


def _known(ids: Mapping[int, int], id_: int) -> int:
    if id_ not in ids:
        raise Misplaced(f"no line before it describes {id_}")
    return ids[id_]


def _bucket(cells: BucketCells) -> tuple[int, Tally]:
    number, *row = cells
    return number, _tally(tuple(row))  # type: ignore[arg-type]


def _sum_row(row: SumCells) -> tuple[object, ...]:
    try:
        return to_sum_row(_tally(row))
    except Damaged as fault:
        raise Misplaced(str(fault)) from None


def _tally(row: SumCells) -> Tally:
    try:
        tally = from_row(row)
    except Damaged as fault:
        raise Misplaced(str(fault)) from None
    orders = (
        (tally.verified, tally.attempts),
        (tally.full_verified, tally.full_attempts),
        (tally.full_attempts, tally.attempts),
        (tally.full_verified, tally.verified),
        (tally.up_ms, tally.known_ms),
    )
    if any(part > whole for part, whole in orders):
        raise Misplaced("a part is more than its whole")
    return tally


def _standing(line: StandingLine) -> tuple[object, ...]:
    try:
        reason = None if line.reason is None else FailureReason(line.reason)
        depth = Depth(line.depth)
    except ValueError as fault:
        raise Misplaced(str(fault)) from None
    times = (line.settled_ms, line.until_ms)
    last = (line.attempt_ms, line.verified_ms, line.full_ms, line.heard_ms)
    return (line.up, *times, reason, depth, *last)
