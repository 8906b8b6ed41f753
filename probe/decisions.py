"""What people decide about releases: who decided what, and until when, kept in the ledger."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from probe.answers import Sources, findings_of, product_of
from probe.domain.basis import basis_text
from probe.domain.evidence import Event, Review
from probe.domain.gate_record import Record
from probe.domain.override import OVERRIDE, Word, override_event, words_window
from probe.domain.told import Told
from probe.evidence import open_reading
from probe.kpi.review_record import review_record
from probe.ports import Clock
from probe.settings import ConfiguredProduct

_log = structlog.get_logger(__name__)


def override_of(directory: Path, product: ConfiguredProduct, word: Word) -> Event | None:
    """
    Return what is to be kept of *word*; ``None`` where it is known already. Blocks.

    Raises:
        Unfit: it is about no gate of the product, or holds for too long.
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    with open_reading(directory) as kept:
        events = kept.events(*product.product.key, words_window(word.at), OVERRIDE)
    return override_event(word, product.objectives, events)


class Decisions:
    """
    Takes decisions in, by the targets that are in force.

    *keep* comes back when its entry is on the disk of the ledger that is one of the *sources*.
    """

    def __init__(
        self,
        sources: Callable[[], Sources],
        products: Callable[[], Sequence[ConfiguredProduct]],
        clock: Clock,
        keep: Callable[[Event | Review], Awaitable[bool]],
    ) -> None:
        self._sources = sources
        self._products = products
        self._clock = clock
        self._keep = keep
        # One after the other: whether a word is the last one is known when it is kept.
        self._turn = asyncio.Lock()

    async def override(self, word: Word) -> Record:
        """
        Take the word of somebody about a gate; its channel may be empty if the product has one.

        Raises:
            NoSuchProduct: no product is meant, or several could be.
            Unfit: it is about no gate of the product, or holds for too long.
            EvidenceUnavailable: there is no ledger, or it cannot be read.
        """
        product = product_of(self._products(), word.product, word.channel)
        word = replace(word, channel=product.product.channel)
        async with self._turn:
            directory = self._sources().directory
            event = await asyncio.to_thread(override_of, directory, product, word)
            if event is not None:
                await self._keep(event)
        outcome = _outcome(word, event)
        said = {"product": word.product, "channel": word.channel, "version": word.version}
        said |= {"kpi": word.kpi, "who": word.who, "why": word.why}
        until = word.until.isoformat() if word.until else None
        _log.warning("gate overridden", **said, until=until, outcome=outcome)
        return {"outcome": outcome.value, **said, "until": until}

    async def review(self, product: str, channel: str, who: str, note: str) -> Record:
        """
        Take the word of *who* that the KPIs of a product were reviewed; return what there was.

        Raises:
            NoSuchProduct: no product is meant, or several could be.
            EvidenceUnavailable: there is no evidence, or it cannot be read.
        """
        found = product_of(self._products(), product, channel)
        key, now = found.product.key, self._clock.now()
        findings = await findings_of(self._sources(), found, now)
        await self._keep(Review(*key, now, who, basis_text(findings.basis), note))
        _log.info("review accepted", product=key, who=who)
        return review_record(findings, key)


def _outcome(word: Word, event: Event | None) -> Told:
    if event is None:
        return Told.KNOWN
    return Told.RESOLVED if word.until is None else Told.OPENED
