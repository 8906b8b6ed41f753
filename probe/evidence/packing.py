"""From rows to chunks: buckets that nothing is added to are packed, and summed up by day."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping

from probe.domain.bucket import Tally
from probe.evidence.detail import BUCKETS_PER_CHUNK, CHUNKS_PER_DAY, pack, unpack
from probe.evidence.tally_row import COLUMNS, SUM_COLUMNS, from_row, from_sum_row, to_sum_row

# Attempts that end late are rare after this many buckets; one that does is packed a second time.
SLACK_BUCKETS = 3

TARGETS_PER_STEP = 64

_COLUMNS = ", ".join(COLUMNS)
_SUM_COLUMNS = ", ".join(SUM_COLUMNS)
_MARKS = ", ".join("?" * len(SUM_COLUMNS))
_IN_CHUNK = "number >= ? AND number < ?"
_FIRST_TARGET = f"SELECT min(target) FROM bucket WHERE {_IN_CHUNK}"
_NUMBERS = ", ".join("?" * BUCKETS_PER_CHUNK)
# Named one by one, each bucket is sought by both parts of the key.
_SOME = f"number IN ({_NUMBERS}) AND target >= ? AND target < ?"
_TAKE = f"SELECT target, number, {_COLUMNS} FROM bucket WHERE {_SOME}"
_DROP = f"DELETE FROM bucket WHERE {_SOME}"
_CHUNK = "SELECT detail FROM chunk WHERE number = ? AND target = ?"
_PUT_CHUNK = "REPLACE INTO chunk VALUES (?, ?, ?)"
_SEGMENT = "SELECT segment FROM target WHERE id = ?"
# What is summed up by segment over a time: the statements that find its row, and put it.
_Layer = tuple[str, str]
_BY_DAY: _Layer = (
    f"SELECT {_SUM_COLUMNS} FROM rollup WHERE day = ? AND segment = ?",
    f"REPLACE INTO rollup VALUES (?, ?, {_MARKS})",
)
_BY_CHUNK: _Layer = (
    f"SELECT {_SUM_COLUMNS} FROM chunk_rollup WHERE number = ? AND segment = ?",
    f"REPLACE INTO chunk_rollup VALUES (?, ?, {_MARKS})",
)

Tallies = dict[int, Tally]


def due_chunk(connection: sqlite3.Connection, now_bucket: int) -> int | None:
    """Return the oldest chunk that is over and still in rows."""
    [(oldest,)] = connection.execute("SELECT min(number) FROM bucket")
    if oldest is None:
        return None
    chunk = int(oldest) // BUCKETS_PER_CHUNK
    over = now_bucket >= (chunk + 1) * BUCKETS_PER_CHUNK + SLACK_BUCKETS
    return chunk if over else None


def pack_some(connection: sqlite3.Connection, chunk: int) -> bool:
    """
    Pack the rows of the next few targets; tell whether there were any.

    To be called in a transaction, while no tally of the chunk waits in memory.
    """
    first = chunk * BUCKETS_PER_CHUNK
    [(target,)] = connection.execute(_FIRST_TARGET, (first, first + BUCKETS_PER_CHUNK))
    if target is None:
        return False
    some = (*range(first, first + BUCKETS_PER_CHUNK), target, target + TARGETS_PER_STEP)
    by_target: defaultdict[int, Tallies] = defaultdict(dict)
    for id_, number, *row in connection.execute(_TAKE, some):
        by_target[id_][number] = from_row(row)
    _put_chunks(connection, chunk, by_target)
    connection.execute(_DROP, some)
    return True


def _put_chunks(
    connection: sqlite3.Connection, chunk: int, by_target: Mapping[int, Tallies]
) -> None:
    """Add tallies of one chunk, by the ids of their targets, to what is packed and summed up."""
    by_segment: defaultdict[int, Tally] = defaultdict(Tally)
    for target, tallies in by_target.items():
        [(segment,)] = connection.execute(_SEGMENT, (target,))
        for tally in tallies.values():
            by_segment[segment].add(tally)
        earlier = connection.execute(_CHUNK, (chunk, target)).fetchone()
        merged = _merged(unpack(earlier[0]), tallies) if earlier else tallies
        connection.execute(_PUT_CHUNK, (chunk, target, pack(merged)))
    for segment, tally in by_segment.items():
        _add(connection, _BY_CHUNK, (chunk, segment), tally)
        _add(connection, _BY_DAY, (chunk // CHUNKS_PER_DAY, segment), tally)


def _add(
    connection: sqlite3.Connection, layer: _Layer, place: tuple[int, int], tally: Tally
) -> None:
    find, put = layer
    earlier = connection.execute(find, place).fetchone()
    whole = from_sum_row(earlier) if earlier else Tally()
    whole.add(tally)
    connection.execute(put, (*place, *to_sum_row(whole)))


def _merged(earlier: Tallies, later: Mapping[int, Tally]) -> Tallies:
    for number, tally in later.items():
        if number in earlier:
            earlier[number].add(tally)
        else:
            earlier[number] = tally
    return earlier
