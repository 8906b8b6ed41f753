"""An incident of the register for machines, and how the register is searched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from probe.domain.evidence import DetectedBy, IncidentRecord, RestoredBy
from probe.domain.gate_record import Record
from probe.domain.part import FIRST, Part
from probe.domain.schema import MOMENT, NUMBER, TEXT, Schema, choice, closed, list_of, maybe
from probe.domain.whole import Whole


@dataclass(frozen=True, slots=True)
class IncidentSearch:
    """
    Which incidents are wanted, of a list on which the last that began stands first.

    ``filters`` are values of product, channel, endpoint and region. ``is_open`` wants those that
    are going on, or those that are over; ``since`` those that went on then or began later.
    """

    filters: Mapping[str, str] = field(default_factory=dict)
    is_open: bool | None = None
    since: datetime | None = None
    part: Part = FIRST


INCIDENT_FILTERS = ("product", "channel", "endpoint", "region")


@dataclass(frozen=True, slots=True)
class Found:
    """A part of what was searched for, and how many there are in all."""

    total: int
    incidents: tuple[IncidentRecord, ...]


def incident_record(incident: IncidentRecord) -> Record:
    """Return all that the register has of an incident; empty texts are ``None``."""
    return {
        "id": incident.id,
        "product": incident.product,
        "channel": incident.channel,
        "version": incident.version or None,
        "endpoint": incident.endpoint or None,
        "region": incident.region or None,
        "state": "open" if incident.restored_at is None else "closed",
        "reason": incident.reason or None,
        "class": incident.incident_class,
        "onset_at": incident.onset_at.isoformat(),
        "detected_at": incident.detected_at.isoformat(),
        "detected_by": incident.detected_by.value,
        "first_failure_at": _moment(incident.first_failure_at),
        "last_success_at": _moment(incident.last_success_at),
        "served_at": _moment(incident.served_at),
        "restored_at": _moment(incident.restored_at),
        "restored_by": incident.restored_by.value if incident.restored_by else None,
        "impact_minutes": incident.impact_minutes,
        "impact_share": incident.impact_share,
        "part_of": incident.joined or None,
        "repeats": incident.recurs or None,
        "cause": incident.cause or None,
        "report": incident.report or None,
        "metric_matched": incident.metric_matched or None,
    }


def whole_record(whole: Whole) -> Record:
    """Return an incident with its parts, and when all of it began and was over."""
    return {
        **incident_record(whole.head),
        "whole": {
            "onset_at": whole.onset_at.isoformat(),
            "served_at": _moment(whole.served_at),
            "restored_at": _moment(whole.restored_at),
        },
        "parts": [incident_record(each) for each in whole.parts],
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


STATES = ("open", "closed")

_INCIDENT: Schema = {
    "id": TEXT,
    "product": TEXT,
    "channel": TEXT,
    "version": maybe(TEXT),
    "endpoint": maybe(TEXT),
    "region": maybe(TEXT),
    "state": choice(STATES),
    "reason": maybe(TEXT),
    "class": TEXT,
    "onset_at": MOMENT,
    "detected_at": MOMENT,
    "detected_by": choice(DetectedBy),
    "first_failure_at": maybe(MOMENT),
    "last_success_at": maybe(MOMENT),
    "served_at": maybe(MOMENT),
    "restored_at": maybe(MOMENT),
    "restored_by": maybe(choice(RestoredBy)),
    "impact_minutes": NUMBER,
    "impact_share": maybe(NUMBER),
    "part_of": maybe(TEXT),
    "repeats": maybe(TEXT),
    "cause": maybe(TEXT),
    "report": maybe(TEXT),
    "metric_matched": maybe(TEXT),
}
INCIDENT_SCHEMA: Schema = closed(_INCIDENT)
WHOLE_SCHEMA: Schema = closed(
    {
        **_INCIDENT,
        "whole": closed(
            {"onset_at": MOMENT, "served_at": maybe(MOMENT), "restored_at": maybe(MOMENT)}
        ),
        "parts": list_of(INCIDENT_SCHEMA),
    }
)
