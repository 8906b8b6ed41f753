"""A release manifest: one JSON document that says what should exist."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from probe.catalog.manifest_document import parse_manifest
from probe.catalog.options import DocumentUrl, SourceModel, fill
from probe.catalog.reading import Bearer, Reader
from probe.domain.artifact import Release
from probe.ports import CatalogSource, Clock, Documents, Metrics


class ManifestOptions(SourceModel):
    """Reads a ``delivery-manifest/v1`` document with one release, or with a list of them."""

    planned: ClassVar[bool] = True

    kind: Literal["manifest"]
    url: DocumentUrl = Field(
        description="Where the manifest is: http, https or file; {product} and {channel} are "
        "filled in."
    )

    def build(
        self,
        product: str,
        channel: str,
        *,
        documents: Documents,
        metrics: Metrics,  # noqa: ARG002 all kinds are built alike
        clock: Clock,  # noqa: ARG002 as above
    ) -> CatalogSource:
        """Return the source for one product on one channel."""
        url = fill(self.url, {"product": product, "channel": channel})
        rules = self.rules
        reader = Reader(
            documents, lambda document, _: parse_manifest(document.body, product, channel, rules)
        )
        return ManifestSource(url, reader, Bearer(url, self.token))


class ManifestSource:
    """The releases of one manifest."""

    def __init__(self, url: str, reader: Reader[tuple[Release, ...]], bearer: Bearer) -> None:
        self._url = url
        self._reader = reader
        self._bearer = bearer

    async def releases(self) -> Sequence[Release]:
        """
        Return the releases that the manifest lists for the channel.

        Raises:
            CatalogError: the manifest cannot be had, or is not valid.
        """
        return await self._reader.read(self._url, self._bearer.headers(self._url))
