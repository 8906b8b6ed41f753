"""What may be promised to customers: what has been an aim of one's own for long enough."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from probe.domain.evidence import Event
from probe.domain.moment import to_ms
from probe.domain.told import told_id

SLO = "slo"
"""The kind of events that keep in which week something was asked of a KPI; its detail names it."""

HISTORY = timedelta(days=30)

_WEEK_MS = 7 * 86_400_000
# A service may be down for a week, and say so in the next one.
_GAP = timedelta(days=14)
_BY = "configuration"


def mark_event(product: str, channel: str, kpi: str, at: datetime) -> Event:
    """Return what is kept of something that is asked at *at*: the same all through the week."""
    week = to_ms(at) // _WEEK_MS
    id_ = told_id(SLO, product, channel, kpi, str(week))
    return Event(id_, SLO, product, channel, "", at, _BY, kpi)


def asked_since(marks: Iterable[Event], kpi: str, now: datetime) -> datetime | None:
    """Return since when something is asked of *kpi* without a gap; ``None`` if it is not."""
    since = now
    for at in sorted((each.at for each in marks if each.detail == kpi), reverse=True):
        if since - at > _GAP:
            break
        since = min(since, at)
    return since if since < now else None
