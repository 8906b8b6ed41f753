"""Tracks as rows: found when a target is heard of, written after each batch."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from probe.domain.arrival import NOWHERE, Arrival
from probe.domain.artifact import Digest
from probe.domain.bucket import Tally
from probe.domain.evidence import SightedKind, Sighting
from probe.domain.failure import FailureReason
from probe.domain.hold import Hold
from probe.domain.moment import from_ms
from probe.domain.target import Depth, Target
from probe.evidence.dimensions import Dimensions
from probe.evidence.record_row import storable
from probe.evidence.tally_row import COLUMNS, from_row, to_row
from probe.evidence.tracks import Track
from probe.evidence.trouble import Damaged

_STANDING = "up, settled_ms, until_ms, reason, depth, attempt_ms, verified_ms, full_ms, heard_ms"
_TRACK = f"SELECT key, id, {_STANDING} FROM standing JOIN target ON id = target"
_BY_KEY = f"{_TRACK} WHERE key = ?"
# Known state that nobody counted: the process ended before it ran out.
_UNSETTLED = f"{_TRACK} WHERE up IS NOT NULL AND settled_ms < until_ms"
_TALLY = f"SELECT {', '.join(COLUMNS)} FROM bucket WHERE number = ? AND target = ?"
_ARRIVAL = """SELECT first_at, last_miss_at, digest, matched FROM sighting
WHERE product = ? AND channel = ? AND version = ?
AND kind = 'asset' AND name = ? AND endpoint = ? AND region = ? AND address = ?"""

_PUT_STANDING = "REPLACE INTO standing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_TALLY = f"REPLACE INTO bucket VALUES (?, ?, {', '.join('?' * len(COLUMNS))})"
_PUT_ARRIVAL = """INSERT INTO sighting VALUES (?, ?, ?, 'asset', ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET first_at = coalesce(first_at, excluded.first_at),
last_miss_at = excluded.last_miss_at, digest = excluded.digest, matched = excluded.matched"""


class TrackRows:
    """Finds and writes tracks over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._dimensions = Dimensions(connection)
        self._born: list[Track] = []

    def track(self, target: Target) -> Track:
        """Return what is kept of *target*, or a track of which nothing is known."""
        row = self._connection.execute(_BY_KEY, (storable(target.key),)).fetchone()
        track = _track_of(row) if row else Track(target.key)
        track.key = target.key
        track.arrival = self.arrival(target)
        return track

    def arrival(self, target: Target) -> Arrival:
        """Return what is kept of the first sight of *target*."""
        row = self._connection.execute(_ARRIVAL, _place(target)).fetchone()
        return _arrival_of(row) if row else NOWHERE

    def tally(self, track: Track, bucket: int) -> Tally:
        """Return what is kept of a bucket apart from packed chunks, or an empty tally."""
        if track.id is None:
            return Tally()
        row = self._connection.execute(_TALLY, (bucket, track.id)).fetchone()
        return from_row(row) if row else Tally()

    def unsettled(self) -> list[Track]:
        """Return the tracks whose known state is not counted to its end."""
        return [_track_of(row) for row in self._connection.execute(_UNSETTLED)]

    def write(self, tracks: Sequence[Track]) -> None:
        """Write what was touched of *tracks*; they get the ids of their rows."""
        for track in tracks:
            if track.target is not None and track.filed is not track.target:
                if track.id is None:
                    self._born.append(track)
                track.id = self._dimensions.id_of(track.target)
                track.filed = track.target
        put = self._connection.executemany
        put(_PUT_STANDING, map(_standing, tracks))
        put(_PUT_TALLY, _tallies(tracks))
        put(_PUT_ARRIVAL, _arrivals(tracks))

    def committed(self) -> None:
        """Note that what was written is there to stay."""
        self._born.clear()

    def rolled_back(self, tracks: Sequence[Track]) -> None:
        """Note that what was written came to nothing: another row may get the id of a new one."""
        self._dimensions.forget()
        for track in self._born:
            track.id = None
        for track in tracks:
            track.filed = None
        self._born.clear()


def sighting_of(track: Track) -> Sighting:
    """
    Return the first sight of a track's artifact.

    Raises:
        ValueError: nothing was heard of the target since the file was opened.
    """
    target, arrival = track.target, track.arrival
    if target is None:
        raise ValueError(f"{track.key}: no target")
    product, channel, version, name, endpoint, region, address = _place(target)
    first_at = None if arrival.first_ms is None else from_ms(arrival.first_ms)
    missed_at = None if arrival.last_miss_ms is None else from_ms(arrival.last_miss_ms)
    return Sighting(
        product,
        channel,
        version,
        SightedKind.ASSET,
        name,
        endpoint,
        region,
        address,
        first_at,
        missed_at,
        arrival.digest,
        arrival.matched,
    )


def _place(target: Target) -> tuple[str, str, str, str, str, str, str]:
    release = target.release
    return (
        storable(target.product),
        storable(release.channel),
        storable(release.version),
        storable(target.artifact.name),
        storable(target.endpoint.name),
        storable(target.region.name),
        target.address,
    )


def _track_of(row: Sequence[Any]) -> Track:
    key, id_, up, settled, until, reason, depth, attempt, verified, full, heard = row
    hold = Hold(
        up=None if up is None else bool(up),
        settled_ms=settled,
        until_ms=until,
        reason=None if reason is None else FailureReason(reason),
        depth=Depth(depth),
    )
    return Track(
        key,
        id=id_,
        hold=hold,
        attempt_ms=attempt,
        verified_ms=verified,
        full_ms=full,
        heard_ms=heard,
    )


def _arrival_of(row: Sequence[Any]) -> Arrival:
    first, missed, digest, matched = row
    try:
        held = None if digest is None else Digest.parse(digest)
    except ValueError as fault:
        raise Damaged(f"a digest cannot be read: {fault}") from fault
    return Arrival(first, missed, held, None if matched is None else bool(matched))


def _standing(track: Track) -> tuple[object, ...]:
    hold = track.hold
    return (
        track.id,
        hold.up,
        hold.settled_ms,
        hold.until_ms,
        hold.reason,
        hold.depth,
        track.attempt_ms,
        track.verified_ms,
        track.full_ms,
        track.heard_ms,
    )


def _tallies(tracks: Sequence[Track]) -> Iterable[tuple[object, ...]]:
    for track in tracks:
        for number in track.touched:
            yield (number, track.id, *to_row(track.tallies[number]))


def _arrivals(tracks: Sequence[Track]) -> Iterable[tuple[object, ...]]:
    for track in tracks:
        if track.arrival_touched and track.target is not None:
            arrival = track.arrival
            digest = None if arrival.digest is None else str(arrival.digest)
            seen = (arrival.first_ms, arrival.last_miss_ms, digest, arrival.matched)
            yield (*_place(track.target), *seen)
