"""Markers of mirrors, read at intervals from every region."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

import structlog

from probe.domain.artifact import DigestAlgorithm
from probe.domain.marker import MAX_MARKER_BYTES, Marker, MarkerReading, Sign, sign_of
from probe.domain.observation import Download
from probe.domain.request import Request
from probe.domain.target import Endpoint, Product, Region
from probe.domain.text import clean
from probe.engine.conversation import Conversation
from probe.ports import Auth, Clock, Fetcher, SecretUnavailable, Ticker

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """One marker to be read: of an endpoint of a product, from a region."""

    product: str
    channel: str
    endpoint: Endpoint
    marker: Marker
    region: Region
    auth: Auth | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """Return what names it among all."""
        place = f"{self.product}/{self.channel}/{self.endpoint.name}/{self.region.name}"
        return f"marker {place}"


def posts_of(
    products: Iterable[Product],
    regions: Iterable[Region],
    auths: Mapping[tuple[str, str, str], Auth],
) -> tuple[Post, ...]:
    """Return what there is to be read."""
    regions = tuple(regions)
    return tuple(
        Post(*product.key, endpoint, endpoint.marker, region, auth)
        for product in products
        for endpoint in product.endpoints
        if endpoint.marker is not None
        for auth in [auths.get((*product.key, endpoint.name))]
        for region in regions
        if not endpoint.regions or region.name in endpoint.regions
    )


class MarkerWatch:
    """
    Reads each marker when it is due; *take* is told what it says.

    A marker that cannot be read says nothing: that the endpoint is down is the probes' to find.
    """

    def __init__(
        self, fetcher: Fetcher, clock: Clock, ticker: Ticker, take: Callable[[MarkerReading], None]
    ) -> None:
        self._conversation = Conversation(fetcher, clock)
        self._clock = clock
        self._ticker = ticker
        self._take = take
        self._posts: dict[str, Post] = {}

    def reassign(self, posts: Iterable[Post]) -> None:
        """Take the markers there are, in place of those before."""
        before, self._posts = self._posts, {post.name: post for post in posts}
        for name in before.keys() - self._posts.keys():
            self._ticker.forget(name)
        for name, post in self._posts.items():
            if before.get(name) != post:
                seconds = post.marker.interval_seconds
                self._ticker.every(name, seconds, partial(self._read_named, name))

    async def read(self, post: Post) -> MarkerReading | None:
        """Return what a marker says; ``None`` if it could not be had."""
        request = Request(
            url=post.marker.url,
            endpoint=post.endpoint,
            egress=post.region.egress,
            algorithms=(DigestAlgorithm.SHA256,),
            byte_limit=MAX_MARKER_BYTES + 1,
            sample_bytes=MAX_MARKER_BYTES,
        )
        try:
            download = await self._conversation.hold(request, post.auth)
        except SecretUnavailable as unavailable:
            _warn(post, str(unavailable))
            return None
        sign = sign_of(post.marker, download.headers, download.sample)
        fault = _fault(download) or ("" if sign else f"no marker of kind {post.marker.kind}")
        if fault or sign is None:
            _warn(post, fault)
            return None
        return self._reading(post, sign, download)

    def _reading(self, post: Post, sign: Sign, download: Download) -> MarkerReading:
        return MarkerReading(
            product=post.product,
            channel=post.channel,
            endpoint=post.endpoint.name,
            region=post.region.name,
            marker=post.marker,
            at=self._clock.now(),
            sign=sign,
            digest=download.digests[0] if download.digests else None,
            body=download.sample,
        )

    async def _read_named(self, name: str) -> None:
        post = self._posts.get(name)
        reading = await self.read(post) if post is not None else None
        if reading is not None and self._posts.get(name) is post:
            self._take(reading)


def _fault(download: Download) -> str:
    failure = download.failure
    if failure is not None:
        return f"{failure.reason} {failure.detail}".strip()
    if download.status != HTTPStatus.OK:
        return f"status {download.status}"
    if not download.complete or download.bytes_received > MAX_MARKER_BYTES:
        return f"longer than {MAX_MARKER_BYTES} bytes, or cut short"
    return ""


def _warn(post: Post, fault: str) -> None:
    _log.warning("marker not read", marker=post.name, fault=clean(fault, 200))
