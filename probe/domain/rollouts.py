"""Both rollouts of a release: that of its files, and that of the pointers that name it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from probe.domain.evidence import Pair, Published, SightedKind, Sighting
from probe.domain.marker import MarkerKind
from probe.domain.propagation import Rollout, Terms, rollout
from probe.domain.target import Product


def deadlines_of(product: Product) -> Mapping[str, timedelta]:
    """Return by endpoint how long after publication it is waited for; others are for ever."""
    return {
        each.name: timedelta(seconds=each.deadline_seconds)
        for each in product.endpoints
        if each.deadline_seconds is not None
    }


def rollouts(
    published: Published, product: Product, sightings: Collection[Sighting], now: datetime
) -> tuple[Rollout, Rollout]:
    """Return how far the files of *published* have come by *now*, and how far its pointers."""
    deadlines = deadlines_of(product)
    pointed = replace(published, required=with_pointer(published.required, product))
    # No pair has two pointers, so that what they are called says nothing.
    named = [replace(each, name="") for each in sightings if each.kind is SightedKind.POINTER]
    return (
        rollout(published, sightings, now, Terms(deadlines=deadlines)),
        rollout(pointed, named, now, Terms(SightedKind.POINTER, frozenset({""}), deadlines)),
    )


def with_pointer(pairs: Iterable[Pair], product: Product) -> tuple[Pair, ...]:
    """Return those of *pairs* at whose endpoint a pointer says which release it has."""
    pointers = {
        each.name
        for each in product.endpoints
        if each.marker is not None and each.marker.kind is MarkerKind.POINTER
    }
    return tuple(each for each in pairs if each.endpoint in pointers)
