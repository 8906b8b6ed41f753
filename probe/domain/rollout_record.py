"""A rollout for machines; times in ISO 8601, spans in seconds, and ``None`` is unknown."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from probe.domain.evidence import Pair, TimeSource
from probe.domain.gate_record import Record
from probe.domain.propagation import Reached, Rollout
from probe.domain.schema import FLAG, MOMENT, NUMBER, TEXT, Schema, choice, closed, list_of, maybe


def rollout_record(line: Rollout, now: datetime) -> Record:
    """Return how far a release has come: to whom it came when, and to whom it has not."""
    return {
        "started_at": line.started_at.isoformat(),
        "start_source": line.start_source.value,
        "published_at": line.published_at.isoformat(),
        "complete": line.complete,
        "early": line.early,
        "first_available_seconds": seconds(line.first_availability),
        "propagation_seconds": seconds(line.propagation),
        "pending_seconds": seconds(line.pending_since(now)),
        "fastest": reached_record(line, line.fastest),
        "median": reached_record(line, line.median),
        "slowest": reached_record(line, line.slowest),
        "reached": [reached_record(line, each) for each in line.reached],
        "pending": pair_records(line.pending),
        "excluded": pair_records(line.excluded),
        "late": [reached_record(line, each) for each in line.late],
        "found": pair_records(each.pair for each in line.found),
    }


def reached_record(line: Rollout, reached: Reached | None) -> Record | None:
    """Return when a pair had it, and how much earlier it may have been there."""
    if reached is None:
        return None
    return {
        "endpoint": reached.pair.endpoint,
        "region": reached.pair.region,
        "seconds": line.lag(reached).total_seconds(),
        "uncertainty_seconds": line.uncertainty(reached).total_seconds(),
    }


def pair_records(pairs: Iterable[Pair]) -> list[Record]:
    """Return pairs by their names."""
    return [{"endpoint": each.endpoint, "region": each.region} for each in pairs]


def seconds(span: timedelta | None) -> float | None:
    """Return a span in seconds."""
    return None if span is None else span.total_seconds()


PAIR: Schema = closed({"endpoint": TEXT, "region": TEXT})
REACHED: Schema = closed(
    {"endpoint": TEXT, "region": TEXT, "seconds": NUMBER, "uncertainty_seconds": NUMBER}
)

ROLLOUT_SCHEMA: Schema = closed(
    {
        "started_at": MOMENT,
        "start_source": choice(TimeSource),
        "published_at": MOMENT,
        "complete": FLAG,
        "early": FLAG,
        "first_available_seconds": maybe(NUMBER),
        "propagation_seconds": maybe(NUMBER),
        "pending_seconds": maybe(NUMBER),
        "fastest": maybe(REACHED),
        "median": maybe(REACHED),
        "slowest": maybe(REACHED),
        "reached": list_of(REACHED),
        "pending": list_of(PAIR),
        "excluded": list_of(PAIR),
        "late": list_of(REACHED),
        "found": list_of(PAIR),
    }
)
