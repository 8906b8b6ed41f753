"""
What is counted of each target at the moment, before it is written.

The truth is here and the file is its image: a bucket is written whole, over what was there, so
that to write it twice, or after a fault once more, counts nothing twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from probe.domain.arrival import NOWHERE, Arrival, look
from probe.domain.bucket import BUCKET_MS, Attempt, Tally, over_buckets
from probe.domain.hold import UNHEARD, Hold, Span, hear, settle
from probe.domain.target import Depth, Target
from probe.sketch import bin_of


@dataclass(slots=True, eq=False)
class Track:
    """
    One target: its state, its first sight, and its buckets that are not yet put away.

    ``id`` is its row's; ``None`` until it has one. ``target`` is ``None`` while nothing was heard
    of it since the file was opened, ``filed`` is the one that its row describes. It was heard of
    when an attempt came to a verdict. What was touched is to be written; if it was ``sighted`` its
    first sight is among that.
    """

    key: str
    target: Target | None = None
    filed: Target | None = None
    id: int | None = None
    hold: Hold = UNHEARD
    arrival: Arrival = NOWHERE
    attempt_ms: int = 0
    heard_ms: int | None = None
    verified_ms: int | None = None
    full_ms: int | None = None
    tallies: dict[int, Tally] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    arrival_touched: bool = False
    sighted: bool = False


class Shelf(Protocol):
    """Where tracks and tallies are found that are not in memory."""

    def track(self, target: Target) -> Track:
        """Return what is kept of *target*, or a track of which nothing is known."""

    def arrival(self, target: Target) -> Arrival:
        """Return what is kept of the first sight of *target*."""

    def tally(self, track: Track, bucket: int) -> Tally:
        """Return what is kept of a bucket apart from packed chunks, or an empty tally."""


class Tracks:
    """The tracks of all targets that something was heard of lately."""

    def __init__(self) -> None:
        self._tracks: dict[str, Track] = {}
        self._dirty: dict[str, Track] = {}

    def __len__(self) -> int:
        return len(self._tracks)

    def __iter__(self) -> Iterator[Track]:
        return iter(self._tracks.values())

    @property
    def dirty(self) -> list[Track]:
        """Return the tracks with something to be written."""
        return list(self._dirty.values())

    def take(self, attempt: Attempt, shelf: Shelf) -> None:
        """Count *attempt*. What *shelf* raises leaves everything as it was."""
        target = attempt.target
        track = self._tracks.get(target.key)
        if track is None:
            track = self._tracks[target.key] = shelf.track(target)
        elif track.target is None:
            track.arrival = shelf.arrival(target)
        hold, span = hear(track.hold, attempt)
        tally = _tally(track, attempt.at_ms // BUCKET_MS, shelf)
        _count_span(track, span, shelf)
        full = attempt.depth is Depth.FULL
        tally.count(attempt, bin_of(attempt.seconds) if full and attempt.passed else None)
        track.target, track.hold = target, hold
        track.attempt_ms = max(track.attempt_ms, attempt.at_ms)
        if attempt.passed is not None:
            track.heard_ms = max(attempt.at_ms, track.heard_ms or 0)
            if full:
                track.full_ms = max(attempt.at_ms, track.full_ms or 0)
        if track.arrival.is_of_other(target.artifact):
            track.verified_ms = None
        if attempt.verified:
            track.verified_ms = max(attempt.at_ms, track.verified_ms or 0)
        arrival = look(track.arrival, attempt)
        if arrival is not track.arrival:
            track.sighted |= arrival.first_ms != track.arrival.first_ms
            track.arrival, track.arrival_touched = arrival, True
        self._dirty[track.key] = track

    def put(self, track: Track) -> None:
        """Take over a track that was read from the file."""
        self._tracks.setdefault(track.key, track)

    def sweep(self, now_ms: int, shelf: Shelf) -> None:
        """Count the known state that has run out, and forget whom nothing is waited for from."""
        for track in list(self._tracks.values()):
            if track.hold.until_ms > now_ms:
                continue
            self._settle(track, now_ms, shelf)
            if track.key not in self._dirty:
                del self._tracks[track.key]

    def keep_only(self, keys: frozenset[str], now_ms: int, shelf: Shelf) -> None:
        """
        End the known state of every target that is not among *keys*: nobody asks for it now.

        One that was not asked for since the start is let be: a first plan may lack products.
        """
        for track in self._tracks.values():
            if track.key not in keys and track.target is not None and track.hold.up is not None:
                self._settle(track, now_ms, shelf)
                track.hold = replace(track.hold, up=None, until_ms=0)
                self._dirty[track.key] = track

    def written(self) -> None:
        """Note that all that was dirty is in the file."""
        for track in self._dirty.values():
            newest = max(track.tallies, default=0)
            track.tallies = {n: tally for n, tally in track.tallies.items() if n == newest}
            track.touched.clear()
            track.arrival_touched = track.sighted = False
        self._dirty.clear()

    def put_away(self, before: int) -> None:
        """Drop the tallies of buckets before *before*, which are about to be packed."""
        for track in self._tracks.values():
            track.tallies = {n: tally for n, tally in track.tallies.items() if n >= before}

    def forget(self, before_ms: int) -> None:
        """Drop the tracks of targets last asked before *before_ms*, whose rows may go."""
        for key in [each.key for each in self._tracks.values() if each.attempt_ms < before_ms]:
            del self._tracks[key]

    def moved(self) -> None:
        """Note that the file is another one: what is in memory is all there is of it."""
        for track in list(self._tracks.values()):
            track.id = track.filed = None
            if track.target is None:
                del self._tracks[track.key]
                self._dirty.pop(track.key, None)
                continue
            track.touched = set(track.tallies)
            track.arrival_touched = track.arrival is not NOWHERE
            track.sighted = track.arrival.first_ms is not None
            self._dirty[track.key] = track

    def _settle(self, track: Track, now_ms: int, shelf: Shelf) -> None:
        hold, span = settle(track.hold, now_ms)
        if span is not None:
            _count_span(track, span, shelf)
            track.hold = hold
            self._dirty[track.key] = track


def _count_span(track: Track, span: Span | None, shelf: Shelf) -> None:
    if span is None:
        return
    parts = [
        (_tally(track, number, shelf), ms)
        for number, ms in over_buckets(span.start_ms, span.end_ms)
    ]
    for tally, ms in parts:
        tally.hold(ms, up=span.up)


def _tally(track: Track, bucket: int, shelf: Shelf) -> Tally:
    tally = track.tallies.get(bucket)
    if tally is None:
        tally = track.tallies[bucket] = shelf.tally(track, bucket)
    track.touched.add(bucket)
    return tally


def first_seen(tracks: Iterable[Track]) -> list[Track]:
    """Return the tracks whose first sight is not yet written."""
    return [each for each in tracks if each.sighted]
