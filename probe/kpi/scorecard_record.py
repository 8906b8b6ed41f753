"""A scorecard for machines: JSON, and the JSON Schema (2020-12) of it."""

from datetime import datetime, timedelta

from probe.domain.expectation import ExpectedBy
from probe.domain.gate import Gate, Ruling
from probe.domain.gate_record import JUDGED, RULING, SOURCE, Record, judged_record
from probe.domain.propagation import Rollout
from probe.domain.rollout_record import PAIR, REACHED, pair_records, reached_record
from probe.domain.schema import (
    COUNT,
    DIALECT,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    Schema,
    choice,
    closed,
    list_of,
    maybe,
)
from probe.kpi.lacking import Lack
from probe.kpi.publication import Outcome
from probe.kpi.scorecard import (
    Availability,
    Completeness,
    Fallback,
    Incidents,
    Integrity,
    Reasons,
    Scorecard,
)
from probe.kpi.value import Measured, Value


def scorecard_record(card: Scorecard, gate: Gate | None = None) -> Record:
    """
    Return *card*, with what *gate* holds of its objectives; seconds, ratios and ISO 8601 times.

    ``null`` is what is unknown.
    """
    return {
        "schema": "delivery-scorecard/v1",
        "product": card.product,
        "channel": card.channel,
        "version": card.version,
        "since": card.window.since.isoformat(),
        "until": card.window.until.isoformat(),
        "source": card.source.value,
        "completeness": _completeness(card.completeness),
        "availability": _availability(card.availability),
        "propagation": None if card.rollout is None else _propagation(card.rollout),
        "failures": _failures(card.reasons),
        "integrity": None if card.integrity is None else _integrity(card.integrity),
        "incidents": None if card.incidents is None else _incidents(card.incidents),
        "fallback": _fallback(card.fallback),
        "ruling": (gate.ruling if gate else Ruling.UNKNOWN).value,
        "objectives": [judged_record(each) for each in gate.judged] if gate else [],
    }


def _completeness(line: Completeness) -> Record:
    return {
        "ruling": line.ruling.value,
        "missing": [
            {
                "kind": each.kind.value,
                "name": each.name,
                "platform": None if each.platform is None else str(each.platform),
                "inferred": each.inferred,
            }
            for each in line.missing
        ],
        "expected_by": line.comparison.by.value,
        "unexpected": list(line.comparison.unexpected),
        "renamed": [{"from": old, "to": new} for old, new in line.comparison.renamed.items()],
        "complete_at": _moment(line.complete_at),
    }


def _fallback(line: Fallback) -> Record:
    return {
        "ratio": _number(line.share),
        "missing": list(line.missing),
        "failed_publications": [
            {
                "endpoint": each.pair.endpoint,
                "region": each.pair.region,
                "outcome": each.outcome.value,
            }
            for each in line.failed
        ],
    }


def _availability(line: Availability) -> Record:
    return {
        "ratio": _number(line.share),
        "worst_region": line.worst_region,
        "worst_ratio": _number(line.worst_share),
        "attempts": line.attempts,
        "inconclusive": line.inconclusive,
    }


def _propagation(line: Rollout) -> Record:
    return {
        "published_at": line.published_at.isoformat(),
        "start_source": line.start_source.value,
        "seconds": _seconds(line.propagation),
        "fastest": reached_record(line, line.fastest),
        "median": reached_record(line, line.median),
        "slowest": reached_record(line, line.slowest),
        "early": line.early,
        "pending": pair_records(line.pending),
        "excluded": pair_records(line.excluded),
        "found": pair_records(each.pair for each in line.found),
    }


def _failures(line: Reasons) -> Record:
    return {
        "attempts": line.attempts,
        "of_product": line.of_product,
        "reasons": {
            reason: {"count": count, "ratio": count / line.attempts if line.attempts else None}
            for reason, count in line.counts.items()
        },
    }


def _integrity(line: Integrity) -> Record:
    return {
        "unsigned": list(line.unsigned),
        "without_hash": list(line.without_hash),
        "failed": list(line.failed),
        "unchecked": list(line.unchecked),
    }


def _incidents(line: Incidents) -> Record:
    return {
        "count": line.count,
        "open": line.open,
        "impact_minutes": line.minutes,
        "impact_share": line.share,
        "mean_restore_seconds": _seconds(line.mean_restore),
        "longest_restore_seconds": _seconds(line.longest_restore),
        "told_by_users": line.told_by_users,
    }


def _number(value: Value) -> float | None:
    return value.value if isinstance(value, Measured) else None


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


_NAMES = list_of(TEXT)

SCORECARD_SCHEMA: Schema = {
    "$schema": DIALECT,
    "title": "A scorecard of delivery-probe",
    **closed(
        {
            "schema": {"const": "delivery-scorecard/v1"},
            "product": TEXT,
            "channel": TEXT,
            "version": TEXT,
            "since": MOMENT,
            "until": MOMENT,
            "source": SOURCE,
            "completeness": closed(
                {
                    "ruling": RULING,
                    "missing": list_of(
                        closed(
                            {
                                "kind": choice(Lack),
                                "name": TEXT,
                                "platform": maybe(TEXT),
                                "inferred": FLAG,
                            }
                        )
                    ),
                    "expected_by": choice(ExpectedBy),
                    "unexpected": _NAMES,
                    "renamed": list_of(closed({"from": TEXT, "to": TEXT})),
                    "complete_at": maybe(MOMENT),
                }
            ),
            "availability": closed(
                {
                    "ratio": maybe(NUMBER),
                    "worst_region": TEXT,
                    "worst_ratio": maybe(NUMBER),
                    "attempts": maybe(COUNT),
                    "inconclusive": maybe(COUNT),
                }
            ),
            "propagation": maybe(
                closed(
                    {
                        "published_at": MOMENT,
                        "start_source": TEXT,
                        "seconds": maybe(NUMBER),
                        "fastest": maybe(REACHED),
                        "median": maybe(REACHED),
                        "slowest": maybe(REACHED),
                        "early": FLAG,
                        "pending": list_of(PAIR),
                        "excluded": list_of(PAIR),
                        "found": list_of(PAIR),
                    }
                )
            ),
            "failures": closed(
                {
                    "attempts": maybe(COUNT),
                    "of_product": FLAG,
                    "reasons": {
                        "type": "object",
                        "additionalProperties": closed({"count": COUNT, "ratio": maybe(NUMBER)}),
                    },
                }
            ),
            "integrity": maybe(
                closed(
                    {
                        "unsigned": _NAMES,
                        "without_hash": _NAMES,
                        "failed": _NAMES,
                        "unchecked": _NAMES,
                    }
                )
            ),
            "incidents": maybe(
                closed(
                    {
                        "count": COUNT,
                        "open": COUNT,
                        "impact_minutes": NUMBER,
                        "impact_share": maybe(NUMBER),
                        "mean_restore_seconds": maybe(NUMBER),
                        "longest_restore_seconds": maybe(NUMBER),
                        "told_by_users": COUNT,
                    }
                )
            ),
            "fallback": closed(
                {
                    "ratio": maybe(NUMBER),
                    "missing": _NAMES,
                    "failed_publications": list_of(
                        closed({"endpoint": TEXT, "region": TEXT, "outcome": choice(Outcome)})
                    ),
                }
            ),
            "ruling": RULING,
            "objectives": list_of(JUDGED),
        }
    ),
}
