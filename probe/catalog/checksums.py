"""Checksum files as a catalog: what a version's file lists is what should exist."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from probe.catalog.checksum_digests import digests_by_name
from probe.catalog.checksum_file import parse_checksums
from probe.catalog.faults import Faults
from probe.catalog.fields import MAX_ASSETS
from probe.catalog.names import NameRules
from probe.catalog.options import VersionedUrl, fill, template_fields
from probe.catalog.reading import Bearer, Reader
from probe.catalog.versioned import VersionedReleases
from probe.catalog.versions import Tag, VersionList, VersionModel
from probe.domain.artifact import Artifact, Release
from probe.domain.naming import name_fault
from probe.ports import CatalogError, CatalogSource, Clock, Document, Documents, Metrics


class ChecksumsOptions(VersionModel):
    """
    Reads a SHA256SUMS-like file per version; its signature, if it has one, is not verified here.

    Sizes stay unknown. A release is as old as the file's Last-Modified header says, or was first
    seen when this process first saw it.
    """

    kind: Literal["checksums"]
    url: VersionedUrl = Field(
        description="Where the checksum file of a version is; {product}, {channel}, {version} and "
        "{tag} are filled in."
    )
    directories: Literal["strip", "keep"] = Field(
        default="strip", description="What becomes of directories in the listed names."
    )

    @model_validator(mode="after")
    def _has_versions(self) -> Self:
        if not self.lists_versions:
            raise ValueError("version_url, versions or index_url is needed")
        if not template_fields(self.url) & {"version", "tag"}:
            raise ValueError("url needs {version} or {tag}")
        return self

    def build(
        self,
        product: str,
        channel: str,
        *,
        documents: Documents,
        metrics: Metrics,  # noqa: ARG002 all kinds are built alike
        clock: Clock,
    ) -> CatalogSource:
        """Return the source for one product on one channel."""
        bearer = Bearer(self.url, self.token)
        versions = VersionList(self, product, channel, documents=documents, bearer=bearer)
        rules, keep = self.rules, self.directories == "keep"
        reader = Reader(documents, lambda answer, url: parse_sums(answer, url, rules, keep=keep))
        values = {"product": product, "channel": channel}

        async def release(tag: Tag) -> Release:
            url = fill(self.url, {**values, "version": tag.version, "tag": tag.text})
            listed = await reader.read(url, bearer.headers(url))
            now = clock.now()
            return Release(
                version=tag.version,
                channel=channel,
                published_at=min(listed.modified_at or now, now),
                artifacts=listed.artifacts,
                tag=tag.text,
            )

        return VersionedReleases(versions, release)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that one checksum file lists, and when it was modified, if the server says."""

    artifacts: tuple[Artifact, ...]
    modified_at: datetime | None


def parse_sums(document: Document, url: str, rules: NameRules, *, keep: bool) -> Listing:
    """
    Return what the checksum file at *url* lists; *keep* keeps directories in names.

    Raises:
        CatalogError: a line that is not understood, a name that is none, or a contradiction.
    """
    sums = parse_checksums(document.body, url.partition("?")[0])
    digests = digests_by_name(sums, keep_directories=keep)
    if len(digests) > MAX_ASSETS:
        raise CatalogError(f"more than {MAX_ASSETS} files")
    faults = Faults()
    for text in sums.faults:
        faults.add("checksums", text)
    for name in digests:
        if fault := name_fault(name):
            faults.add(name, fault)
    faults.raise_any()
    artifacts = tuple(
        rules.artifact(name, digests=each) for name, each in digests.items() if rules.accepts(name)
    )
    return Listing(artifacts, _modified_at(document))


def _modified_at(document: Document) -> datetime | None:
    try:
        return parsedate_to_datetime(document.headers.get("last-modified", "")).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
