"""The catalog, kept fresh: each source is asked at intervals, and what it says is merged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from probe.domain.artifact import Release
from probe.domain.snapshot import ProductKey, Snapshot, merge, only
from probe.domain.target import Product
from probe.domain.text import clean
from probe.engine.releases import ReleaseSeries
from probe.ports import CatalogError, CatalogSource, Clock, Metrics
from probe.series import (
    CATALOG_ERRORS,
    CATALOG_LAST_SUCCESS,
    GITHUB_RATELIMIT_REMAINING,
    GITHUB_RATELIMIT_RESET,
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Feed:
    """A product with the source of its releases; *kind* names the source in the metrics."""

    product: Product
    source: CatalogSource
    kind: str
    refresh_seconds: float = 300.0

    @property
    def labels(self) -> tuple[str, str, str]:
        """Return the label values of this feed's series."""
        return (*self.product.key, self.kind)


class Catalog:
    """
    Holds the snapshot, which is replaced whole and never changed.

    A source that fails, or lists nothing where there was something, leaves it as it is.
    """

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self.snapshot = Snapshot()
        self._clock = clock
        self._metrics = metrics
        self._series = ReleaseSeries(metrics)
        self._feeds: dict[ProductKey, Feed] = {}
        self._asking: dict[ProductKey, Feed] = {}

    @property
    def ready(self) -> bool:
        """Tell whether a source has answered, so that there is something to probe."""
        return bool(self.snapshot.kept) or not self._feeds

    def remember(self, releases: Mapping[ProductKey, tuple[Release, ...]]) -> None:
        """Take in releases that were listed once; they are in no plan."""
        self.snapshot = Snapshot(self.snapshot.kept, {**self.snapshot.history, **releases})

    def reassign(self, feeds: Iterable[Feed]) -> None:
        """Take the feeds there are; what is known of products that stay is kept."""
        before = self._feeds
        self._feeds = {feed.product.key: feed for feed in feeds}
        for key, feed in before.items():
            if key not in self._feeds or self._feeds[key].labels != feed.labels:
                self._metrics.remove(CATALOG_ERRORS, feed.labels)
                self._metrics.remove(CATALOG_LAST_SUCCESS, feed.labels)
                self._metrics.remove(GITHUB_RATELIMIT_REMAINING, key)
                self._metrics.remove(GITHUB_RATELIMIT_RESET, key)
        for feed in self._feeds.values():
            self._metrics.inc(CATALOG_ERRORS, feed.labels, 0)
        self._swap(only(self.snapshot, (feed.product for feed in self._feeds.values())))

    async def refresh(self, key: ProductKey) -> None:
        """Ask the source of one product and take in what it says."""
        feed = self._feeds.get(key)
        if feed is None or self._asking.get(key) is feed:
            return
        self._asking[key] = feed
        try:
            listed = await self._listed(feed)
        finally:
            if self._asking.get(key) is feed:
                del self._asking[key]
        if listed is None or self._feeds.get(key) is not feed:
            return
        self._metrics.set(CATALOG_LAST_SUCCESS, feed.labels, self._clock.now().timestamp())
        self._swap(merge(self.snapshot, feed.product, listed))

    async def _listed(self, feed: Feed) -> Sequence[Release] | None:
        try:
            listed = await feed.source.releases()
        except CatalogError as fault:
            self._refuse(feed, clean(str(fault), 300))
            return None
        except Exception as bug:  # noqa: BLE001 - a source's boundary: the last good catalog stays
            _log.exception("catalog source failed by a bug", product=feed.product.name)
            self._refuse(feed, type(bug).__name__)
            return None
        if self.snapshot.kept.get(feed.product.key) and not _any_of(feed.product, listed):
            self._refuse(feed, f"lists no release of channel {feed.product.channel}")
            return None
        return listed

    def _refuse(self, feed: Feed, fault: str) -> None:
        self._metrics.inc(CATALOG_ERRORS, feed.labels)
        product, channel, source = feed.labels
        _log.warning(
            "catalog not refreshed", product=product, channel=channel, source=source, fault=fault
        )

    def _swap(self, snapshot: Snapshot) -> None:
        self._series.show(self.snapshot, snapshot)
        self.snapshot = snapshot


def _any_of(product: Product, listed: Iterable[Release]) -> bool:
    return any(release.channel == product.channel for release in listed)
