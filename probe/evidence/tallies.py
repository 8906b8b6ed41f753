"""
Adding up what was counted.

A ledger has rows of the last hours, packed chunks of four hours, and the sums of those by segment:
over each chunk of the last days, and over each day. A long window is read from the sums of days, a
short one from those of chunks; only where an edge cuts a chunk is it unpacked. They are why a month
of thousands of targets is had in well under a second.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from probe.domain.bucket import BUCKET_MS, BUCKETS_PER_DAY, Tally
from probe.domain.evidence import Counted, Segment, Window
from probe.domain.moment import from_ms, to_ms
from probe.evidence.breath import breathing
from probe.evidence.detail import BUCKETS_PER_CHUNK, total, unpack
from probe.evidence.dimensions import SEGMENT, segment_of
from probe.evidence.record_row import storable
from probe.evidence.tally_row import COLUMNS, OF_BUCKETS, OF_SUMS, from_row, from_sum_row

# A longer window begins and ends with a day (UTC).
EXACT_WINDOW = timedelta(days=2)

_OWN = "SELECT id FROM segment WHERE product = ? AND channel = ?"
_SEGMENTS = f"SELECT id, {SEGMENT} FROM segment WHERE product = ? AND channel = ?"
_LATE = f"""SELECT segment, {OF_BUCKETS} FROM bucket JOIN target ON target.id = bucket.target
    WHERE number >= ? AND number < ? AND segment IN ({_OWN}) GROUP BY segment"""
_DAYS = f"""SELECT segment, {OF_SUMS} FROM rollup
    WHERE day >= ? AND day < ? AND segment IN ({_OWN}) GROUP BY segment"""
_BY_DAY = f"""SELECT day, segment, {OF_SUMS} FROM rollup
    WHERE day >= ? AND day < ? AND segment IN ({_OWN}) GROUP BY day, segment"""
_LATE_BY_DAY = f"""SELECT number / {BUCKETS_PER_DAY} AS day, segment, {OF_BUCKETS}
    FROM bucket JOIN target ON target.id = bucket.target
    WHERE number >= ? AND number < ? AND segment IN ({_OWN}) GROUP BY day, segment"""
_UP = f"""SELECT day, region, sum(up_ms), sum(known_ms)
    FROM rollup JOIN segment ON segment.id = rollup.segment
    WHERE day >= ? AND day < ? AND segment IN ({_OWN}) GROUP BY day, region"""
_LATE_UP = f"""SELECT number / {BUCKETS_PER_DAY} AS day, region, sum(up_ms), sum(known_ms)
    FROM bucket JOIN target ON target.id = bucket.target
    JOIN segment ON segment.id = target.segment
    WHERE number >= ? AND number < ? AND target.segment IN ({_OWN}) GROUP BY day, region"""
_CHUNKS = f"""SELECT segment, {OF_SUMS} FROM chunk_rollup
    WHERE number >= ? AND number < ? AND segment IN ({_OWN}) GROUP BY segment"""
_CHUNKS_SINCE = "SELECT number FROM chunk_rollup_since"
_DETAILS = f"""SELECT segment, detail FROM chunk JOIN target ON target.id = chunk.target
    WHERE number >= ? AND number < ? AND segment IN ({_OWN})"""
_ROWS = "SELECT (SELECT min(number) FROM bucket), (SELECT max(number) FROM bucket)"
_ID = "SELECT id FROM target WHERE key = ?"
_ONE = f"""SELECT number, {", ".join(COLUMNS)} FROM bucket
    WHERE number >= ? AND number < ? AND target = ?"""
_ONE_PACKED = "SELECT detail FROM chunk WHERE number >= ? AND number < ? AND target = ?"
_OLDEST = f"""SELECT min(ms) FROM (SELECT min(number) * {BUCKET_MS} AS ms FROM bucket
    UNION ALL SELECT min(day) * {BUCKET_MS * BUCKETS_PER_DAY} FROM rollup)"""

Sums = defaultdict[int, Tally]
Own = tuple[str, str]


class Tallies:
    """
    Adds up over one connection, as of one moment.

    What was added up once is remembered: a scorecard asks for the same hours several times.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counted: dict[tuple[Own, int, int], Counted] = {}
        self._late: dict[tuple[Own, int, int], Mapping[int, Tally]] = {}

    def counted(self, product: str, channel: str, window: Window) -> Counted:
        """
        Return what was counted in *window*.

        The window is widened to whole buckets of five minutes; one of more than two days, to whole
        days. The answer says which window it is.
        """
        own = (storable(product), storable(channel))
        first, end = _buckets(window)
        by_day = window.until - window.since > EXACT_WINDOW
        if by_day:
            first -= first % BUCKETS_PER_DAY
            end += -end % BUCKETS_PER_DAY
        known = self._counted.get((own, first, end))
        if known is None:
            sums = self._packed_days(own, first, end) if by_day else self._packed(own, first, end)
            for segment, tally in self._rows(own, first, end).items():
                sums[segment].add(tally)
            segments = _segments(self._connection, own)
            by_segment = {segments[id_]: tally for id_, tally in sums.items()}
            exactly = Window(from_ms(first * BUCKET_MS), from_ms(end * BUCKET_MS))
            known = self._counted[own, first, end] = Counted(exactly, by_segment)
        return known

    def daily(
        self, product: str, channel: str, window: Window
    ) -> dict[datetime, dict[Segment, Tally]]:
        """Return what was counted on each day (UTC) of which *window* has a part, by segment."""
        first, end = _buckets(window)
        days = (first // BUCKETS_PER_DAY, -(-end // BUCKETS_PER_DAY))
        own = (storable(product), storable(channel))
        sums: defaultdict[tuple[int, int], Tally] = defaultdict(Tally)
        packed = self._connection.execute(_BY_DAY, (*days, *own))
        late = self._connection.execute(
            _LATE_BY_DAY, (*(day * BUCKETS_PER_DAY for day in days), *own)
        )
        for day, id_, *row in breathing(packed):
            sums[day, id_].add(from_sum_row(row))
        for day, id_, *row in late:
            sums[day, id_].add(from_row(row))
        segments = _segments(self._connection, own)
        found: defaultdict[int, dict[Segment, Tally]] = defaultdict(dict)
        for (day, id_), tally in sums.items():
            found[day][segments[id_]] = tally
        length = BUCKETS_PER_DAY * BUCKET_MS
        return {from_ms(day * length): found[day] for day in sorted(found)}

    def uptime(
        self, product: str, channel: str, window: Window
    ) -> dict[datetime, dict[str, Tally]]:
        """Return for how long what was up on each day (UTC), by region, and nothing else of it."""
        first, end = _buckets(window)
        days = (first // BUCKETS_PER_DAY, -(-end // BUCKETS_PER_DAY))
        own = (storable(product), storable(channel))
        found: defaultdict[int, defaultdict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
        for query, unit in ((_UP, 1), (_LATE_UP, BUCKETS_PER_DAY)):
            rows = self._connection.execute(query, (*(day * unit for day in days), *own))
            for day, region, up_ms, known_ms in rows:
                found[day][region].add(Tally(up_ms=up_ms, known_ms=known_ms))
        length = BUCKETS_PER_DAY * BUCKET_MS
        return {from_ms(day * length): dict(found[day]) for day in sorted(found)}

    def _packed_days(self, own: Own, first: int, end: int) -> Sums:
        days = (first // BUCKETS_PER_DAY, end // BUCKETS_PER_DAY)
        return _by_id(self._connection.execute(_DAYS, (*days, *own)), from_sum_row)

    def _packed(self, own: Own, first: int, end: int) -> Sums:
        """Return the sums of packed buckets; of a chunk that lies within by its own sums."""
        [(since,)] = self._connection.execute(_CHUNKS_SINCE)
        whole = max(-(-first // BUCKETS_PER_CHUNK), int(since))
        beyond = max(end // BUCKETS_PER_CHUNK, whole)
        sums = _by_id(self._connection.execute(_CHUNKS, (whole, beyond, *own)), from_sum_row)
        before, after = _chunks(first, end)
        for edge in ((before, min(whole, after)), (max(beyond, before), after)):
            for segment, tally in self._unpacked(own, edge, first, end):
                sums[segment].add(tally)
        return sums

    def _unpacked(
        self, own: Own, chunks: tuple[int, int], first: int, end: int
    ) -> Iterable[tuple[int, Tally]]:
        details: defaultdict[int, list[bytes]] = defaultdict(list)
        for segment, detail in self._connection.execute(_DETAILS, (*chunks, *own)):
            details[segment].append(detail)
        for segment, each in details.items():
            yield segment, total(each, first, end)

    def _rows(self, own: Own, first: int, end: int) -> Mapping[int, Tally]:
        """Return the sums of what is not packed yet; windows differ in what of it they hold."""
        [(oldest, newest)] = self._connection.execute(_ROWS)
        if oldest is None:
            return {}
        within = (own, max(first, oldest), min(end, newest + 1))
        known = self._late.get(within)
        if known is None:
            rows = self._connection.execute(_LATE, (*within[1:], *own))
            known = self._late[within] = _by_id(rows, from_row)
        return known


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
    for number, tally in _by_id(connection.execute(_ONE, (first, end, row[0])), from_row).items():
        found[number].add(tally)
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


def _by_id(rows: Iterable[Sequence[Any]], read: Callable[[Sequence[Any]], Tally]) -> Sums:
    """Return the tally of each row by its first column, which is another in every row."""
    return defaultdict(Tally, {id_: read(row) for id_, *row in rows})
