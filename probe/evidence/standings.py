"""When each target was last heard of."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from probe.domain.depth import LastFull
from probe.domain.evidence import LastHeard
from probe.domain.moment import from_ms
from probe.evidence.dimensions import SEGMENT, platform_of, segment_of
from probe.evidence.record_row import storable

_COLUMNS = ", ".join(f"segment.{name}" for name in SEGMENT.split(", "))
_LAST_HEARD = f"""SELECT {_COLUMNS}, key, artifact, platform, address,
    CASE WHEN until_ms > :now THEN up END, heard_ms, verified_ms, full_ms,
    CASE WHEN until_ms > :now AND up = 0 THEN reason END
    FROM segment JOIN target ON target.segment = segment.id JOIN standing ON target = target.id
    WHERE product = :product AND channel = :channel AND (:version = '' OR version = :version)
    ORDER BY key"""

_LAST_FULL = """SELECT key, full_ms, verified_ms
    FROM segment JOIN target ON target.segment = segment.id JOIN standing ON target = target.id
    WHERE product = ? AND channel = ? AND full_ms IS NOT NULL AND attempt_ms >= ?"""

_SEGMENT_WIDTH = len(SEGMENT.split(", "))
_MICROSECONDS = 1000


def last_heard(
    connection: sqlite3.Connection, product: str, channel: str, version: str, now_ms: int
) -> tuple[LastHeard, ...]:
    """Return when each target was last heard of and verified; of one version, or all."""
    values = {"product": product, "channel": channel, "version": version, "now": now_ms}
    return tuple(_of(row) for row in connection.execute(_LAST_HEARD, values))


def last_full(
    connection: sqlite3.Connection, product: str, channel: str, since_ms: int
) -> dict[str, LastFull]:
    """Return how each target asked for since then was last read in full, of those that were."""
    values = (storable(product), storable(channel), since_ms)
    return {
        key: LastFull(full_ms * _MICROSECONDS, verified_ms is not None and verified_ms >= full_ms)
        for key, full_ms, verified_ms in connection.execute(_LAST_FULL, values)
    }


def _of(row: Sequence[Any]) -> LastHeard:
    names, rest = row[:_SEGMENT_WIDTH], row[_SEGMENT_WIDTH:]
    key, artifact, platform, address, up, heard_ms, verified, full, reason = rest
    return LastHeard(
        key,
        segment_of(tuple(names)),
        artifact,
        platform_of(platform),
        address,
        None if up is None else bool(up),
        None if heard_ms is None else from_ms(heard_ms),
        None if verified is None else from_ms(verified),
        None if full is None else from_ms(full),
        reason or "",
    )
