"""Releases that GoReleaser made, by the documents that it writes beside them."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from probe.catalog.goreleaser_document import (
    TYPES,
    Metadata,
    parse_artifacts,
    parse_metadata,
)
from probe.catalog.options import VersionedUrl, fill, template_fields
from probe.catalog.reading import Bearer, Parsed, Reader
from probe.catalog.versioned import VersionedReleases
from probe.catalog.versions import Tag, VersionList, VersionModel
from probe.domain.artifact import Artifact, Release
from probe.ports import CatalogError, CatalogSource, Clock, Documents, Metrics

_PER_VERSION = {"version", "tag"}


class GoreleaserOptions(VersionModel):
    """
    Reads ``artifacts.json`` and ``metadata.json``, of one release or of each of several versions.

    GoReleaser publishes them with ``release: {include_meta: true}``. A release is as old as its
    build.
    """

    planned: ClassVar[bool] = True

    kind: Literal["goreleaser"]
    artifacts_url: VersionedUrl = Field(
        description="Where artifacts.json is; {product}, {channel}, {version} and {tag} are filled "
        "in."
    )
    metadata_url: VersionedUrl = Field(description="Where metadata.json is, likewise.")
    types: tuple[str, ...] = Field(
        default=tuple(TYPES), description="Which types of artifacts count, in GoReleaser's words."
    )

    @field_validator("types")
    @classmethod
    def _are_known(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        for each in types:
            if each not in TYPES:
                raise ValueError(f"{each!r} is none of {', '.join(TYPES)}")
        return types

    @model_validator(mode="after")
    def _has_versions(self) -> Self:
        per_version = [
            bool(template_fields(url) & _PER_VERSION)
            for url in (self.artifacts_url, self.metadata_url)
        ]
        if any(per_version) != all(per_version):
            raise ValueError("{version} or {tag} stands in both URLs or in none")
        if any(per_version) != self.lists_versions:
            raise ValueError(
                "URLs with {version} or {tag} need version_url, versions or index_url, "
                "and only they do"
            )
        return self

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
        source = GoreleaserSource(self, product, channel, documents)
        if not self.lists_versions:
            return source
        bearer = Bearer(self.artifacts_url, self.token)
        versions = VersionList(self, product, channel, documents=documents, bearer=bearer)
        return VersionedReleases(versions, source.release)


class GoreleaserSource:
    """The release, or the releases, of which the two documents tell."""

    def __init__(
        self, options: GoreleaserOptions, product: str, channel: str, documents: Documents
    ) -> None:
        self._options = options
        self._values = {"product": product, "channel": channel}
        self._channel = channel
        self._bearer = Bearer(options.artifacts_url, options.token)
        self._metadata = Reader(documents, parse_metadata)
        parse = partial(parse_artifacts, types=frozenset(options.types), rules=options.rules)
        self._artifacts: Reader[tuple[Artifact, ...]] = Reader(documents, parse)

    async def releases(self) -> Sequence[Release]:
        """
        Return the one release.

        Raises:
            CatalogError: a document cannot be had, or is not valid.
        """
        return (await self._release(self._values),)

    async def release(self, tag: Tag) -> Release:
        """
        Return the release of one version.

        Raises:
            CatalogError: a document cannot be had, is not valid, or is another version's.
        """
        values = {**self._values, "version": tag.version, "tag": tag.text}
        release = await self._release(values)
        if release.version != tag.version:
            raise CatalogError(
                f"metadata.json of {tag.version} is that of version {release.version}"
            )
        return release

    async def _release(self, values: dict[str, str]) -> Release:
        metadata: Metadata = await self._read(self._metadata, self._options.metadata_url, values)
        artifacts = await self._read(self._artifacts, self._options.artifacts_url, values)
        return Release(
            version=metadata.version,
            channel=self._channel,
            published_at=metadata.date,
            artifacts=artifacts,
            tag=metadata.tag,
        )

    async def _read(self, reader: Reader[Parsed], template: str, values: dict[str, str]) -> Parsed:
        url = fill(template, values)
        return await reader.read(url, self._bearer.headers(url))
