"""What markers say: when mirrors were synced, which release they have, and what digests mean."""

from collections.abc import Iterable
from concurrent.futures import Future
from datetime import datetime, timedelta

from probe import series
from probe.domain.artifact import Digest
from probe.domain.evidence import IndexDigest, Naming, Pair, SightedKind, Sighting
from probe.domain.marker import MarkerKind, MarkerReading, version_named
from probe.domain.snapshot import ProductKey
from probe.ports import Clock, Ledger, Metrics
from probe.sinks.register import Place
from probe.sinks.rollouts import RolloutSink

_AGAIN = timedelta(hours=1)
_REMEMBERED = 500
# An index may be put out a little before its release is.
_BEFORE_CATALOG = timedelta(minutes=5)

_DigestKey = tuple[str, str, str, Digest]


class MarkerSink:
    """
    Tells from a marker which release a pair has: by what it names, or by a digest seen before.

    An index at an origin that names nothing is taken to be of the newest release that was out when
    it was first seen, or that the catalog tells of soon after. Digests are kept in the ledger.
    """

    def __init__(
        self, metrics: Metrics, clock: Clock, ledger: Ledger, rollouts: RolloutSink
    ) -> None:
        self._metrics = metrics
        self._clock = clock
        self._ledger = ledger
        self._rollouts = rollouts
        self._digests: dict[_DigestKey, IndexDigest] = {}
        self._written: dict[_DigestKey, datetime] = {}
        self._pointed: set[tuple[Place, str]] = set()
        self._missed: dict[Place, datetime] = {}
        self._waiting: list[tuple[Future[bool], Sighting]] = []
        self._origins: frozenset[tuple[str, str, str]] = frozenset()
        self._shown: set[Place] = set()

    def restore(self, digests: Iterable[IndexDigest], sightings: Iterable[Sighting]) -> None:
        """Take in what the ledger holds; to be called before the first reading."""
        for digest in digests:
            self._digests[_digest_key(digest)] = digest
        for each in sightings:
            if each.kind is SightedKind.POINTER and each.first_at is not None:
                place = (each.product, each.channel, each.endpoint, each.region)
                self._pointed.add((place, each.version))

    def reassign(self, places: Iterable[Place], origins: Iterable[tuple[str, str, str]]) -> None:
        """Take the pairs that have a marker, and the endpoints that are origins."""
        self._origins = frozenset(origins)
        for gone in self._shown - set(places):
            self._metrics.remove(series.ENDPOINT_MARKER, gone)
            self._shown.discard(gone)

    def take(self, reading: MarkerReading) -> None:
        """Take in what a marker said."""
        place = (reading.product, reading.channel, reading.endpoint, reading.region)
        if reading.sign.synced_at is not None:
            self._shown.add(place)
            synced = reading.sign.synced_at.timestamp()
            self._metrics.set(series.ENDPOINT_MARKER, place, synced)
        if not reading.marker.kind.names_a_release:
            return
        version = self._version(reading)
        pair = Pair(reading.endpoint, reading.region)
        if self._rollouts.name(reading.product, reading.channel, pair, version):
            self._ledger.submit(Naming(*place, version, reading.at))
        if reading.marker.kind is MarkerKind.POINTER:
            self._point(place, reading, version)

    def tick(self) -> None:
        """Show the pointers that are in the ledger by now."""
        done = [sighting for answer, sighting in self._waiting if answer.done()]
        self._waiting = [each for each in self._waiting if not each[0].done()]
        self._rollouts.sighted(done)

    def _version(self, reading: MarkerReading) -> str:
        key = (reading.product, reading.channel)
        known = (*self._rollouts.kept(*key), *self._older(key, reading.marker.name))
        version = version_named(reading.body, tuple(dict.fromkeys(known)))
        if reading.digest is None:
            return version
        place = (*key, reading.marker.name, reading.digest)
        before = self._digests.get(place)
        first_at = before.first_at if before else reading.at
        if not version:
            version = self._learned(reading, first_at) or (before.version if before else "")
        entry = IndexDigest(*place, version, first_at, reading.at)
        self._digests[place] = entry
        written = self._written.get(place)
        changed = before is None or before.version != version
        if changed or written is None or reading.at - written >= _AGAIN:
            self._written[place] = reading.at
            self._ledger.submit(entry)
        self._prune()
        return version

    def _learned(self, reading: MarkerReading, first_at: datetime) -> str:
        key = (reading.product, reading.channel)
        if (*key, reading.endpoint) not in self._origins or reading.at - first_at > _AGAIN:
            return ""
        return self._rollouts.newest_by(*key, first_at + _BEFORE_CATALOG)

    def _older(self, key: ProductKey, name: str) -> list[str]:
        found = [
            each
            for each in self._digests.values()
            if (each.product, each.channel) == key and each.name == name and each.version
        ]
        found.sort(key=lambda each: each.first_at, reverse=True)
        return [each.version for each in found]

    def _point(self, place: Place, reading: MarkerReading, version: str) -> None:
        if version and version == next(iter(self._rollouts.kept(*place[:2])), ""):
            if (place, version) not in self._pointed:
                self._pointed.add((place, version))
                self._sight(place, reading, version)
        else:
            self._missed[place] = reading.at

    def _sight(self, place: Place, reading: MarkerReading, version: str) -> None:
        product, channel, endpoint, region = place
        sighting = Sighting(
            product,
            channel,
            version,
            SightedKind.POINTER,
            reading.marker.name,
            endpoint,
            region,
            first_at=reading.at,
            last_miss_at=self._missed.get(place),
        )
        self._waiting.append((self._ledger.submit(sighting), sighting))
        self.tick()

    def _prune(self) -> None:
        while len(self._digests) > _REMEMBERED:
            oldest = min(self._digests.values(), key=lambda each: each.last_at)
            del self._digests[_digest_key(oldest)]
            self._written.pop(_digest_key(oldest), None)


def _digest_key(digest: IndexDigest) -> _DigestKey:
    return (digest.product, digest.channel, digest.name, digest.digest)
