"""What is read from the ledger at the start, so that a restart forgets nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from probe.domain.evidence import (
    Event,
    HealthRecord,
    IncidentRecord,
    LastHeard,
    Naming,
    Published,
    Sighting,
)

APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class RememberedRollouts:
    """Releases with their frozen pairs, first sights and approvals, and what markers name."""

    published: tuple[Published, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    approvals: tuple[Event, ...] = ()
    namings: tuple[Naming, ...] = ()


@dataclass(frozen=True, slots=True)
class RememberedIncidents:
    """
    The incidents that the register holds, and how pairs stood.

    ``heard`` tells of the last successes: those of targets that are well are in no health.
    """

    incidents: tuple[IncidentRecord, ...] = ()
    healths: tuple[HealthRecord, ...] = ()
    heard: tuple[LastHeard, ...] = ()


def approved(published: Published, approvals: Iterable[Event]) -> Published:
    """Return *published* with the moment at which its approval was told, if it was."""
    release = published.release
    place = (published.product, release.channel, release.version)
    told = [
        each.at
        for each in approvals
        if each.kind == APPROVAL and (each.product, each.channel, each.version) == place
    ]
    if not told:
        return published
    return replace(published, release=replace(release, approved_at=min(told)))
