"""Reading a ledger: what the KPIs ask for, each as of one moment."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from probe.domain.artifact import Digest, Release
from probe.domain.bucket import Tally
from probe.domain.depth import LastFull
from probe.domain.evidence import (
    Counted,
    Event,
    HealthRecord,
    IncidentRecord,
    IndexDigest,
    LastHeard,
    Naming,
    Published,
    Review,
    Segment,
    SightedKind,
    Sighting,
    Verification,
    Window,
)
from probe.domain.incident_record import INCIDENT_FILTERS, Found, IncidentSearch
from probe.domain.moment import from_ms, to_ms
from probe.domain.snapshot import REMEMBERED
from probe.evidence import standings, tallies
from probe.evidence.connection import ledger_in, open_reader
from probe.evidence.record_row import Cell, storable
from probe.evidence.register import count, find
from probe.evidence.release_row import SELECT, published_of
from probe.evidence.schema import steps, version_of
from probe.evidence.trouble import Damaged
from probe.ports import EvidenceUnavailable

T = TypeVar("T")

_OF = "WHERE product = ? AND channel = ?"
_WITHIN = "AND published_at >= ? AND published_at < ?"
# Among so many one is still there, or there is none to speak of.
_WITHDRAWN_AT_MOST = 10
_NEWEST = "ORDER BY published_at DESC, version DESC"


class Reading:
    """
    What is in a ledger. Products are named by name and channel.

    Every method may raise ``EvidenceUnavailable``, through ``open_reading``.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._tallies = tallies.Tallies(connection)

    def tallies(self, product: str, channel: str, window: Window) -> Counted:
        """Return what was counted in *window*, by segment; days are whole in more than two."""
        return self._tallies.counted(product, channel, window)

    def daily(
        self, product: str, channel: str, window: Window
    ) -> Mapping[datetime, Mapping[Segment, Tally]]:
        """Return what was counted on each day (UTC) that *window* touches, by segment."""
        return self._tallies.daily(product, channel, window)

    def uptime(
        self, product: str, channel: str, window: Window
    ) -> Mapping[datetime, Mapping[str, Tally]]:
        """Return for how long what was up on each day (UTC) that *window* touches, by region."""
        return self._tallies.uptime(product, channel, window)

    def timeline(self, key: str, window: Window) -> Mapping[datetime, Tally]:
        """Return the buckets of one target by when they begin, in order."""
        return tallies.timeline(self._connection, key, window)

    def last_heard(
        self, product: str, channel: str, now: datetime, version: str = ""
    ) -> tuple[LastHeard, ...]:
        """Return when each target was last heard of and verified; of one version, or all."""
        return standings.last_heard(self._connection, product, channel, version, to_ms(now))

    def last_full(self, product: str, channel: str, since: datetime) -> Mapping[str, LastFull]:
        """Return how each target asked for after *since* was last read in full, if ever."""
        return standings.last_full(self._connection, product, channel, to_ms(since))

    def releases(self, product: str, channel: str, window: Window) -> tuple[Published, ...]:
        """Return the releases that were published in *window*, newest first."""
        edges = (to_ms(window.since), to_ms(window.until))
        return self._published(f"{_OF} {_WITHIN} {_NEWEST}", (product, channel, *edges))

    def release(self, product: str, channel: str, version: str) -> Published | None:
        """Return one release."""
        found = self._published(f"{_OF} AND version = ?", (product, channel, version))
        return found[0] if found else None

    def release_before(self, product: str, channel: str, moment: datetime) -> Published | None:
        """Return the newest release that was published before *moment* and not withdrawn."""
        where = f"{_OF} AND published_at < ? {_NEWEST} LIMIT {_WITHDRAWN_AT_MOST}"
        found = self._published(where, (product, channel, to_ms(moment)))
        return next((each for each in found if not each.release.yanked), None)

    def remembered_releases(self, product: str, channel: str) -> tuple[Release, ...]:
        """Return the newest releases that were ever listed, newest first; no more than 200."""
        found = self._published(f"{_OF} {_NEWEST} LIMIT {REMEMBERED}", (product, channel))
        return tuple(each.release for each in found)

    def sightings(
        self, product: str, channel: str, version: str, kind: SightedKind = SightedKind.ASSET
    ) -> tuple[Sighting, ...]:
        """Return when the files or pointers of a release first were where they should be."""
        where = f"{_OF} AND version = ? AND kind = ?"
        return self._find(Sighting, where, product, channel, version, kind)

    def index_digests(self, product: str, channel: str, name: str) -> tuple[IndexDigest, ...]:
        """Return every digest that an index or a pointer had, the last one seen first."""
        where = f"{_OF} AND name = ? ORDER BY last_at DESC"
        return self._find(IndexDigest, where, product, channel, name)

    def namings(self, product: str, channel: str) -> tuple[Naming, ...]:
        """Return which release the marker of each pair names."""
        return self._find(Naming, f"{_OF} ORDER BY endpoint, region", product, channel)

    def incidents(self, product: str, channel: str, window: Window) -> tuple[IncidentRecord, ...]:
        """Return the incidents that began in *window*, or went on in it, by their beginning."""
        where = f"{_OF} AND onset_at < ? AND coalesce(restored_at, ?) >= ? ORDER BY onset_at, id"
        since, until = to_ms(window.since), to_ms(window.until)
        return self._find(IncidentRecord, where, product, channel, until, until, since)

    def open_incidents(self) -> tuple[IncidentRecord, ...]:
        """Return the incidents of all products that are not over, by their beginning."""
        return self._find(IncidentRecord, "WHERE restored_at IS NULL ORDER BY onset_at, id")

    def incident(self, id: str) -> IncidentRecord | None:  # noqa: A002 - as the record names it
        """Return the incident of that id."""
        found = self._find(IncidentRecord, "WHERE id = ?", storable(id))
        return found[0] if found else None

    def search_incidents(self, search: IncidentSearch) -> Found:
        """Return a part of the incidents that *search* wants, of all products there ever were."""
        wanted = [name for name in INCIDENT_FILTERS if name in search.filters]
        conditions = [f"{name} = ?" for name in wanted]
        values: list[Cell] = [storable(search.filters[name]) for name in wanted]
        if search.is_open is not None:
            conditions.append(f"restored_at IS {'' if search.is_open else 'NOT'} NULL")
        if search.since is not None:
            conditions.append("(restored_at IS NULL OR restored_at >= ?)")
            values.append(to_ms(search.since))
        where = f"WHERE {' AND '.join(conditions or ['true'])}"
        part = f"{where} ORDER BY onset_at DESC, id LIMIT ? OFFSET ?"
        return Found(
            count(self._connection, IncidentRecord, where, values),
            self._find(IncidentRecord, part, *values, search.part.limit, search.part.offset),
        )

    def parts_of(self, id: str) -> tuple[IncidentRecord, ...]:  # noqa: A002 - as the record names it
        """Return the incidents that are part of another, by their beginning."""
        return self._find(IncidentRecord, "WHERE joined = ? ORDER BY onset_at, id", id)

    def healths(self) -> tuple[HealthRecord, ...]:
        """Return how the pairs of all products last stood."""
        return self._find(HealthRecord, "ORDER BY product, channel, endpoint, region")

    def verifications(self, product: str, channel: str, version: str) -> tuple[Verification, ...]:
        """Return what verifiers last said of the files of a release."""
        where = f"{_OF} AND version = ? ORDER BY artifact, kind"
        return self._find(Verification, where, product, channel, version)

    def verifications_of(self, subject: Digest) -> tuple[Verification, ...]:
        """Return what verifiers last said of the bytes with a digest."""
        return self._find(Verification, "WHERE subject = ? ORDER BY kind", str(subject))

    def events(self, product: str, channel: str, window: Window, *kinds: str) -> tuple[Event, ...]:
        """Return what was told in *window*, in order; of those kinds, or all."""
        among = f"AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        where = f"{_OF} AND at >= ? AND at < ? {among} ORDER BY at, id"
        within = (to_ms(window.since), to_ms(window.until))
        return self._find(Event, where, product, channel, *within, *kinds)

    def reviews(self, product: str, channel: str) -> tuple[Review, ...]:
        """Return the reviews that were accepted, the last one first."""
        return self._find(Review, f"{_OF} ORDER BY at DESC", product, channel)

    def heard_since(self) -> datetime | None:
        """Return the beginning of the oldest day or bucket that is counted."""
        oldest = tallies.oldest_ms(self._connection)
        return None if oldest is None else from_ms(oldest)

    def _published(self, where: str, values: tuple[Cell, ...]) -> tuple[Published, ...]:
        rows = self._connection.execute(f"{SELECT} {where}", values)
        return tuple(published_of(row) for row in rows)

    def _find(self, record: type[T], where: str, *values: Cell) -> tuple[T, ...]:
        return tuple(find(self._connection, record, where, values))


@contextmanager
def open_reading(directory: Path) -> Iterator[Reading]:
    """
    Read the ledger in *directory* as of one moment; it may be in use.

    Raises:
        EvidenceUnavailable: there is no ledger, it is another version's, or it cannot be read.
    """
    with reading_connection(directory) as connection:
        yield Reading(connection)


@contextmanager
def reading_connection(directory: Path) -> Iterator[sqlite3.Connection]:
    """
    Give a connection that sees the ledger as of one moment.

    Raises:
        EvidenceUnavailable: as of ``open_reading``.
    """
    path = ledger_in(directory)
    try:
        with closing(open_reader(path)) as connection:
            connection.execute("BEGIN")
            version, known = version_of(connection), len(steps())
            if version != known:
                raise EvidenceUnavailable(f"the ledger has schema version {version}, not {known}")
            yield connection
    except (sqlite3.DatabaseError, Damaged) as fault:
        raise EvidenceUnavailable(f"the ledger cannot be read: {fault}") from fault
