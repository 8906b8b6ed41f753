"""Incidents: those of late, and one from its onset to its end with what was seen beneath."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from probe.answers.pages.rows import DAY, incident_row, moment, text
from probe.domain.evidence import IncidentRecord, Window
from probe.domain.gate_record import Record
from probe.domain.observation import Observation
from probe.domain.record import as_page
from probe.evidence import Reading
from probe.kpi.model import QUARTER
from probe.settings import ConfiguredProduct

PAGE = 50
_AROUND = timedelta(minutes=1)
_SEEN = 100
_EARLIER = 10


def incidents(
    kept: Reading, products: Iterable[ConfiguredProduct], now: datetime, offset: int
) -> Record:
    """Return the incidents of the last 90 days, those that are open first, then newest first."""
    window = Window(now - QUARTER, now)
    found = [
        each
        for product in products
        for each in kept.incidents(*product.product.key, window)
        if not each.joined
    ]
    found.sort(key=lambda each: (each.restored_at is None, each.onset_at), reverse=True)
    return {
        "total": len(found),
        "open": sum(each.restored_at is None for each in found),
        "offset": offset,
        "limit": PAGE,
        "rows": [incident_row(each, now) for each in found[offset : offset + PAGE]],
    }


def incident(
    kept: Reading,
    id: str,  # noqa: A002 - as the record names it
    seen: Sequence[Observation],
    now: datetime,
) -> Record | None:
    """Return one incident; *seen* are the observations that are still kept, newest first."""
    found = kept.incident(id)
    if found is None:
        return None
    parts = _family(kept, found, now)
    earlier = [
        each
        for each in kept.incidents(found.product, found.channel, Window(now - QUARTER, now))
        if each.incident_class == found.incident_class
        and each.onset_at < found.onset_at
        and not each.joined
    ]
    return {
        **incident_row(found, now),
        "first_failure_at": moment(found.first_failure_at),
        "last_success_at": moment(found.last_success_at),
        "served_at": moment(found.served_at),
        "restored_by": found.restored_by.value if found.restored_by else None,
        "impact_minutes": found.impact_minutes,
        "impact_share": found.impact_share,
        "cause": text(found.cause) or None,
        "report": text(found.report) or None,
        "metric_matched": text(found.metric_matched) or None,
        "fingerprint": text(found.fingerprint) or None,
        "timeline": _timeline(found),
        "parts": [incident_row(each, now) for each in parts],
        "earlier": [incident_row(each, now) for each in reversed(earlier)][:_EARLIER],
        "observations": [as_page(each) for each in _beneath(found, seen, now)],
    }


def _family(kept: Reading, found: IncidentRecord, now: datetime) -> list[IncidentRecord]:
    window = Window(found.onset_at - DAY, now)
    return [
        each
        for each in kept.incidents(found.product, found.channel, window)
        if each.joined == found.id
    ]


def _timeline(found: IncidentRecord) -> list[Record]:
    moments = [
        (found.last_success_at, "last success"),
        (found.onset_at, "onset"),
        (found.first_failure_at, "first failure"),
        (found.detected_at, f"detected by {found.detected_by.value}"),
        (found.served_at, "users served by another endpoint"),
        (found.restored_at, "restored"),
    ]
    known = [(at, what) for at, what in moments if at is not None]
    return [
        {"at": moment(at), "what": what} for at, what in sorted(known, key=lambda each: each[0])
    ]


def _beneath(
    found: IncidentRecord, seen: Sequence[Observation], now: datetime
) -> list[Observation]:
    since, until = found.onset_at - _AROUND, (found.restored_at or now) + _AROUND
    return [
        each
        for each in seen
        if since <= each.started_at <= until
        and each.probe.target.product == found.product
        and each.probe.target.endpoint.name == found.endpoint
        and each.probe.target.region.name == found.region
        and found.version in ("", each.probe.target.release.version)
    ][:_SEEN]
