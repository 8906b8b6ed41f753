"""Answers about releases: what the ledger of this region says, held against what is asked."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from probe.domain.evidence import Window
from probe.domain.gate import Gate, Judged, Reading, Ruling, Terms, evaluate
from probe.domain.gate_record import Record, gate_record
from probe.domain.text import clean
from probe.evidence import open_reading
from probe.kpi.gathering import Gathering
from probe.kpi.model import MONTH
from probe.kpi.readings import Asked, readings
from probe.kpi.scorecard import Scorecard, scorecard
from probe.kpi.scorecard_record import scorecard_record
from probe.ports import Clock, EvidenceUnavailable, NoSuchProduct
from probe.settings import ConfiguredProduct

# Between two looks at a ledger whose answer is not yes.
POLL_SECONDS = 5.0

# Each reads the ledger in a thread of its own, beside what measures.
_AT_ONCE = 2

_NAMES = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard, and what is held of the objectives of its product."""

    scorecard: Scorecard
    gate: Gate


def product_of(
    products: Sequence[ConfiguredProduct], name: str, channel: str = ""
) -> ConfiguredProduct:
    """
    Return the product of that name, and of that channel if it has several.

    Raises:
        NoSuchProduct: none is meant, or more than one.
    """
    named = [each for each in products if each.product.name == name]
    found = [each for each in named if channel in ("", each.product.channel)]
    if len(found) == 1:
        return found[0]
    if named:
        channels = ", ".join(each.product.channel for each in named[:_NAMES])
        raise NoSuchProduct(f"{name} has the channels {channels}; say which, with channel")
    known = list(dict.fromkeys(each.product.name for each in products))
    near = get_close_matches(name, known, n=1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known[:_NAMES])}"
    raise NoSuchProduct(f"no product is named {clean(name, 60)}; {meant}")


def card_of(directory: Path, product: ConfiguredProduct, version: str, now: datetime) -> Card:
    """
    Draw up the scorecard of a release, or without *version* of the last 30 days. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    terms = Terms()
    asked = Asked(now, terms.oldest, version, product.regions)
    with open_reading(directory) as kept:
        gathering = Gathering(kept, product.product, {})
        evidence = gathering.evidence(Window(now - MONTH, now), version)
        found = readings(gathering, product.objectives, asked)
    return Card(scorecard(evidence), evaluate(product.objectives, found, now, terms))


def gate_of(
    directory: Path, product: ConfiguredProduct, version: str, now: datetime, regions: int = 1
) -> Gate:
    """
    Judge a release, of which evidence is to come from so many *regions*. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    terms = Terms(regions=regions)
    asked = Asked(now, terms.oldest, version, product.regions)
    with open_reading(directory) as kept:
        gathering = Gathering(kept, product.product, {})
        found = readings(gathering, product.objectives, asked)
    return evaluate(product.objectives, found, now, terms)


def gate_in_any_case(
    directory: Path, product: ConfiguredProduct, version: str, now: datetime, regions: int = 1
) -> Gate:
    """Judge a release; where there is no evidence to be read, everything is unknown. Blocks."""
    try:
        return gate_of(directory, product, version, now, regions)
    except EvidenceUnavailable as fault:
        nothing = Reading(None, now, why=str(fault))
        judged = (Judged(each, nothing, Ruling.UNKNOWN, str(fault)) for each in product.objectives)
        return Gate(now, tuple(judged))


async def await_pass(
    judge: Callable[[], Gate],
    clock: Clock,
    patience: timedelta,
    tell: Callable[[Gate, timedelta], None],
) -> Gate:
    """
    Judge until it passes, or *patience* is at an end; return the last answer.

    *tell* hears of each answer that is not yes, and of the time that is left.
    """
    end = clock.monotonic() + patience.total_seconds()
    while True:
        gate = await asyncio.to_thread(judge)
        left = end - clock.monotonic()
        if gate.ruling is Ruling.PASS or left <= 0:
            return gate
        tell(gate, timedelta(seconds=left))
        await clock.sleep(min(POLL_SECONDS, left))


class LedgerAnswers:
    """Answers for programs, from the ledger in *directory* and by the targets that are in force."""

    def __init__(
        self, directory: Path, products: Callable[[], Sequence[ConfiguredProduct]], clock: Clock
    ) -> None:
        self._directory = directory
        self._products = products
        self._clock = clock
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def scorecard(self, product: str, channel: str, version: str) -> Record:
        """Return the scorecard of a release, or without *version* of the last 30 days."""
        found = product_of(self._products(), product, channel)
        async with self._turn:
            card = await asyncio.to_thread(
                card_of, self._directory, found, version, self._clock.now()
            )
        return scorecard_record(card.scorecard, card.gate)

    async def gate(self, product: str, channel: str, version: str, regions: int) -> Record:
        """Return what is held of a release."""
        found = product_of(self._products(), product, channel)
        async with self._turn:
            gate = await asyncio.to_thread(
                gate_of, self._directory, found, version, self._clock.now(), regions
            )
        return gate_record(gate, *found.product.key, version)
