"""What the sinks need to go on where another process ended, read in one go."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from probe.domain.depth import LastFull
from probe.domain.evidence import (
    EVER,
    Event,
    IndexDigest,
    LastHeard,
    Naming,
    Published,
    SightedKind,
    Sighting,
)
from probe.domain.remembered import APPROVAL, RememberedIncidents, RememberedRollouts
from probe.domain.snapshot import ProductKey
from probe.evidence.reading import Reading

RELEASES = 20
LAST_FULL_KEPT = timedelta(days=7)


def remember_rollouts(reading: Reading, products: Iterable[ProductKey]) -> RememberedRollouts:
    """Return what is known of the newest releases of *products*, the newest 20 of each."""
    published: list[Published] = []
    sightings: list[Sighting] = []
    approvals: list[Event] = []
    namings: list[Naming] = []
    for product, channel in products:
        listed = reading.releases(product, channel, EVER)[:RELEASES]
        published += listed
        for each in listed:
            for kind in SightedKind:
                sightings += reading.sightings(product, channel, each.release.version, kind)
        approvals += reading.events(product, channel, EVER, APPROVAL)
        namings += reading.namings(product, channel)
    return RememberedRollouts(tuple(published), tuple(sightings), tuple(approvals), tuple(namings))


def remember_last_full(
    reading: Reading, products: Iterable[ProductKey], now: datetime
) -> dict[str, LastFull]:
    """Return by key how targets that were asked for in the last days were last read in full."""
    found: dict[str, LastFull] = {}
    for product, channel in products:
        found |= reading.last_full(product, channel, now - LAST_FULL_KEPT)
    return found


def remember_incidents(
    reading: Reading, products: Iterable[ProductKey], now: datetime
) -> RememberedIncidents:
    """Return every incident there is, as counters go on from all of them, and how pairs stood."""
    found = {each.id: each for each in reading.open_incidents()}
    heard: list[LastHeard] = []
    for product, channel in products:
        found |= {each.id: each for each in reading.incidents(product, channel, EVER)}
        heard += reading.last_heard(product, channel, now)
    return RememberedIncidents(tuple(found.values()), reading.healths(), tuple(heard))


def remember_digests(
    reading: Reading, markers: Iterable[tuple[str, str, str]]
) -> tuple[IndexDigest, ...]:
    """Return the digests that the markers of that product, channel and name had."""
    return tuple(each for marker in sorted(set(markers)) for each in reading.index_digests(*marker))
