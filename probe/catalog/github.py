"""The releases of a GitHub repository, by GitHub's REST API."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from probe import __version__
from probe.catalog.github_limit import RateLimit
from probe.catalog.github_page import Listed, Page, Selection, parse_page
from probe.catalog.github_sums import NONE, PublisherSums
from probe.catalog.options import DocumentUrl, SourceModel, template_fields
from probe.catalog.reading import Bearer, Reader
from probe.domain.artifact import Release
from probe.ports import CatalogError, CatalogSource, Clock, Documents, Metrics

_HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": f"delivery-probe/{__version__}",
}


def _tag_pattern(pattern: re.Pattern[str]) -> re.Pattern[str]:
    if "version" not in pattern.groupindex:
        raise ValueError("a group (?P<version>…) is expected")
    return pattern


def _sums_name(template: str) -> str:
    if template_fields(template) - {"version", "tag"}:
        raise ValueError("auto, none, or a file name with {version} and {tag} is expected")
    return template


def _api_url(url: str) -> str:
    if not url.startswith(("https://", "http://")) or "{" in url:
        raise ValueError("an http or https URL without fields is expected")
    return url.rstrip("/")


class GithubOptions(SourceModel):
    """Reads the releases of a repository on GitHub, or on GitHub Enterprise Server."""

    kind: Literal["github"]
    repo: str = Field(
        pattern=r"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}$",
        description="The repository, owner/name.",
    )
    api_url: Annotated[DocumentUrl, AfterValidator(_api_url)] = Field(
        default="https://api.github.com",
        description="The API; for GitHub Enterprise Server https://HOST/api/v3.",
    )
    include_prereleases: bool = Field(
        default=False, description="Prereleases are on the product's channel too."
    )
    prerelease_channel: str = Field(
        default="",
        description="The channel to which prereleases belong: a product on this channel has only "
        "prereleases, one on another channel has none.",
    )
    tag_pattern: Annotated[re.Pattern[str], AfterValidator(_tag_pattern)] | None = Field(
        default=None,
        description="A regular expression for whole tags with a group (?P<version>…); releases "
        "with other tags are left out. Without it the version is the tag without a leading v.",
    )
    checksums: Annotated[str, AfterValidator(_sums_name)] = Field(
        default=NONE,
        description="Read the publisher's digests too: none, auto (an asset such as SHA256SUMS or "
        "checksums.txt), or the asset's name with {version} and {tag}.",
    )
    max_pages: int = Field(
        default=3, ge=1, le=10, description="How many pages of 100 releases are read, newest first."
    )

    @model_validator(mode="after")
    def _one_place_for_prereleases(self) -> Self:
        if self.include_prereleases and self.prerelease_channel:
            raise ValueError("include_prereleases and prerelease_channel exclude one another")
        return self

    def build(
        self, product: str, channel: str, *, documents: Documents, metrics: Metrics, clock: Clock
    ) -> CatalogSource:
        """Return the source for one product on one channel."""
        url = f"{self.api_url}/repos/{self.repo}/releases?per_page=100"
        selection = Selection(channel, self._prereleases(channel), self.tag_pattern, self.rules)
        limit = RateLimit((product, channel), metrics, clock)
        bearer = Bearer(url, self.token)
        reader = Reader(documents, partial(parse_page, selection=selection), limit.note)
        pages = Pages(url, reader, limit, bearer, self.max_pages)
        return GithubSource(pages, PublisherSums(self.checksums, documents, bearer))

    def _prereleases(self, channel: str) -> bool | None:
        if self.include_prereleases:
            return None
        return bool(self.prerelease_channel) and channel == self.prerelease_channel


class Pages:
    """The newest pages of the list of releases."""

    def __init__(
        self, url: str, reader: Reader[Page], limit: RateLimit, bearer: Bearer, most: int
    ) -> None:
        self._url = url
        self._reader = reader
        self._limit = limit
        self._bearer = bearer
        self._most = most

    async def read(self) -> list[Listed]:
        """
        Return the wanted releases, each once.

        Raises:
            CatalogError: a page cannot be had or is not valid, or the rate limit is used up.
        """
        listed: dict[int, Listed] = {}
        url = self._url
        headers = {**_HEADERS, **self._bearer.headers(url)}
        for _ in range(self._most):
            self._limit.keep()
            page = await self._reader.read(url, headers)
            # A release published meanwhile moves others to the next page, where they come again.
            listed |= {each.number: each for each in page.listed}
            if not page.next_url:
                break
            url = page.next_url
        return list(listed.values())


class GithubSource:
    """The releases of one repository."""

    def __init__(self, pages: Pages, sums: PublisherSums) -> None:
        self._pages = pages
        self._sums = sums

    async def releases(self) -> Sequence[Release]:
        """
        Return the wanted releases of the newest pages.

        Raises:
            CatalogError: a page or a checksum file is not valid, or the rate limit is used up.
        """
        listed = await self._pages.read()
        _different_versions(listed)
        return await self._sums.added(listed)


def _different_versions(listed: list[Listed]) -> None:
    tags: dict[str, str] = {}
    for each in listed:
        release = each.release
        other = tags.setdefault(release.version, release.tag)
        if other != release.tag:
            raise CatalogError(
                f"the tags {other} and {release.tag} are both version {release.version}; "
                "a tag_pattern can tell them apart"
            )
