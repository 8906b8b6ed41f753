"""What the register holds of the last 90 days, as gauges: post-mortems correct them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import product as combinations

from probe import series
from probe.domain.evidence import DetectedBy, IncidentRecord
from probe.domain.outage import RECURRENCE, repeats
from probe.domain.snapshot import ProductKey
from probe.domain.whole import Aspect, Whole, wholes
from probe.sinks.board import Shown

RECURRENCES = ("true", "false")

Sums = defaultdict[tuple[series.Metric, tuple[str, ...]], float]


def recent_gauges(
    incidents: Iterable[IncidentRecord], products: Iterable[ProductKey], now: datetime
) -> Shown:
    """Return the gauges of *products*, at zero where there is nothing to tell."""
    incidents = tuple(incidents)
    again = repeats(incidents)
    shown = dict.fromkeys(_labelled(products), 0.0)
    sums: Sums = defaultdict(float)
    for each in wholes(incidents):
        if now - RECURRENCE <= each.head.onset_at:
            _add(sums, each, "true" if each.head.id in again else "false")
    return shown | {place: sums[place] for place in shown.keys() & sums.keys()}


def _labelled(
    products: Iterable[ProductKey],
) -> Iterable[tuple[series.Metric, tuple[str, ...]]]:
    for key in products:
        yield series.INCIDENTS_RECENT_DETECTION, key
        for recurrence, by in combinations(RECURRENCES, DetectedBy):
            yield series.INCIDENTS_RECENT, (*key, recurrence, by.value)
        for aspect in Aspect:
            yield series.INCIDENTS_RECENT_OVER, (*key, aspect.value)
            yield series.INCIDENTS_RECENT_DURATION, (*key, aspect.value)


def _add(sums: Sums, whole: Whole, recurrence: str) -> None:
    head = whole.head
    key = (head.product, head.channel)
    sums[series.INCIDENTS_RECENT, (*key, recurrence, head.detected_by.value)] += 1
    sums[series.INCIDENTS_RECENT_DETECTION, key] += _seconds(whole.onset_at, head.detected_at)
    for aspect in Aspect:
        end = whole.end(aspect)
        if end is not None:
            sums[series.INCIDENTS_RECENT_OVER, (*key, aspect.value)] += 1
            seconds = _seconds(whole.onset_at, end)
            sums[series.INCIDENTS_RECENT_DURATION, (*key, aspect.value)] += seconds


def _seconds(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds())
