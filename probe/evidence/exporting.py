"""Writing a ledger out as lines."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from probe.evidence.detail import unpack
from probe.evidence.dimensions import SEGMENT, segment_of
from probe.evidence.lines import (
    FORMAT,
    BucketLine,
    ChunkLine,
    DayLine,
    End,
    Header,
    SegmentLine,
    StandingLine,
    TargetLine,
    line_of,
)
from probe.evidence.reading import reading_connection
from probe.evidence.record_row import from_row
from probe.evidence.register import TABLES
from probe.evidence.release_row import SELECT, published_of
from probe.evidence.schema import steps
from probe.evidence.tally_row import COLUMNS, SUM_COLUMNS, from_sum_row, to_row

_STANDING = "up, settled_ms, until_ms, reason, depth, attempt_ms, verified_ms, full_ms, heard_ms"
_SEGMENTS = f"SELECT id, {SEGMENT} FROM segment ORDER BY id"
_TARGETS = f"""SELECT id, key, segment, artifact, platform, address, {_STANDING}
    FROM target LEFT JOIN standing ON target = id ORDER BY id"""
_BUCKETS = f"SELECT target, number, {', '.join(COLUMNS)} FROM bucket ORDER BY number, target"
_CHUNKS = "SELECT target, number, detail FROM chunk ORDER BY number, target"
_DAYS = f"SELECT segment, day, {', '.join(SUM_COLUMNS)} FROM rollup ORDER BY day, segment"


def export_lines(directory: Path, now: datetime) -> Iterator[bytes]:
    """
    Yield the ledger in *directory* line by line, as of one moment; it may be in use.

    Raises:
        EvidenceUnavailable: there is no ledger, it is another version's, or it cannot be read.
    """
    with reading_connection(directory) as connection:
        yield line_of("ledger", Header(FORMAT, len(steps()), now))
        count = 1
        for kind, record in _records(connection):
            yield line_of(kind, record)
            count += 1
        yield line_of("end", End(count))


def _records(connection: sqlite3.Connection) -> Iterator[tuple[str, object]]:
    execute = connection.execute
    for id_, *names in execute(_SEGMENTS):
        yield "segment", SegmentLine(id_, segment_of(tuple(names)))
    for row in execute(_TARGETS):
        yield "target", _target(row)
    for target, *cells in execute(_BUCKETS):
        yield "bucket", BucketLine(target, tuple(cells))
    for target, number, detail in execute(_CHUNKS):
        buckets = tuple((place, *to_row(tally)) for place, tally in unpack(detail).items())
        yield "chunk", ChunkLine(target, number, buckets)
    for segment, day, *cells in execute(_DAYS):
        yield "day", DayLine(segment, day, to_row(from_sum_row(cells)))
    for row in execute(f"{SELECT} ORDER BY id"):
        yield "release", published_of(row)
    for table in TABLES:
        for row in execute(table.select):
            yield table.name, from_row(table.record, row)


def _target(row: tuple[Any, ...]) -> TargetLine:
    id_, key, segment, artifact, platform, address, up, settled_ms, *rest = row
    standing = None
    if settled_ms is not None:
        standing = StandingLine(None if up is None else bool(up), settled_ms, *rest)
    return TargetLine(id_, key, segment, artifact, platform, address, standing)
