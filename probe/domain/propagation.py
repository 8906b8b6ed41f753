"""
How one release comes to be at the pairs that must serve it (P1, P2).

A pair *has* a release as soon as each of its distributable files was a verified download there
(any file, where it has none that a user installs). Files that are added half an hour after it was
published, or later, are repairs, and not waited for. At an endpoint whose addresses are watched one
by one, the first address that gave a file counts. The pairs are those that were required when the
release was published, so that a mirror added later does not reopen what was complete.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from probe.domain.artifact import Release
from probe.domain.evidence import Pair, Published, SightedKind, Sighting, TimeSource

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Reached:
    """
    When a pair had a release, and the last moment at which it was known to lack it.

    ``missed_at`` is ``None`` where no attempt before had failed.
    """

    pair: Pair
    at: datetime
    missed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rollout:
    """
    One release, or its pointers, over the required pairs as of one moment.

    Every pair is in exactly one of: ``reached``, by time; ``pending``; ``excluded``, which lacked
    it when their deadline passed; ``found``, which had it when it was first looked for, too late
    to know since when. ``late`` are those of the excluded that have it all the same. ``missed`` is
    when pairs that do not have it were last seen to lack it, where anybody saw that.
    """

    product: str
    channel: str
    version: str
    kind: SightedKind
    started_at: datetime
    start_source: TimeSource
    published_at: datetime
    reached: tuple[Reached, ...] = ()
    pending: tuple[Pair, ...] = ()
    excluded: tuple[Pair, ...] = ()
    late: tuple[Reached, ...] = ()
    found: tuple[Reached, ...] = ()
    missed: Mapping[Pair, datetime] = field(default_factory=dict)

    @property
    def has(self) -> frozenset[Pair]:
        """Return the pairs that have had it, whenever."""
        return frozenset(each.pair for each in (*self.reached, *self.late, *self.found))

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Return every pair, in order."""
        return tuple(sorted({*self.has, *self.pending, *self.excluded}))

    @property
    def complete(self) -> bool:
        """Tell whether every pair that counts has it."""
        return bool(self.reached) and not self.pending

    @property
    def fastest(self) -> Reached | None:
        """Return the first pair that had it."""
        return self.reached[0] if self.reached else None

    @property
    def median(self) -> Reached | None:
        """Return the pair in the middle; of an even number the earlier one of the two."""
        return self.reached[(len(self.reached) - 1) // 2] if self.reached else None

    @property
    def slowest(self) -> Reached | None:
        """Return the last pair that had it, so far."""
        return self.reached[-1] if self.reached else None

    @property
    def first(self) -> Reached | None:
        """Return the first of all pairs that had it, in time or late."""
        return min((*self.reached, *self.late), key=_by_time, default=None)

    @property
    def early(self) -> bool:
        """Tell whether it could be had before it was let out, so that the time counts as 0."""
        return self.first is not None and self.first.at < self.started_at

    @property
    def first_availability(self) -> timedelta | None:
        """Return P1: from the start to the first verified download anywhere, no less than 0."""
        if self.first is None or self.found:
            return None
        return max(NOTHING, self.first.at - self.started_at)

    @property
    def propagation(self) -> timedelta | None:
        """Return P2: from publication until every pair that counts had it, if they all do."""
        return self.lag(self.reached[-1]) if self.complete else None

    @property
    def median_lag(self) -> timedelta | None:
        """Return the median of the times to the pairs that have it, between two if need be."""
        lags = [self.lag(each).total_seconds() for each in self.reached]
        return timedelta(seconds=median(lags)) if lags else None

    def lag(self, reached: Reached) -> timedelta:
        """Return the time from publication, no less than 0."""
        return max(NOTHING, reached.at - self.published_at)

    def uncertainty(self, reached: Reached) -> timedelta:
        """Return how much earlier it may have been there: since the last miss, or publication."""
        return max(NOTHING, reached.at - (reached.missed_at or self.published_at))

    def pending_since(self, now: datetime) -> timedelta | None:
        """Return how long it has been on its way, if it still is."""
        return max(NOTHING, now - self.published_at) if self.pending else None


def asset_names(release: Release) -> frozenset[str]:
    """Return the files a pair needs to have the release: what a user installs, or else all."""
    install = frozenset(each.name for each in release.artifacts if each.asset_class.distributable)
    return install or frozenset(each.name for each in release.artifacts)


def pointer_names(release: Release) -> frozenset[str]:
    """Return the pointers that the catalog says must name the release."""
    return frozenset(name for name, version in release.pointers if version == release.version)


def names_of(release: Release, kind: SightedKind) -> frozenset[str]:
    """Return what a pair must show to have the release, by kind."""
    return asset_names(release) if kind is SightedKind.ASSET else pointer_names(release)


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What a rollout is looked at for.

    ``names`` are what a pair must show; ``None`` is what the catalog says. ``deadlines`` are by
    endpoint, from publication; an endpoint without one is waited for. ``regions`` leaves out the
    pairs of others, of which somebody else knows.
    """

    kind: SightedKind = SightedKind.ASSET
    names: frozenset[str] | None = None
    deadlines: Mapping[str, timedelta] = field(default_factory=dict)
    regions: Collection[str] | None = None


PLAIN = Terms()


def rollout(
    published: Published, sightings: Iterable[Sighting], now: datetime, terms: Terms = PLAIN
) -> Rollout:
    """Return how far *published* has come by *now*."""
    release = published.release
    wanted = _wanted(published, terms)
    seen = _by_pair(published, sightings, terms.kind, wanted)
    reached, pending, excluded, late, found = [], [], [], [], []
    missed: dict[Pair, datetime] = {}
    for pair in sorted(set(published.required)):
        if terms.regions is not None and pair.region not in terms.regions:
            continue
        arrival = _reached(pair, seen.get(pair, {}), wanted)
        deadline = terms.deadlines.get(pair.endpoint)
        last = None if deadline is None else release.published_at + deadline
        if arrival is None and (miss := _missed(seen.get(pair, {}))) is not None:
            missed[pair] = miss
        if arrival is not None and not (published.watched or arrival.missed_at):
            found.append(arrival)
        elif last is not None and (arrival.at if arrival else now) > last:
            excluded.append(pair)
            late += [arrival] if arrival else []
        elif arrival is None:
            pending.append(pair)
        else:
            reached.append(arrival)
    return Rollout(
        published.product,
        release.channel,
        release.version,
        terms.kind,
        published.started_at,
        published.start_source,
        release.published_at,
        tuple(sorted(reached, key=_by_time)),
        tuple(pending),
        tuple(excluded),
        tuple(sorted(late, key=_by_time)),
        tuple(sorted(found, key=_by_time)),
        missed,
    )


def _wanted(published: Published, terms: Terms) -> frozenset[str]:
    if terms.names is not None:
        return terms.names
    names = names_of(published.release, terms.kind)
    if terms.kind is SightedKind.POINTER or not published.files:
        return names
    # A release all of whose files were added later is had with those.
    return names & frozenset(published.files) or names


def _by_pair(
    published: Published,
    sightings: Iterable[Sighting],
    kind: SightedKind,
    wanted: Collection[str],
) -> dict[Pair, dict[str, list[Sighting]]]:
    release = published.release
    place = (published.product, release.channel, release.version, kind)
    found: dict[Pair, dict[str, list[Sighting]]] = {}
    for each in sightings:
        if (each.product, each.channel, each.version, each.kind) == place and each.name in wanted:
            names = found.setdefault(Pair(each.endpoint, each.region), {})
            names.setdefault(each.name, []).append(each)
    return found


def _reached(
    pair: Pair, seen: Mapping[str, Sequence[Sighting]], wanted: Collection[str]
) -> Reached | None:
    firsts = [_first(seen.get(name, ())) for name in wanted]
    there = [each for each in firsts if each is not None]
    if not there or len(there) < len(firsts):
        return None
    missed = [each.missed_at for each in there if each.missed_at is not None]
    return Reached(pair, max(each.at for each in there), max(missed, default=None))


def _missed(seen: Mapping[str, Sequence[Sighting]]) -> datetime | None:
    """Return when a file was last seen to be missing, be it there by now or not."""
    missed = []
    for sightings in seen.values():
        first = _first(sightings)
        missed += [first.missed_at] if first else [each.last_miss_at for each in sightings]
    return max((each for each in missed if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class _First:
    at: datetime
    missed_at: datetime | None


def _first(sightings: Iterable[Sighting]) -> _First | None:
    at = min((each.first_at for each in sightings if each.first_at is not None), default=None)
    if at is None:
        return None
    missed = [each.last_miss_at for each in sightings if each.last_miss_at is not None]
    return _First(at, max((each for each in missed if each <= at), default=None))


def _by_time(reached: Reached) -> tuple[datetime, Pair]:
    return (reached.at, reached.pair)
