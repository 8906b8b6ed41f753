"""One outage as a whole, though several regions saw it and others told of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from probe.domain.evidence import IncidentRecord, Window

QUORUM = 2
MERGE = timedelta(minutes=10)


class Aspect(StrEnum):
    """What was restored: what users get, if only from elsewhere, or the endpoint itself."""

    SERVICE = "service"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True)
class Whole:
    """An incident with its parts: the same outage seen from other regions, or told by others."""

    head: IncidentRecord
    parts: tuple[IncidentRecord, ...] = ()

    @property
    def onset_at(self) -> datetime:
        """Return when it began where it began first."""
        return min(each.onset_at for each in (self.head, *self.parts))

    @property
    def restored_at(self) -> datetime | None:
        """Return when the endpoint was back; ``None`` while it is not."""
        return self.end(Aspect.ENDPOINT)

    @property
    def served_at(self) -> datetime | None:
        """Return when users got the files again, here or elsewhere."""
        return self.end(Aspect.SERVICE)

    def end(self, aspect: Aspect) -> datetime | None:
        """
        Return when it was over; ``None`` while it is not.

        It goes on while two of the regions that saw it do, or the only one that did. What no probe
        saw is over when it is told to be.
        """
        ends = {
            each.id: each.restored_at if aspect is Aspect.ENDPOINT else each.served_at
            for each in (self.head, *self.parts)
        }
        return self._end(ends)

    def _end(self, ends: Mapping[str, datetime | None]) -> datetime | None:
        last: dict[str, datetime | None] = {}
        for each in (self.head, *self.parts):
            if each.first_failure_at is not None:
                last[each.region] = _later(last.get(each.region, each.onset_at), ends[each.id])
        if not last:
            return ends[self.head.id]
        over = sorted(end for end in last.values() if end is not None)
        down = len(last) - len(over)
        if len(last) == 1:
            return over[0] if over else None
        return None if down > 1 else over[-1] if down else over[-2]


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def wholes(incidents: Iterable[IncidentRecord]) -> list[Whole]:
    """Return the incidents that are no part of another, each with its parts among *incidents*."""
    heads: list[IncidentRecord] = []
    parts: defaultdict[str, list[IncidentRecord]] = defaultdict(list)
    for each in incidents:
        if each.joined:
            parts[each.joined].append(each)
        else:
            heads.append(each)
    return [Whole(head, tuple(parts[head.id])) for head in heads]


def quorum_outages(
    incidents: Iterable[IncidentRecord], regions: Mapping[str, int], window: Window
) -> Mapping[str, tuple[timedelta, ...]]:
    """
    Return by endpoint how long each outage was in which two regions saw it down.

    *regions* are how many look at an endpoint: where one does, it is enough. Of an outage counts
    what is in *window*; what is less than ten minutes apart is one.
    """
    changes: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for each in incidents:
        since = max(each.onset_at, window.since)
        until = min(each.restored_at or window.until, window.until)
        if each.first_failure_at is not None and since < until:
            changes[each.endpoint] += [(since, 1), (until, -1)]
    found = {
        endpoint: _stretches(sorted(each), min(QUORUM, regions.get(endpoint, 1)))
        for endpoint, each in changes.items()
    }
    return {endpoint: stretches for endpoint, stretches in found.items() if stretches}


def _stretches(changes: Iterable[tuple[datetime, int]], quorum: int) -> tuple[timedelta, ...]:
    merged: list[list[datetime]] = []
    down, began = 0, None
    for at, change in changes:
        down += change
        if began is None and down >= quorum:
            began = at
        elif began is not None and down < quorum:
            if merged and began - merged[-1][1] < MERGE:
                merged[-1][1] = at
            elif at > began:
                merged.append([began, at])
            began = None
    return tuple(until - since for since, until in merged)
