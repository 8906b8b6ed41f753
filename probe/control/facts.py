"""Each minute: what is known of the releases of each product, as series."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from probe.control.papers import Keep, Papers
from probe.domain.artifact import Release
from probe.domain.snapshot import ProductKey
from probe.domain.target import Product
from probe.kpi.evidence import Evidence
from probe.kpi.verdicts import verdict_on
from probe.ports import Clock, EvidenceUnavailable, Ticker
from probe.settings import ConfiguredProduct
from probe.sinks import FactSeries

EVERY_SECONDS = 60.0

# What a catalog has just told is in the ledger by then.
_SOON_SECONDS = 2.0

_log = structlog.get_logger(__name__)


Known = Callable[[ConfiguredProduct, datetime], Awaitable[Evidence]]
"""Returns what is known of the releases of a product; may raise ``EvidenceUnavailable``."""


@dataclass(frozen=True, slots=True)
class Means:
    """What facts are worked out with; ``keep`` has what is settled written down."""

    keep: Keep
    papers: Papers
    series: FactSeries


class CatalogFacts:
    """Shows what is *known* of releases, a product at a time, and settles what was so in time."""

    def __init__(self, means: Means, clock: Clock, ticker: Ticker, known: Known) -> None:
        self._means = means
        self._known = known
        self._clock = clock
        self._ticker = ticker
        self._products: dict[ProductKey, ConfiguredProduct] = {}
        self._listed: dict[ProductKey, Sequence[Release]] = {}
        self._soon: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    def reassign(self, products: Sequence[ConfiguredProduct], known: Known) -> None:
        """Take the products there are; of those that are gone nothing is shown any more."""
        self._known = known
        before, self._products = self._products, {each.product.key: each for each in products}
        for key in before.keys() - self._products.keys():
            self._listed.pop(key, None)
            self._means.series.forget(*key)
            self._means.papers.forget(key)
            for name in (_facts(key), _papers(key)):
                self._ticker.forget(name)
        for key in self._products:
            self._ticker.every(_facts(key), EVERY_SECONDS, partial(self.look, key))
            self._ticker.every(_papers(key), EVERY_SECONDS, partial(self._means.papers.read, key))

    def listed(
        self, product: Product, kept: Sequence[Release], remembered: Sequence[Release]
    ) -> None:
        """Look soon where a catalog says something else than it did."""
        if kept and self._listed.get(product.key) != remembered:
            self._listed[product.key] = remembered
            soon = asyncio.get_running_loop().create_task(self._look_soon(product.key))
            self._soon.add(soon)
            soon.add_done_callback(self._soon.discard)

    async def look(self, key: ProductKey) -> None:
        """Find out what is known of a product, and show it."""
        # One after the other: together they would take the measuring loop's time.
        async with self._turn:
            product = self._products.get(key)
            if product is None:
                return
            now = self._clock.now()
            try:
                evidence = await self._known(product, now)
            except EvidenceUnavailable as fault:
                _log.warning("releases not looked at", product=key[0], fault=str(fault))
                self._means.series.forget(*key)
                return
        if key in self._products:
            self._means.series.show(evidence)
            self._means.papers.want(key, (each for it in evidence.releases for each in it.papers))
        for release in evidence.releases:
            if (verdict := verdict_on(key, release, now)) is not None:
                await self._means.keep(verdict)

    async def close(self) -> None:
        """Look no more."""
        for each in self._soon:
            each.cancel()
        await asyncio.gather(*self._soon, return_exceptions=True)

    async def _look_soon(self, key: ProductKey) -> None:
        await self._clock.sleep(_SOON_SECONDS)
        await self.look(key)


def _facts(key: ProductKey) -> str:
    product, channel = key
    return f"facts {product}/{channel}"


def _papers(key: ProductKey) -> str:
    product, channel = key
    return f"papers {product}/{channel}"
