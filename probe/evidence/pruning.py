"""What has had its time is removed, a little at a time."""

import sqlite3

from probe.domain.bucket import BUCKETS_PER_DAY
from probe.domain.snapshot import REMEMBERED
from probe.evidence.bounds import Bounds
from probe.evidence.detail import CHUNKS_PER_DAY

DAY_MS = 86_400_000
ROWS_PER_STEP = 500
PAGES_PER_STEP = 256

# Sums by chunk serve windows of two days at most that end now; any other is read without them.
SUMMED_DAYS = 3

# By age, oldest first. Each takes the limit of what it removes as :day or :ms.
_BY_AGE = (
    """DELETE FROM chunk WHERE (number, target) IN (SELECT number, target FROM chunk
        WHERE number < :day * :chunks ORDER BY number, target LIMIT :rows)""",
    """DELETE FROM bucket WHERE (number, target) IN (SELECT number, target FROM bucket
        WHERE number < :day * :buckets ORDER BY number, target LIMIT :rows)""",
    """DELETE FROM rollup WHERE (day, segment) IN (SELECT day, segment FROM rollup
        WHERE day < :day ORDER BY day, segment LIMIT :rows)""",
    """UPDATE chunk_rollup_since SET number = :summed WHERE number < :summed""",
    """DELETE FROM chunk_rollup WHERE (number, segment) IN (SELECT number, segment FROM chunk_rollup
        WHERE number < :summed ORDER BY number, segment LIMIT :rows)""",
    """DELETE FROM incident WHERE (SELECT count(*) FROM incident) > :incidents
        AND restored_at < :ms AND rowid IN (SELECT rowid FROM incident
            ORDER BY onset_at DESC LIMIT :rows OFFSET :incidents)""",
    "DELETE FROM event WHERE rowid IN (SELECT rowid FROM event WHERE at < :ms LIMIT :rows)",
    """DELETE FROM verification WHERE at < :ms""",
    """DELETE FROM index_digest WHERE last_at < :ms""",
    """DELETE FROM health WHERE at < :ms""",
)

# A target goes with the last thing heard of it, a segment with its last target and count, and what
# is known of a release with the last of both: so that nothing that is asked for loses its past.
_WITHOUT_USE = (
    """DELETE FROM target WHERE id IN (SELECT target FROM standing
        WHERE attempt_ms < :ms LIMIT :rows)""",
    "DELETE FROM standing WHERE attempt_ms < :ms AND target NOT IN (SELECT id FROM target)",
    """DELETE FROM segment WHERE id NOT IN (SELECT segment FROM target)
        AND id NOT IN (SELECT segment FROM rollup)""",
    """DELETE FROM sighting WHERE coalesce(first_at, last_miss_at) < :ms
        AND (product, channel, version) NOT IN (SELECT product, channel, version FROM segment)""",
    """DELETE FROM release WHERE listed_at < :ms
        AND (product, channel, version) NOT IN (SELECT product, channel, version FROM segment)
        AND (SELECT count(*) FROM release AS newer WHERE newer.product = release.product
            AND newer.channel = release.channel
            AND newer.published_at > release.published_at) >= :remembered""",
)

_OLDEST_CHUNKS = """DELETE FROM chunk WHERE (number, target) IN
    (SELECT number, target FROM chunk ORDER BY number, target LIMIT :rows)"""
_OLDEST_DAYS = """DELETE FROM rollup WHERE (day, segment) IN
    (SELECT day, segment FROM rollup WHERE day < :today ORDER BY day, segment LIMIT :rows)"""


def prune_some(connection: sqlite3.Connection, bounds: Bounds, now_ms: int) -> bool:
    """Remove some of what is too old; tell whether there was any. To be called in a transaction."""
    values = _values(bounds, now_ms)
    return sum(connection.execute(each, values).rowcount for each in _BY_AGE) > 0


def prune_unused(connection: sqlite3.Connection, bounds: Bounds, now_ms: int) -> bool:
    """Remove some names of what nothing was heard of; tell whether there were any."""
    values = _values(bounds, now_ms)
    return sum(connection.execute(each, values).rowcount for each in _WITHOUT_USE) > 0


def shrink_some(connection: sqlite3.Connection, bounds: Bounds, now_ms: int) -> bool:
    """
    Remove the oldest buckets of a ledger that is too large; tell whether it was.

    Sums by day go only when there are no packed buckets left. To be called in a transaction.
    """
    if used_bytes(connection) <= bounds.max_bytes:
        return False
    values = {"rows": ROWS_PER_STEP, "today": now_ms // DAY_MS}
    return any(
        connection.execute(each, values).rowcount > 0 for each in (_OLDEST_CHUNKS, _OLDEST_DAYS)
    )


def give_back(connection: sqlite3.Connection) -> bool:
    """Give some pages that are not used back to the file system; tell whether there were any."""
    [(free,)] = connection.execute("PRAGMA freelist_count")
    if free < PAGES_PER_STEP:
        return False
    # It gives back one page a step, and only a script is stepped to its end.
    connection.executescript(f"PRAGMA incremental_vacuum({PAGES_PER_STEP})")
    return True


def used_bytes(connection: sqlite3.Connection) -> int:
    """Return the size of all pages that hold something."""
    [(pages,)] = connection.execute("PRAGMA page_count")
    [(free,)] = connection.execute("PRAGMA freelist_count")
    [(size,)] = connection.execute("PRAGMA page_size")
    return int(pages - free) * int(size)


def _values(bounds: Bounds, now_ms: int) -> dict[str, int]:
    ms = now_ms - bounds.days * DAY_MS
    return {
        "ms": ms,
        "day": ms // DAY_MS,
        "rows": ROWS_PER_STEP,
        "chunks": CHUNKS_PER_DAY,
        "buckets": BUCKETS_PER_DAY,
        "summed": max(ms, now_ms - SUMMED_DAYS * DAY_MS) // DAY_MS * CHUNKS_PER_DAY,
        "remembered": REMEMBERED,
        "incidents": bounds.incidents,
    }
