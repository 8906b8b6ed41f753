"""What is held of every current release, worked out each minute beside the loop, as series."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import structlog

from probe import series
from probe.answers import Question, Sources, Standing, gate_in_any_case, standing_of
from probe.domain.block import block_events
from probe.domain.evidence import Event
from probe.domain.gate import Gate, Objective, Ruling
from probe.domain.promise import mark_event
from probe.domain.snapshot import ProductKey
from probe.ports import Clock, EvidenceUnavailable, Metrics
from probe.series import Metric
from probe.settings import ConfiguredProduct
from probe.sinks import Board

EVERY_SECONDS = 60.0

Gauges = dict[tuple[Metric, tuple[str, ...]], float]

_VALUES: Mapping[Ruling, float] = {Ruling.PASS: 1.0, Ruling.FAIL: 0.0}

_log = structlog.get_logger(__name__)


class Rulings:
    """
    Holds what is asked against what is known by *sources*, by the targets that are in force.

    What is asked is kept, once a week, and what stops a release, once for each gate; *keep* comes
    back when it is on the disk.
    """

    def __init__(
        self,
        sources: Callable[[], Sources],
        products: Callable[[], Sequence[ConfiguredProduct]],
        clock: Clock,
        metrics: Metrics,
        keep: Callable[[Event], Awaitable[bool]],
    ) -> None:
        self._sources = sources
        self._products = products
        self._clock = clock
        self._board = Board(metrics)
        self._keep = keep
        self._shown: set[ProductKey] = set()
        self._kept: set[str] = set()

    async def tick(self) -> None:
        """Work out how every product stands; to be called once a minute."""
        asked = {each.product.key: each for each in self._products() if each.objectives}
        for gone in self._shown - asked.keys():
            self._board.show(gone, {})
        self._shown = set(asked)
        # One after the other: together they would take the measuring loop's time.
        for product in asked.values():
            await self._hold(product)

    async def _hold(self, product: ConfiguredProduct) -> None:
        key, now, sources = product.product.key, self._clock.now(), self._sources()
        try:
            standing = await asyncio.to_thread(standing_of, sources.directory, product, now)
        except EvidenceUnavailable as fault:
            _log.warning("nothing is known of what is asked", product=key, fault=str(fault))
            self._board.show(key, {})
            return
        gate = Gate(now, ())
        if standing.current is not None:
            gate = await gate_in_any_case(sources, Question(product, standing.current.version, now))
        self._board.show(key, gauges_of(product, standing, gate))
        await self._note(_events(product, standing, gate))

    async def _note(self, events: Iterable[Event]) -> None:
        for event in events:
            if event.id not in self._kept and await self._keep(event):
                self._kept.add(event.id)


def _events(product: ConfiguredProduct, standing: Standing, gate: Gate) -> Iterator[Event]:
    """Yield what is kept, each once: what was asked this week, and what stopped the release."""
    key, current = product.product.key, standing.current
    for each in product.objectives:
        yield mark_event(*key, each.kpi, gate.at)
    if current is not None:
        yield from block_events(gate, *key, current.version, current.published_at)


def gauges_of(product: ConfiguredProduct, standing: Standing, gate: Gate) -> Gauges:
    """Return the gauges of a product; of what is unknown there is none."""
    gauges: Gauges = {}
    key, version = product.product.key, standing.current.version if standing.current else ""
    for each in gate.judged:
        if each.ruling in _VALUES:
            labels = (*key, version, each.objective.kpi, each.objective.mode.value)
            gauges[series.GATE_RESULT, labels] = _VALUES[each.ruling]
    for (overridden, kpi), until in standing.overridden.items():
        gauges[series.GATE_OVERRIDE_UNTIL, (*key, overridden, kpi)] = until.timestamp()
    for kpi, at in standing.reviewed.items():
        gauges[series.KPI_LAST_REVIEW, (*key, kpi)] = at.timestamp()
    coverage = _coverage(product.objectives, standing.reviewed, gate.at)
    gauges[series.KPI_OWNERSHIP_COVERAGE, key] = coverage
    return gauges


def _coverage(
    objectives: Iterable[Objective], reviewed: Mapping[str, datetime], now: datetime
) -> float:
    looked_at = [
        bool(each.owner) and each.kpi in reviewed and now - reviewed[each.kpi] <= each.cadence
        for each in objectives
    ]
    return sum(looked_at) / len(looked_at)
