"""Answers for programs that ask over HTTP."""

import asyncio
from collections.abc import Callable, Sequence

from probe.answers.asking import card_of, gate_of
from probe.answers.lists import incident_with_parts, incidents_found, rollouts_found
from probe.answers.product import product_of
from probe.answers.question import Question, Sources
from probe.answers.reviews import findings_of
from probe.domain.gate_record import Record, gate_record
from probe.domain.incident_record import IncidentSearch
from probe.domain.part import Part
from probe.kpi.review_record import review_record
from probe.kpi.scorecard_record import scorecard_record
from probe.ports import Clock
from probe.settings import ConfiguredProduct

# Each reads the ledger in a thread of its own, beside what measures.
_AT_ONCE = 2


class ReleaseAnswers:
    """Answers from the sources and by the targets that are in force when they are given."""

    def __init__(
        self,
        sources: Callable[[], Sources],
        products: Callable[[], Sequence[ConfiguredProduct]],
        clock: Clock,
    ) -> None:
        self._sources = sources
        self._products = products
        self._clock = clock
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def scorecard(self, product: str, channel: str, version: str) -> Record:
        """Return the scorecard of a release, or without *version* of the last 30 days."""
        found = product_of(self._products(), product, channel)
        async with self._turn:
            card = await card_of(self._sources(), Question(found, version, self._clock.now()))
        return scorecard_record(card.scorecard, card.gate)

    async def gate(self, product: str, channel: str, version: str, regions: int) -> Record:
        """Return what is held of a release."""
        found = product_of(self._products(), product, channel)
        async with self._turn:
            question = Question(found, version, self._clock.now(), regions)
            gate = await gate_of(self._sources(), question)
        return gate_record(gate, *found.product.key, version)

    async def review(self, product: str, channel: str) -> Record:
        """Return what a review of the KPIs of a product has to look at."""
        found = product_of(self._products(), product, channel)
        async with self._turn:
            findings = await findings_of(self._sources(), found, self._clock.now())
        return review_record(findings, found.product.key)

    async def incidents(self, search: IncidentSearch) -> Record:
        """Return the incidents of the register here that *search* wants."""
        async with self._turn:
            return await asyncio.to_thread(incidents_found, self._sources().directory, search)

    async def incident(self, id: str) -> Record | None:  # noqa: A002 - as the record names it
        """Return an incident with what is part of it; ``None`` if there is none of that id."""
        async with self._turn:
            return await asyncio.to_thread(incident_with_parts, self._sources().directory, id)

    async def rollouts(self, product: str, channel: str, version: str, part: Part) -> Record:
        """Return where the releases of a product have come, or one of them."""
        found = product_of(self._products(), product, channel)
        async with self._turn:
            question = Question(found, version, self._clock.now())
            return await rollouts_found(self._sources(), question, part)
