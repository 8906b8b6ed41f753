"""
Adding up what was counted.

A ledger has three layers: rows of the last hours, packed chunks of four hours, and the sums of
those by day and segment. A long window is read from the sums; they are why a month of thousands
of targets is had in well under a second.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

from probe.domain.bucket import BUCKET_MS, BUCKETS_PER_DAY, Tally
from probe.domain.evidence import Counted, Segment, Window
from probe.domain.moment import from_ms, to_ms
from probe.evidence.detail import BUCKETS_PER_CHUNK, total, unpack
from probe.evidence.dimensions import SEGMENT, segment_of
from probe.evidence.record_row import storable
from probe.evidence.tally_row import COLUMNS, SUMS, from_row

# A longer window begins and ends with a day (UTC).
EXACT_WINDOW = timedelta(days=2)

_OWN = "SELECT id FROM segment WHERE product = ? AND channel = ?"
_SEGMENTS = f"SELECT id, {SEGMENT} FROM segment WHERE product = ? AND channel = ?"
_LATE = f"""SELECT segment, {SUMS} FROM bucket JOIN target ON target.id = bucket.target
    WHERE number >= ? AND number < ? AND segment IN ({_OWN}) GROUP BY segment"""
_DAYS = f"""SELECT segment, {SUMS} FROM rollup
    WHERE day >= ? AND day < ? AND segment IN ({_OWN}) GROUP BY segment"""
_BY_DAY = f"""SELECT day, segment, {SUMS} FROM rollup
    WHERE day >= ? AND day < ? AND segment IN ({_OWN}) GROUP BY day, segment"""
_LATE_BY_DAY = f"""SELECT number / {BUCKETS_PER_DAY} AS day, segment, {SUMS}
    FROM bucket JOIN target ON target.id = bucket.target
    WHERE number >= ? AND number < ? AND segment IN ({_OWN}) GROUP BY day, segment"""
_DETAILS = f"""SELECT segment, detail FROM chunk JOIN target ON target.id = chunk.target
    WHERE number >= ? AND number < ? AND segment IN ({_OWN})"""
_ID = "SELECT id FROM target WHERE key = ?"
_ONE = f"""SELECT number, {", ".join(COLUMNS)} FROM bucket
    WHERE number >= ? AND number < ? AND target = ?"""
_ONE_PACKED = "SELECT detail FROM chunk WHERE number >= ? AND number < ? AND target = ?"
_OLDEST = f"""SELECT min(ms) FROM (SELECT min(number) * {BUCKET_MS} AS ms FROM bucket
    UNION ALL SELECT min(day) * {BUCKET_MS * BUCKETS_PER_DAY} FROM rollup)"""

Sums = defaultdict[int, Tally]


def counted(connection: sqlite3.Connection, product: str, channel: str, window: Window) -> Counted:
    """
    Return what was counted in *window*.

    The window is widened to whole buckets of five minutes; one of more than two days, to whole
    days. The answer says which window it is.
    """
    first, end = _buckets(window)
    own = (storable(product), storable(channel))
    sums: Sums = defaultdict(Tally)
    if window.until - window.since > EXACT_WINDOW:
        first -= first % BUCKETS_PER_DAY
        end += -end % BUCKETS_PER_DAY
        days = (first // BUCKETS_PER_DAY, end // BUCKETS_PER_DAY)
        _add(sums, connection.execute(_DAYS, (*days, *own)))
    else:
        _add_chunks(sums, connection, own, first, end)
    _add(sums, connection.execute(_LATE, (first, end, *own)))
    segments = _segments(connection, own)
    by_segment = {segments[id_]: tally for id_, tally in sums.items()}
    return Counted(Window(from_ms(first * BUCKET_MS), from_ms(end * BUCKET_MS)), by_segment)


def daily(
    connection: sqlite3.Connection, product: str, channel: str, window: Window
) -> dict[datetime, dict[Segment, Tally]]:
    """Return what was counted on each day (UTC) of which *window* has a part, by segment."""
    first, end = _buckets(window)
    days = (first // BUCKETS_PER_DAY, -(-end // BUCKETS_PER_DAY))
    own = (storable(product), storable(channel))
    sums: defaultdict[tuple[int, int], Tally] = defaultdict(Tally)
    packed = connection.execute(_BY_DAY, (*days, *own))
    late = connection.execute(_LATE_BY_DAY, (*(day * BUCKETS_PER_DAY for day in days), *own))
    for day, id_, *row in chain(packed, late):
        sums[day, id_].add(from_row(row))
    segments = _segments(connection, own)
    found: defaultdict[int, dict[Segment, Tally]] = defaultdict(dict)
    for (day, id_), tally in sums.items():
        found[day][segments[id_]] = tally
    length = BUCKETS_PER_DAY * BUCKET_MS
    return {from_ms(day * length): found[day] for day in sorted(found)}


def timeline(connection: sqlite3.Connection, key: str, window: Window) -> dict[datetime, Tally]:
    """Return the buckets of one target by when they begin, in order."""
    row = connection.execute(_ID, (storable(key),)).fetchone()
    if row is None:
        return {}
    first, end = _buckets(window)
    found: Sums = defaultdict(Tally)
    for (detail,) in connection.execute(_ONE_PACKED, (*_chunks(first, end), row[0])):
        for number, tally in unpack(detail).items():
            if first <= number < end:
                found[number].add(tally)
    _add(found, connection.execute(_ONE, (first, end, row[0])))
    return {from_ms(number * BUCKET_MS): found[number] for number in sorted(found)}


def oldest_ms(connection: sqlite3.Connection) -> int | None:
    """Return when the oldest day or bucket begins that is counted."""
    [(oldest,)] = connection.execute(_OLDEST)
    return None if oldest is None else int(oldest)


def _segments(connection: sqlite3.Connection, own: tuple[str, str]) -> dict[int, Segment]:
    return {id_: segment_of(tuple(names)) for id_, *names in connection.execute(_SEGMENTS, own)}


def _buckets(window: Window) -> tuple[int, int]:
    return to_ms(window.since) // BUCKET_MS, -(-to_ms(window.until) // BUCKET_MS)


def _chunks(first: int, end: int) -> tuple[int, int]:
    return first // BUCKETS_PER_CHUNK, -(-end // BUCKETS_PER_CHUNK)


def _add(sums: Sums, rows: Iterable[Sequence[int | str | None]]) -> None:
    for id_, *row in rows:
        sums[int(id_ or 0)].add(from_row(row))


def _add_chunks(
    sums: Sums, connection: sqlite3.Connection, own: tuple[str, str], first: int, end: int
) -> None:
    details: defaultdict[int, list[bytes]] = defaultdict(list)
    for segment, detail in connection.execute(_DETAILS, (*_chunks(first, end), *own)):
        details[segment].append(detail)
    for segment, each in details.items():
        sums[segment].add(total(each, first, end))
