"""When each target was last heard of."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from probe.domain.evidence import LastHeard
from probe.domain.moment import from_ms
from probe.evidence.dimensions import SEGMENT, platform_of, segment_of
from probe.evidence.record_row import storable

_COLUMNS = ", ".join(f"segment.{name}" for name in SEGMENT.split(", "))
_LAST_HEARD = f"""SELECT {_COLUMNS}, key, artifact, platform, address,
    CASE WHEN until_ms > :now THEN up END, attempt_ms, verified_ms, full_ms
    FROM segment JOIN target ON target.segment = segment.id JOIN standing ON target = target.id
    WHERE product = :product AND channel = :channel AND (:version = '' OR version = :version)
    ORDER BY key"""

_SEGMENT_WIDTH = len(SEGMENT.split(", "))
_KEYS_AT_ONCE = 500


def last_heard(
    connection: sqlite3.Connection, product: str, channel: str, version: str, now_ms: int
) -> tuple[LastHeard, ...]:
    """Return when each target was last asked and verified; of one version, or all."""
    values = {"product": product, "channel": channel, "version": version, "now": now_ms}
    return tuple(_of(row) for row in connection.execute(_LAST_HEARD, values))


def last_full(connection: sqlite3.Connection, keys: Iterable[str]) -> dict[str, datetime]:
    """Return when each of the targets was last read in full, of those that were."""
    found: dict[str, datetime] = {}
    rest = iter(keys)
    while some := list(islice(rest, _KEYS_AT_ONCE)):
        marks = ", ".join("?" * len(some))
        rows = connection.execute(
            f"""SELECT key, full_ms FROM target JOIN standing ON target = id
            WHERE full_ms IS NOT NULL AND key IN ({marks})""",
            [storable(key) for key in some],
        )
        found |= {key: from_ms(ms) for key, ms in rows}
    return found


def _of(row: Sequence[Any]) -> LastHeard:
    names, rest = row[:_SEGMENT_WIDTH], row[_SEGMENT_WIDTH:]
    key, artifact, platform, address, up, attempt, verified, full = rest
    return LastHeard(
        key,
        segment_of(tuple(names)),
        artifact,
        platform_of(platform),
        address,
        None if up is None else bool(up),
        from_ms(attempt),
        None if verified is None else from_ms(verified),
        None if full is None else from_ms(full),
    )
