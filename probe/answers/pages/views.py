"""The pages as the web asks for them: from the ledger, off the loop, and from what is in memory."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from probe.answers.pages import incidents, kpis, overview, release, targets, train
from probe.answers.pages.flights import Told
from probe.answers.pages.rows import current_version, text
from probe.answers.pages.wide import WideAnswers
from probe.answers.product import product_of
from probe.answers.question import Question
from probe.domain.gate_record import Record
from probe.domain.observation import Observation
from probe.domain.target import Probe, Target
from probe.evidence import Reading, open_reading
from probe.ports import Clock
from probe.settings import ConfiguredProduct
from probe.terminal.curl import curl_command

_AT_ONCE = 2
_REMEMBERED_SECONDS = 3.0
_HISTORY = 1_000_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Live:
    """What is known without the ledger: the plan, the last observations, and what is amiss."""

    regions: Callable[[], Sequence[str]]
    ready: Callable[[], bool]
    planned: Callable[[], Sequence[Target]]
    latest: Callable[..., Sequence[Observation]]
    ledger_trouble: Callable[[], str] = field(default=lambda: "")


class PageAnswers:
    """
    Gives each page as a record. What is read of the ledger is read at most every three seconds.

    Methods raise ``NoSuchProduct`` and ``EvidenceUnavailable``; those that may find nothing return
    ``None`` then.
    """

    def __init__(
        self,
        directory: Path,
        products: Callable[[], Sequence[ConfiguredProduct]],
        clock: Clock,
        live: Live,
        wide: WideAnswers,
    ) -> None:
        self._directory = directory
        self._products = products
        self._clock = clock
        self._live = live
        self._wide = wide
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._remembered: dict[tuple[object, ...], tuple[float, Record | None]] = {}

    async def overview(self) -> Record:
        """Return all products, and how the prober itself is."""
        products = tuple(self._products())
        told = await self._wide.fleet()
        found = await self._read(
            ("overview", _moment(told)),
            lambda kept: {
                "products": list(overview.overview(kept, products, self._clock.now(), _found(told)))
            },
        )
        return {**self._head("", told), **(found or {}), "health": self._health()}

    async def train(self, product: str, channel: str) -> Record:
        """Return one product on one channel."""
        one = product_of(self._products(), product, channel)
        current = await self._read(
            ("current", *one.product.key),
            lambda kept: {"version": current_version(kept, one)},
        )
        told = await self._wide.product(one, str((current or {})["version"]))
        found = await self._read(
            ("train", *one.product.key, _moment(told)),
            lambda kept: train.train(kept, one, self._clock.now(), _found(told)),
        )
        return {**self._head("products", told), **(found or {})}

    async def release(
        self, product: str, channel: str, version: str, offset: int = 0
    ) -> Record | None:
        """Return one release; ``None`` if nothing is known of it."""
        one = product_of(self._products(), product, channel)
        known = await self._read(
            ("known", *one.product.key, version),
            lambda kept: {} if kept.release(*one.product.key, version) else None,
        )
        if known is None:
            return None
        told = await self._wide.release(one, version)
        found = await self._read(
            ("release", *one.product.key, version, offset, _moment(told)),
            lambda kept: release.release(
                kept, Question(one, version, self._clock.now()), offset, _found(told)
            ),
        )
        return None if found is None else {**self._head("products", told), **found}

    async def incidents(self, offset: int = 0) -> Record:
        """Return the incidents of all products."""
        products = tuple(self._products())
        found = await self._read(
            ("incidents", offset),
            lambda kept: incidents.incidents(kept, products, self._clock.now(), offset),
        )
        return {**self._head("incidents"), **(found or {})}

    async def incident(self, id: str) -> Record | None:  # noqa: A002 - as the record names it
        """Return one incident; ``None`` if there is none of that id."""
        seen = tuple(self._live.latest(_HISTORY))
        found = await self._read(
            ("incident", id),
            lambda kept: incidents.incident(kept, id, seen, self._clock.now()),
        )
        return None if found is None else {**self._head("incidents"), **found}

    async def targets(self, offset: int = 0) -> Record:
        """Return the plan in parts."""
        last: dict[str, Observation] = {}
        for each in self._live.latest(_HISTORY):
            last.setdefault(each.probe.target.key, each)
        found = targets.targets(self._live.planned(), last.get, offset)
        return {**self._head("targets"), **found}

    async def target(self, key: str) -> Record | None:
        """Return one target; ``None`` if it is not planned."""
        planned = next((each for each in self._live.planned() if each.key == key), None)
        if planned is None:
            return None
        seen = self._live.latest(_HISTORY, lambda each: each.probe.target.key == key)
        found = targets.target(planned, seen, curl_command(Probe(planned)))
        return {**self._head("targets"), **found}

    async def kpis(self, product: str = "", channel: str = "") -> Record:
        """Return every KPI of one product; of the first one if none is named."""
        products = self._products()
        one = product_of(products, product, channel) if product else products[0]
        told = await self._wide.kpis(one)
        found = await self._read(
            ("kpis", *one.product.key, _moment(told)),
            lambda kept: kpis.kpis(kept, one, self._clock.now(), _found(told)),
        )
        trains = [list(each.product.key) for each in products]
        return {**self._head("kpis", told), **(found or {}), "trains": trains}

    async def _read(
        self, key: tuple[object, ...], ask: Callable[[Reading], Record | None]
    ) -> Record | None:
        async with self._turn:
            now = self._clock.monotonic()
            at, found = self._remembered.get(key, (-_REMEMBERED_SECONDS, None))
            if now - at < _REMEMBERED_SECONDS:
                return found
            found = await asyncio.to_thread(self._ask, ask)
            kept = self._remembered.items()
            self._remembered = {
                other: each for other, each in kept if now - each[0] < _REMEMBERED_SECONDS
            }
            self._remembered[key] = (now, found)
            return found

    def _ask(self, ask: Callable[[Reading], _T]) -> _T:
        with open_reading(self._directory) as kept:
            return ask(kept)

    def _head(self, section: str, told: Told[_T] | None = None) -> Record:
        """Return what every page says: of which regions it is, and why not of all of them."""
        everywhere = told is not None and told.found is not None
        return {
            "section": section,
            "at": (told.at if told and everywhere else self._clock.now()).isoformat(
                timespec="seconds"
            ),
            "source": self._everywhere() if everywhere else self._here(),
            "notice": None
            if told is None or everywhere
            else f"The other regions are unknown: {text(told.why)}",
        }

    def _here(self) -> str:
        regions = self._live.regions()
        named = f"{'these regions' if len(regions) > 1 else 'this region'} ({', '.join(regions)})"
        return f"{named} only" if regions else "this process only"

    def _everywhere(self) -> str:
        names = {region for each in self._products() for region in each.regions}
        return f"all regions ({len(names)}) through Prometheus"

    def _health(self) -> Record:
        newest = self._live.latest(1)
        return {
            "ready": self._live.ready(),
            "targets": len(self._live.planned()),
            "regions": list(self._live.regions()),
            "observed_at": newest[0].started_at.isoformat(timespec="milliseconds")
            if newest
            else None,
            "ledger_trouble": self._live.ledger_trouble() or None,
        }


def _moment(told: Told[_T] | None) -> datetime | None:
    return told.at if told is not None and told.found is not None else None


def _found(told: Told[_T] | None) -> _T | None:
    return None if told is None else told.found
