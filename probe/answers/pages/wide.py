"""What pages show of all regions, as the Prometheus that sees them says."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from probe.answers.everywhere import View, central_view, inquire, judged_by
from probe.answers.pages.flights import PATIENCE_SECONDS, Flights, Told
from probe.answers.pages.rows import DAY, days_of
from probe.answers.question import Question, Sources
from probe.answers.together import together
from probe.domain.evidence import LastHeard, Pair, Window
from probe.domain.gate import Gate, Reading
from probe.domain.snapshot import ProductKey
from probe.kpi import KPIS
from probe.kpi.central import (
    Days,
    Fleet,
    central_readings,
    days_asked,
    days_found,
    fleet_asked,
    open_asked,
    open_of,
    reasons_asked,
    reasons_of,
)
from probe.ports import Clock, Prometheus
from probe.settings import ConfiguredProduct
from probe.transport import PrometheusAccess, open_prometheus

_OPEN, _REASONS = "open", "reasons"
_LEAST = timedelta(minutes=1)

T = TypeVar("T")

OpenPrometheus = Callable[[PrometheusAccess], AbstractAsyncContextManager[Prometheus]]


@dataclass(frozen=True, slots=True)
class Wide:
    """
    What all regions say of a product, or of one release of it.

    ``gate`` is of the current release, or of the one that is asked about. ``reasons`` are why
    attempts at a pair failed most often of late. ``own`` are the regions that are probed from here.
    """

    view: View
    gate: Gate | None
    days: Days
    open: Mapping[Pair, int]
    reasons: Mapping[Pair, str]
    own: Collection[str]

    def heard(self, here: Iterable[LastHeard]) -> tuple[LastHeard, ...]:
        """Return when each target was last heard of: from own regions as is known *here*."""
        return (
            *(each for each in here if each.segment.region in self.own),
            *(
                self._elsewhere(each)
                for each in self.view.central.facts.heard
                if each.segment.region not in self.own
            ),
        )

    def _elsewhere(self, heard: LastHeard) -> LastHeard:
        pair = Pair(heard.segment.endpoint, heard.segment.region)
        reason = self.reasons.get(pair, "") if heard.up is False else ""
        # There is no page here of what is probed elsewhere.
        return replace(heard, key="", reason=reason)


@dataclass(frozen=True, slots=True)
class Held:
    """What all regions say of every KPI of a product, by name."""

    readings: Mapping[str, Reading]


class WideAnswers:
    """
    Asks for pages, where there is a Prometheus: each question once in some seconds at most.

    Every method returns ``None`` where there is none. Nobody waits longer than *patience_seconds*.
    """

    def __init__(
        self,
        sources: Callable[[], Sources],
        own: Callable[[], Collection[str]],
        clock: Clock,
        open_it: OpenPrometheus = open_prometheus,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._sources = sources
        self._own = own
        self._clock = clock
        self._open = open_it
        self._fleets: Flights[Fleet] = Flights(clock, patience_seconds)
        self._wides: Flights[Wide] = Flights(clock, patience_seconds)
        self._helds: Flights[Held] = Flights(clock, patience_seconds)

    async def close(self) -> None:
        """Give up what is being asked."""
        for flights in (self._fleets, self._wides, self._helds):
            await flights.close()

    async def fleet(self) -> Told[Fleet] | None:
        """Return what is said of all products."""

        async def ask(prometheus: Prometheus, now: datetime) -> Fleet:
            found = await inquire(prometheus, fleet_asked(), now)
            return Fleet(found, await days_by(prometheus, None, now))

        return await self._told(self._fleets, ("fleet",), ask)

    async def product(self, product: ConfiguredProduct, version: str) -> Told[Wide] | None:
        """Return what is said of *product*; *version* is current, or empty if none is known."""
        key, directory = product.product.key, self._sources().directory

        async def ask(prometheus: Prometheus, now: datetime) -> Wide:
            view = await central_view(directory, prometheus, Question(product, "", now))
            of_version = Question(product, version, now)
            gate = await judged_by(directory, prometheus, of_version) if version else None
            days = await days_by(prometheus, key, now)
            return await self._wide(prometheus, view, gate, days)

        return await self._told(self._wides, ("product", key, version), ask)

    async def release(self, product: ConfiguredProduct, version: str) -> Told[Wide] | None:
        """Return what is said of one release."""
        directory = self._sources().directory

        async def ask(prometheus: Prometheus, now: datetime) -> Wide:
            view = await central_view(directory, prometheus, Question(product, version, now))
            return await self._wide(prometheus, view, view.card.gate, Days())

        return await self._told(self._wides, ("release", product.product.key, version), ask)

    async def kpis(self, product: ConfiguredProduct) -> Told[Held] | None:
        """Return what is said of every KPI of *product*."""
        directory = self._sources().directory

        async def ask(prometheus: Prometheus, now: datetime) -> Held:
            question = Question(product, "", now)
            view = await central_view(directory, prometheus, question, KPIS)
            found = central_readings(view.central, KPIS, product.product, question.asked)
            return Held(found)

        return await self._told(self._helds, ("kpis", product.product.key), ask)

    async def _wide(
        self, prometheus: Prometheus, view: View, gate: Gate | None, days: Days
    ) -> Wide:
        card = view.card.scorecard
        key = (card.product, card.channel)
        asked = {_OPEN: open_asked(key), _REASONS: reasons_asked(key)}
        found = await inquire(prometheus, asked, card.window.until)
        reasons = reasons_of(found[_REASONS])
        return Wide(view, gate, days, open_of(found[_OPEN]), reasons, self._own())

    async def _told(
        self,
        flights: Flights[T],
        key: tuple[object, ...],
        ask: Callable[[Prometheus, datetime], Awaitable[T]],
    ) -> Told[T] | None:
        access = self._sources().prometheus
        if access is None:
            return None

        async def asked() -> T:
            async with self._open(access) as prometheus:
                return await ask(prometheus, self._clock.now())

        return await flights.told((*key, access.url), asked)


async def days_by(prometheus: Prometheus, product: ProductKey | None, now: datetime) -> Days:
    """
    Return what *prometheus* says of each of the last 30 days.

    Raises:
        EvidenceUnavailable: it gives no answer, or a wrong one.
    """
    days = days_of(now)
    whole = Window(days[1], days[-1])
    past = await together(
        {
            name: prometheus.over(query, whole, DAY)
            for name, query in days_asked(product, DAY).items()
        }
    )
    since_midnight = max(now - days[-1], _LEAST)
    today = await inquire(prometheus, days_asked(product, since_midnight), now)
    return await asyncio.to_thread(days_found, past, today, days)
