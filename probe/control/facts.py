"""Each minute: what is known of the releases of each product, from the ledger into series."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from probe.domain.artifact import Release
from probe.domain.evidence import Entry, Window
from probe.domain.snapshot import ProductKey
from probe.domain.target import Product
from probe.evidence import open_reading
from probe.kpi.evidence import Evidence
from probe.kpi.gathering import Gathering
from probe.kpi.model import MONTH
from probe.kpi.verdicts import verdict_on
from probe.ports import Clock, EvidenceUnavailable, Ticker
from probe.settings import ConfiguredProduct
from probe.sinks import FactSeries

FACTS_SECONDS = 60.0
# Series by version are of so many releases; the ledger and what is asked of it know them all.
VERSIONS = 10

# What a catalog has just told is in the ledger by then.
_SOON_SECONDS = 2.0

_log = structlog.get_logger(__name__)

Keep = Callable[[Entry], Awaitable[bool]]


class CatalogFacts:
    """
    Shows what the ledger in *directory* says of releases, read in a thread, a product at a time.

    What is found of a release at its deadline is settled: *keep* has it written down.
    """

    def __init__(
        self, directory: Path, clock: Clock, series: FactSeries, ticker: Ticker, keep: Keep
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._series = series
        self._ticker = ticker
        self._keep = keep
        self._products: dict[ProductKey, ConfiguredProduct] = {}
        self._listed: dict[ProductKey, Sequence[Release]] = {}
        self._soon: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    def reassign(self, products: Sequence[ConfiguredProduct]) -> None:
        """Take the products there are; of those that are gone nothing is shown any more."""
        before, self._products = self._products, {each.product.key: each for each in products}
        for key in before.keys() - self._products.keys():
            self._ticker.forget(_name(key))
            self._listed.pop(key, None)
            self._series.forget(*key)
        for key in self._products:
            self._ticker.every(_name(key), FACTS_SECONDS, partial(self.look, key))

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
        """Read what the ledger says of a product, and show it."""
        async with self._turn:
            product = self._products.get(key)
            if product is None:
                return
            now = self._clock.now()
            try:
                evidence = await asyncio.to_thread(evidence_of, self._directory, product, now)
            except EvidenceUnavailable as fault:
                _log.warning("releases not looked at", product=key[0], fault=str(fault))
                self._series.forget(*key)
                return
        if key in self._products:
            self._series.show(evidence)
        for release in evidence.releases:
            if (verdict := verdict_on(key, release, now)) is not None:
                await self._keep(verdict)

    async def close(self) -> None:
        """Look no more."""
        for each in self._soon:
            each.cancel()
        await asyncio.gather(*self._soon, return_exceptions=True)

    async def _look_soon(self, key: ProductKey) -> None:
        await self._clock.sleep(_SOON_SECONDS)
        await self.look(key)


def evidence_of(directory: Path, product: ConfiguredProduct, now: datetime) -> Evidence:
    """
    Return what the ledger in *directory* says of the releases of the last 30 days. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger, or it cannot be read.
    """
    with open_reading(directory) as kept:
        gathering = Gathering(kept, product.product, product.weights, product.regions)
        return gathering.catalog(Window(now - MONTH, now), most=VERSIONS)


def _name(key: ProductKey) -> str:
    product, channel = key
    return f"facts {product}/{channel}"
