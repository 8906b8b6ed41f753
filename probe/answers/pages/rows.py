"""What several pages say in the same words."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from probe.domain.bucket import Tally
from probe.domain.evidence import IncidentRecord, LastHeard, Segment, Window
from probe.domain.gate import Gate, Terms, evaluate
from probe.domain.gate_record import Record
from probe.domain.override import overrides_of, words_window
from probe.domain.propagation import Reached, Rollout
from probe.domain.text import clean
from probe.evidence import Reading
from probe.kpi.gathering import Gathering
from probe.kpi.hearing import Asked
from probe.kpi.model import MONTH
from probe.kpi.readings import readings
from probe.settings import ConfiguredProduct

MOST_TEXT = 300
DAY = timedelta(days=1)

Daily = Mapping[datetime, Mapping[Segment, Tally]]
Uptime = Mapping[datetime, Mapping[str, Tally]]
"""Tallies by day, and by region."""


def month(now: datetime) -> Window:
    """Return the window of the last 30 days."""
    return Window(now - MONTH, now)


def days_of(now: datetime) -> list[datetime]:
    """Return the last 30 days (UTC), today last."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [today - DAY * back for back in range(29, -1, -1)]


def current_version(kept: Reading, product: ConfiguredProduct) -> str:
    """Return the newest version that is not withdrawn; empty where none is known."""
    remembered = kept.remembered_releases(*product.product.key)
    return next((each.version for each in remembered if not each.yanked), "")


def gate_now(kept: Reading, product: ConfiguredProduct, version: str, now: datetime) -> Gate:
    """Return what is held of *version*."""
    terms = Terms()
    asked = Asked(now, terms.oldest, version, product.regions)
    gathering = Gathering(kept, product.product, product.weights, product.regions)
    found = readings(gathering, product.objectives, asked)
    events = kept.events(*product.product.key, words_window(now))
    return evaluate(product.objectives, found, now, terms, overrides_of(events, version))


def ratio_of(tallies: Iterable[Tally]) -> float | None:
    """Return the share of known time that was up; unknown where none is known."""
    up = known = 0
    for tally in tallies:
        up += tally.up_ms
        known += tally.known_ms
    return up / known if known else None


def text(words: str) -> str:
    """Return *words* from outside, cleaned and cut."""
    return clean(words, MOST_TEXT)


def moment(at: datetime | None) -> str | None:
    """Return a moment in ISO 8601."""
    return None if at is None else at.isoformat()


def seconds(span: timedelta | None) -> float | None:
    """Return a time in seconds."""
    return None if span is None else span.total_seconds()


def standing_of(heard: Iterable[LastHeard]) -> str:
    """Return ``up`` if all that is known is up, ``down`` if some is not, or ``unknown``."""
    ups = [each.up for each in heard if each.up is not None]
    if not ups:
        return "unknown"
    return "up" if all(ups) else "down"


def incident_row(incident: IncidentRecord, now: datetime) -> Record:
    """Return an incident as lists show it."""
    until = incident.restored_at or now
    return {
        "id": incident.id,
        "product": incident.product,
        "channel": incident.channel,
        "endpoint": incident.endpoint,
        "region": incident.region,
        "version": incident.version,
        "state": "open" if incident.restored_at is None else "restored",
        "reason": text(incident.reason),
        "class": text(incident.incident_class),
        "onset_at": moment(incident.onset_at),
        "detected_at": moment(incident.detected_at),
        "detected_by": incident.detected_by.value,
        "restored_at": moment(incident.restored_at),
        "seconds": max(0.0, (until - incident.onset_at).total_seconds()),
        "part_of": incident.joined or None,
        "repeats": incident.recurs or None,
    }


def rollout_row(rollout: Rollout, now: datetime) -> Record:
    """Return how far a release has come, with the names of pairs."""
    required = len(rollout.reached) + len(rollout.pending)
    return {
        "version": rollout.version,
        "kind": rollout.kind.value,
        "published_at": moment(rollout.published_at),
        "started_at": moment(rollout.started_at),
        "start_source": rollout.start_source.value,
        "required": required,
        "first_seconds": seconds(rollout.first_availability),
        "propagation_seconds": seconds(rollout.propagation),
        "pending_seconds": seconds(rollout.pending_since(now)),
        "reached": [_reached(rollout, each) for each in rollout.reached],
        "pending": [str_pair(each.endpoint, each.region) for each in rollout.pending],
        "excluded": [str_pair(each.endpoint, each.region) for each in rollout.excluded],
    }


def str_pair(endpoint: str, region: str) -> str:
    """Return a pair as people name it."""
    return f"{endpoint} from {region}"


def _reached(rollout: Rollout, reached: Reached) -> Record:
    return {
        "pair": str_pair(reached.pair.endpoint, reached.pair.region),
        "at": moment(reached.at),
        "seconds": rollout.lag(reached).total_seconds(),
        "uncertainty_seconds": seconds(rollout.uncertainty(reached)),
    }
