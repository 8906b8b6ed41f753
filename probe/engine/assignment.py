"""What the engine works with, and what it is to work on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from probe.domain.target import Product, Region
from probe.engine.permits import Concurrency
from probe.engine.planning import Shard
from probe.engine.prober import PairKey
from probe.engine.refresh import Feed
from probe.ports import (
    Auth,
    CatalogSink,
    Clock,
    Fetcher,
    Metrics,
    Resolver,
    Sink,
    TargetSink,
    Ticker,
)


@dataclass(frozen=True, slots=True)
class Seams:
    """What stays for the life of the process."""

    fetcher: Fetcher
    resolver: Resolver
    clock: Clock
    metrics: Metrics
    ticker: Ticker
    sinks: Sequence[Sink] = ()
    target_sinks: Sequence[TargetSink] = ()
    catalog_sinks: Sequence[CatalogSink] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    What the configuration asks for; a reload brings another one.

    ``auths`` goes by product, channel and endpoint. ``controls`` are URLs that answer whenever our
    own way out works. ``bytes_per_day`` is for each endpoint; ``None`` is no limit.
    """

    feeds: tuple[Feed, ...]
    regions: tuple[Region, ...]
    auths: Mapping[PairKey, Auth] = field(default_factory=dict)
    controls: tuple[str, ...] = ()
    concurrency: Concurrency = field(default_factory=Concurrency)
    bytes_per_day: int | None = None
    shard: Shard = field(default_factory=Shard)

    @property
    def products(self) -> tuple[Product, ...]:
        """Return the products of the feeds."""
        return tuple(feed.product for feed in self.feeds)
