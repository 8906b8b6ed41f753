"""The rules of one record of the incident register: its class, its end, its place among others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from probe.domain.evidence import DetectedBy, IncidentRecord, RestoredBy
from probe.domain.failure import FailureReason
from probe.domain.target import EndpointKind

RECURRENCE = timedelta(days=90)
UNKNOWN = "unknown"

_MINUTE = timedelta(minutes=1)


class Cause(StrEnum):
    """What a post-mortem found; part of an incident's class, so there are no others."""

    PUBLISH = "publish"
    SYNC = "sync"
    CACHE = "cache"
    DNS = "dns"
    CERTIFICATE = "certificate"
    CREDENTIALS = "credentials"
    CAPACITY = "capacity"
    NETWORK = "network"
    STORAGE = "storage"
    CONFIGURATION = "configuration"
    PROVIDER = "provider"
    OTHER = "other"


def class_of(reason: FailureReason | str, kind: EndpointKind | str, cause: str = "") -> str:
    """Return the class by which incidents recur: ``timeout:cdn``, ``stale:mirror:sync``."""
    return ":".join(filter(None, (str(reason), str(kind), cause)))


def default_class(incident: IncidentRecord) -> str:
    """Return the class without what a post-mortem added."""
    return ":".join(incident.incident_class.split(":")[:2])


def with_cause(incident: IncidentRecord, cause: Cause) -> IncidentRecord:
    """Return *incident* with the cause that a post-mortem found."""
    return replace(
        incident, cause=cause.value, incident_class=f"{default_class(incident)}:{cause.value}"
    )


def resolved(incident: IncidentRecord, at: datetime) -> IncidentRecord:
    """Return *incident* as over at *at*: for users, unless something else served them before."""
    at = max(at, incident.onset_at)
    served_at = at if incident.served_at is None else min(incident.served_at, at)
    return replace(
        incident,
        restored_at=at,
        served_at=served_at,
        restored_by=RestoredBy.FALLBACK if served_at < at else RestoredBy.ENDPOINT,
        impact_minutes=max(0.0, (served_at - incident.onset_at) / _MINUTE),
    )


def reopened(incident: IncidentRecord) -> IncidentRecord:
    """Return *incident* as if it had never been over."""
    by_fallback = incident.restored_by is RestoredBy.FALLBACK
    return replace(
        incident,
        restored_at=None,
        served_at=incident.served_at if by_fallback else None,
        restored_by=RestoredBy.FALLBACK if by_fallback else None,
        impact_minutes=0.0,
        impact_share=None,
    )


def weighed(incident: IncidentRecord, weights: Mapping[str, float]) -> IncidentRecord:
    """Return *incident* with its impact by the share of users in its region, if that is known."""
    weight = weights.get(incident.region)
    if weight is None:
        return incident
    return replace(incident, impact_share=incident.impact_minutes * weight)


def placed_among(incident: IncidentRecord, others: Iterable[IncidentRecord]) -> IncidentRecord:
    """
    Return *incident* with what it is part of, or else which earlier incident it repeats.

    It is part of one that is going on at the same endpoint, seen from elsewhere or told by
    somebody. It repeats the last of its class that was over before it began, within 90 days.
    """
    same = [
        each
        for each in others
        if (each.product, each.channel) == (incident.product, incident.channel)
        and each.id != incident.id
        and not each.joined
    ]
    going_on = [each for each in same if _covers(each, incident)]
    if going_on:
        first = min(going_on, key=lambda each: (each.onset_at, each.id))
        return replace(incident, joined=first.id, recurs="")
    earlier = [each for each in same if recurs_after(incident, each)]
    last = max(earlier, key=lambda each: (each.onset_at, each.id), default=None)
    return replace(incident, recurs=last.id if last else "")


def repeats(incidents: Iterable[IncidentRecord]) -> frozenset[str]:
    """
    Return the ids of those that repeat an earlier one (R4), by what post-mortems found since.

    What one was found to repeat when it began counts where that one is not among *incidents*.
    """
    by_class: defaultdict[tuple[str, ...], dict[str, IncidentRecord]] = defaultdict(dict)
    for each in incidents:
        if not each.joined:
            by_class[each.product, each.channel, default_class(each)][each.id] = each
    return frozenset(
        each.id for same in by_class.values() for each in same.values() if _repeats(each, same)
    )


def _repeats(incident: IncidentRecord, same: Mapping[str, IncidentRecord]) -> bool:
    forgotten = bool(incident.recurs) and incident.recurs not in same
    return forgotten or any(recurs_after(incident, each) for each in same.values())


def recurs_after(incident: IncidentRecord, earlier: IncidentRecord) -> bool:
    """Tell whether *incident* repeats *earlier* (R4)."""
    return (
        _same_class(incident, earlier)
        and earlier.restored_at is not None
        and earlier.restored_at <= incident.onset_at
        and incident.onset_at - earlier.onset_at <= RECURRENCE
    )


def _same_class(one: IncidentRecord, other: IncidentRecord) -> bool:
    # As long as one has no post-mortem nobody knows that the causes differ.
    same_cause = not (one.cause and other.cause) or one.cause == other.cause
    return default_class(one) == default_class(other) and same_cause


def noticed(incident: IncidentRecord, at: datetime, by: DetectedBy) -> IncidentRecord:
    """Return *incident* with who noticed it first; who comes later changes nothing."""
    if at >= incident.detected_at:
        return incident
    return replace(incident, detected_at=at, detected_by=by, onset_at=min(incident.onset_at, at))


def _covers(going_on: IncidentRecord, incident: IncidentRecord) -> bool:
    if going_on.endpoint and incident.endpoint and going_on.endpoint != incident.endpoint:
        return False
    return going_on.restored_at is None or (
        going_on.onset_at <= incident.onset_at < going_on.restored_at
    )
