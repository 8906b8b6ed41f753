"""One product on one channel: its scorecard, where the current release is, and the last 30 days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from probe.answers.pages.overview import day_row, open_rows, uptime_rows
from probe.answers.pages.rows import (
    Daily,
    current_version,
    days_of,
    gate_now,
    incident_row,
    moment,
    month,
    rollout_row,
    standing_of,
    text,
)
from probe.answers.pages.wide import Wide
from probe.domain.bucket import Tally
from probe.domain.evidence import LastHeard, Segment
from probe.domain.failure import DELIVERY_REASONS
from probe.domain.gate_record import Record
from probe.domain.target import Product
from probe.evidence import Reading
from probe.kpi.central import Daily as ByDay
from probe.kpi.central import Days
from probe.kpi.evidence import Released
from probe.kpi.gathering import Gathering
from probe.kpi.lacking import complete_at, complete_in_time
from probe.kpi.scorecard import scorecard
from probe.kpi.scorecard_record import scorecard_record
from probe.settings import ConfiguredProduct
from probe.sketch import quantile

_RELEASES = 30
_INCIDENTS = 20


def train(
    kept: Reading, product: ConfiguredProduct, now: datetime, wide: Wide | None = None
) -> Record:
    """Return what is known of *product*, by *wide* if that is known."""
    key = product.product.key
    gathering = Gathering(kept, product.product, product.weights, product.regions)
    version = current_version(kept, product)
    evidence = gathering.evidence(month(now))
    latency, failures = _last_days(kept, product, now)
    up = kept.uptime(*key, month(now))
    rollouts = [each.rollout for each in evidence.releases if each.rollout is not None]
    record: Record = {
        "product": key[0],
        "channel": key[1],
        "owner": product.product.owner,
        "version": version or None,
        "scorecard": scorecard_record(
            scorecard(evidence), gate_now(kept, product, version, now) if version else None
        ),
        "matrix": matrix(product.product, evidence.heard, product.regions),
        "rollout": rollout_row(rollouts[0], now) if rollouts else None,
        "target_seconds": _target(product, "global_propagation"),
        "regions": [
            {"region": region, "days": day_row(up, region, now)}
            for region in sorted({region for day in up.values() for region in day})
        ],
        "latency": latency,
        "failures": failures,
        "releases": [_release(each, now) for each in evidence.releases[:_RELEASES]],
        "incidents": [
            incident_row(each, now)
            for each in sorted(evidence.incidents, key=lambda each: each.onset_at, reverse=True)
            if not each.joined
        ][:_INCIDENTS],
        "open": None,
    }
    if wide is None:
        return record
    return {**record, **_everywhere(wide, product, wide.heard(evidence.heard), now)}


def _last_days(kept: Reading, product: ConfiguredProduct, now: datetime) -> tuple[Record, Record]:
    """Return how long downloads took and why they failed, by day."""
    heard = dict(kept.daily(*product.product.key, month(now)))
    days = {day: heard.get(day, {}) for day in days_of(now)}
    found = (_latency(days), _failures(days))
    # What is let go of all at once holds up the loop that measures for as long as that takes.
    for day in list(days):
        del days[day]
        heard.pop(day, None)
    return found


def _everywhere(
    wide: Wide, product: ConfiguredProduct, heard: Iterable[LastHeard], now: datetime
) -> Record:
    """Return what is said over all regions, in place of what is known here."""
    evidence = wide.view.central.evidence
    rollouts = [each.rollout for each in evidence.releases if each.rollout is not None]
    return {
        "scorecard": scorecard_record(wide.view.card.scorecard, wide.gate),
        "matrix": matrix(product.product, heard, product.regions),
        "rollout": rollout_row(rollouts[0], now) if rollouts else None,
        "regions": uptime_rows(wide.days, product, now),
        "latency": _latency_everywhere(wide.days, now),
        "failures": _failures_everywhere(wide.days, now),
        "releases": [_release(each, now) for each in evidence.releases[:_RELEASES]],
        "open": open_rows(wide.open),
    }


def _latency_everywhere(found: Days, now: datetime) -> Record:
    days = days_of(now)
    median = found.of(ByDay.MEDIAN)
    return {
        "days": [day.isoformat() for day in days],
        "series": [
            {
                "endpoint": endpoint,
                "size_tier": tier,
                "p50": [median.get((endpoint, tier), {}).get(day) for day in days],
                "p95": [slow.get(day) for day in days],
                "downloads": None,
            }
            for (endpoint, tier), slow in sorted(found.of(ByDay.SLOW).items())
        ],
    }


def _failures_everywhere(found: Days, now: datetime) -> Record:
    by_reason = {
        reason: counts
        for (reason,), counts in sorted(found.of(ByDay.FAILED).items())
        if reason in DELIVERY_REASONS
    }
    return {
        "reasons": list(by_reason),
        "days": [
            {
                "day": day.isoformat(),
                "counts": {
                    reason: round(counts[day])
                    for reason, counts in by_reason.items()
                    if counts.get(day)
                },
            }
            for day in days_of(now)
        ],
    }


def matrix(product: Product, heard: Iterable[LastHeard], regions: Sequence[str]) -> Record:
    """Return how each endpoint stands in each region, by the targets of one release."""
    by_pair: defaultdict[tuple[str, str], list[LastHeard]] = defaultdict(list)
    for each in heard:
        by_pair[each.segment.endpoint, each.segment.region].append(each)
    return {
        "regions": list(regions),
        "rows": [
            {
                "endpoint": endpoint.name,
                "kind": endpoint.kind.value,
                "required": endpoint.required,
                "cells": [
                    _cell(by_pair.get((endpoint.name, region), []))
                    if not endpoint.regions or region in endpoint.regions
                    else None
                    for region in regions
                ],
            }
            for endpoint in product.endpoints
        ],
    }


def _cell(heard: Sequence[LastHeard]) -> Record:
    down = sorted((each for each in heard if each.up is False), key=lambda each: each.artifact)
    return {
        "state": standing_of(heard),
        "files": len(heard),
        "up": sum(each.up is True for each in heard),
        "reason": down[0].reason or None if down else None,
        "target": (down[0].key if down else heard[0].key if heard else "") or None,
        "heard_at": moment(
            max((each.heard_at for each in heard if each.heard_at is not None), default=None)
        ),
        "verified_at": moment(
            max((each.verified_at for each in heard if each.verified_at is not None), default=None)
        ),
    }


def _target(product: ConfiguredProduct, kpi: str) -> float | None:
    return next((each.target for each in product.objectives if each.kpi == kpi), None)


def _latency(days: Daily) -> Record:
    series: defaultdict[tuple[str, str], dict[str, Tally]] = defaultdict(dict)
    for day, segments in days.items():
        for segment, tally in segments.items():
            place = (segment.endpoint, segment.size_tier.value)
            series[place].setdefault(day.isoformat(), Tally()).add(tally)
    return {
        "days": [day.isoformat() for day in days],
        "series": [
            {
                "endpoint": endpoint,
                "size_tier": tier,
                "p50": [_quantile(by_day.get(day.isoformat()), 0.5) for day in days],
                "p95": [_quantile(by_day.get(day.isoformat()), 0.95) for day in days],
                "downloads": sum(sum(each.durations.values()) for each in by_day.values()),
            }
            for (endpoint, tier), by_day in sorted(series.items())
            if any(each.durations for each in by_day.values())
        ],
    }


def _quantile(tally: Tally | None, fraction: float) -> float | None:
    return quantile(tally.durations, fraction) if tally is not None else None


def _failures(days: Daily) -> Record:
    columns = [_by_reason(segments.items()) for segments in days.values()]
    names = sorted({name for column in columns for name in column})
    return {
        "reasons": names,
        "days": [
            {"day": day.isoformat(), "counts": column}
            for day, column in zip(days, columns, strict=True)
        ],
    }


def _by_reason(segments: Iterable[tuple[Segment, Tally]]) -> dict[str, int]:
    counts: defaultdict[str, int] = defaultdict(int)
    for _, tally in segments:
        for (reason, _), count in tally.faults.items():
            if reason in DELIVERY_REASONS:
                counts[reason.value] += count
    return dict(counts)


def _release(release: Released, now: datetime) -> Record:
    in_time = complete_in_time(release, now)
    whole = complete_at(release)
    return {
        "version": release.version,
        "published_at": moment(release.published_at),
        "complete": "unknown" if in_time is None else "pass" if in_time else "fail",
        "complete_at": moment(whole),
        "files": len(release.assets),
        "rollback": _rollback(release),
        "propagation": None if release.rollout is None else rollout_row(release.rollout, now),
        "absent_platforms": [text(str(each)) for each in release.absent_platforms],
    }


def _rollback(release: Released) -> str:
    ready = release.rollback.ready if release.rollback is not None else None
    return "unknown" if ready is None else "pass" if ready else "fail"
