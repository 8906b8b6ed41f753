"""What was found of a release at its deadline, kept so that a late repair does not undo it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from probe.domain.evidence import Event
from probe.domain.snapshot import ProductKey
from probe.domain.told import told_id
from probe.kpi.evidence import COMPLETE_WITHIN, Released
from probe.kpi.lacking import complete_in_time, missing

COMPLETENESS = "completeness"
COMPLETE, INCOMPLETE = "complete", "incomplete"

# Whoever made the last attempt before the deadline has to have written it down.
_SETTLES_AFTER = timedelta(seconds=90)
_NAMED = 10


def verdict_on(key: ProductKey, release: Released, now: datetime) -> Event | None:
    """Return what is to be kept of *release* from *now* on, if anything is."""
    deadline = release.published_at + COMPLETE_WITHIN
    in_time = complete_in_time(release, now)
    if release.settled is not None or in_time is None or now < deadline + _SETTLES_AFTER:
        return None
    lacking = ", ".join(map(str, missing(release)[:_NAMED]))
    return Event(
        id=told_id(COMPLETENESS, *key, release.version),
        kind=COMPLETENESS,
        product=key[0],
        channel=key[1],
        version=release.version,
        at=deadline,
        actor="probe",
        detail=COMPLETE if in_time else f"{INCOMPLETE}: {lacking or 'late'}",
    )


def settled_by(events: Iterable[Event]) -> Mapping[str, bool]:
    """Return by version whether it was complete at its deadline, of those that are settled."""
    return {each.version: each.detail == COMPLETE for each in events if each.kind == COMPLETENESS}
