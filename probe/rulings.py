"""What is held of every current release, worked out each minute beside the loop, as series."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import structlog

from probe import series
from probe.answers import Current, Standing, standing_of
from probe.domain.block import block_events
from probe.domain.evidence import Event
from probe.domain.gate import Objective, Ruling
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
    Holds what is asked against the ledger in *directory*, by the targets that are in force.

    What stops a release is kept, once for each gate; *keep* comes back when it is on the disk.
    """

    def __init__(
        self,
        directory: Path,
        products: Callable[[], Sequence[ConfiguredProduct]],
        clock: Clock,
        metrics: Metrics,
        keep: Callable[[Event], Awaitable[bool]],
    ) -> None:
        self._directory = directory
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
        for key, product in asked.items():
            now = self._clock.now()
            try:
                standing = await asyncio.to_thread(standing_of, self._directory, product, now)
            except EvidenceUnavailable as fault:
                _log.warning("nothing is known of what is asked", product=key, fault=str(fault))
                self._board.show(key, {})
                continue
            self._board.show(key, gauges_of(key, product.objectives, standing, now))
            await self._note_blocks(key, standing.current)

    async def _note_blocks(self, key: ProductKey, current: Current | None) -> None:
        if current is None:
            return
        version, published_at = current.version, current.published_at
        for event in block_events(current.gate, *key, version, published_at):
            if event.id not in self._kept and await self._keep(event):
                self._kept.add(event.id)


def gauges_of(
    key: ProductKey, objectives: Iterable[Objective], standing: Standing, now: datetime
) -> Gauges:
    """Return the gauges of a product; of what is unknown there is none."""
    gauges: Gauges = {}
    if standing.current is not None:
        version = (*key, standing.current.version)
        for each in standing.current.gate.judged:
            if each.ruling in _VALUES:
                labels = (*version, each.objective.kpi, each.objective.mode.value)
                gauges[series.GATE_RESULT, labels] = _VALUES[each.ruling]
    for (overridden, kpi), until in standing.overridden.items():
        gauges[series.GATE_OVERRIDE_UNTIL, (*key, overridden, kpi)] = until.timestamp()
    for kpi, at in standing.reviewed.items():
        gauges[series.KPI_LAST_REVIEW, (*key, kpi)] = at.timestamp()
    gauges[series.KPI_OWNERSHIP_COVERAGE, key] = _coverage(objectives, standing.reviewed, now)
    return gauges


def _coverage(
    objectives: Iterable[Objective], reviewed: Mapping[str, datetime], now: datetime
) -> float:
    looked_at = [
        bool(each.owner) and each.kpi in reviewed and now - reviewed[each.kpi] <= each.cadence
        for each in objectives
    ]
    return sum(looked_at) / len(looked_at)
