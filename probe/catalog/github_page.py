"""One page of the answer of GitHub's "List releases" (REST API, version 2022-11-28)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import Field

from probe.catalog.faults import Faults
from probe.catalog.fields import MAX_ASSETS, Instant, Name, Outside, Size, Text
from probe.catalog.json_document import load_json
from probe.catalog.names import NameRules
from probe.domain.artifact import Artifact, Digest, DigestAlgorithm, Release
from probe.domain.link import Link
from probe.domain.naming import version_fault
from probe.ports import CatalogError, Document

_UPLOADED = "uploaded"
_PER_PAGE = 100
_NEXT = re.compile(r'<([^<>]{1,4096})>\s*;[^<>]{0,256}?\brel="?next"?(?=[;,\s]|$)')


@dataclass(frozen=True, slots=True)
class Asset:
    """Where one asset of a release can be had, and which edition of it this is."""

    name: str
    api_url: str
    public_url: str
    edition: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A release, the assets it was made of, and GitHub's number for it."""

    number: int
    release: Release
    assets: tuple[Asset, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The releases of one page that are wanted, and where the next page is, if there is one."""

    listed: tuple[Listed, ...]
    next_url: str


@dataclass(frozen=True, slots=True)
class Selection:
    """
    Which releases are wanted, and as what.

    ``prereleases`` True takes only these, False none, None both. ``tag_pattern`` matches a whole
    tag; its group ``version`` is the version, and releases whose tag does not match are left out.
    """

    channel: str
    prereleases: bool | None
    tag_pattern: re.Pattern[str] | None
    rules: NameRules

    def version(self, tag: str) -> str:
        """Return the version of a tag; empty if releases with such tags are not wanted."""
        if self.tag_pattern:
            found = self.tag_pattern.fullmatch(tag)
            return found.group("version") or "" if found else ""
        return without_v(tag)

    def wants(self, *, draft: bool, prerelease: bool) -> bool:
        """Tell whether such a release is wanted; a draft never is."""
        return not draft and (self.prereleases is None or self.prereleases == prerelease)


class _Asset(Outside):
    id: int
    name: Name
    state: str
    size: Size
    digest: str | None = None
    url: Text = ""
    browser_download_url: Text = ""
    updated_at: Text = ""

    def artifact(self, rules: NameRules) -> Artifact:
        # What is not uploaded is owed, but what it will be is not known: its size and its digest
        # would be those of a part.
        if self.state != _UPLOADED:
            return rules.artifact(self.name)
        return rules.artifact(self.name, self.size, _digests(self.digest))


class _Release(Outside):
    id: int
    tag_name: Text
    draft: bool = False
    prerelease: bool = False
    published_at: Instant | None = None
    html_url: Text = ""
    body: str | None = None
    assets: list[object] = Field(default_factory=list, max_length=MAX_ASSETS)


def parse_page(document: Document, url: str, selection: Selection) -> Page:
    """
    Return what is wanted of the page at *url*.

    Raises:
        CatalogError: not a page of releases, or a next page at another origin.
    """
    page = load_json(document.body)
    if not isinstance(page, list) or len(page) > _PER_PAGE:
        raise CatalogError(f"$: a list of at most {_PER_PAGE} releases is expected")
    faults = Faults()
    listed = tuple(
        found
        for index, value in enumerate(page)
        if (found := _listed(value, f"$[{index}]", selection, faults))
    )
    faults.raise_any()
    return Page(listed, _next_url(document.headers, url))


def without_v(tag: str) -> str:
    """Return the version of a tag such as ``v1.4.2``; other tags are versions themselves."""
    return tag[1:] if tag[:1] in {"v", "V"} and tag[1:2].isdigit() else tag


def _listed(value: object, path: str, selection: Selection, faults: Faults) -> Listed | None:
    model = faults.read(_Release, value, path)
    if model is None or not selection.wants(draft=model.draft, prerelease=model.prerelease):
        return None
    version = selection.version(model.tag_name)
    if not version:
        return None
    if fault := version_fault(version):
        faults.add(f"{path}.tag_name", fault)
    if model.published_at is None:
        faults.add(f"{path}.published_at", "a release that is no draft has a time")
        return None
    assets = _assets(model.assets, f"{path}.assets", faults)
    release = Release(
        version=version,
        channel=selection.channel,
        published_at=model.published_at,
        artifacts=tuple(
            # GitHub computes digests itself; whether their publisher gave any is still to be seen.
            replace(each.artifact(selection.rules), vouched=None)
            for each in assets
            if selection.rules.accepts(each.name)
        ),
        tag=model.tag_name,
        notes_url=model.html_url if (model.body or "").strip() else "",
    )
    return Listed(model.id, release, tuple(map(_handle, assets)))


def _assets(values: list[object], path: str, faults: Faults) -> tuple[_Asset, ...]:
    found: dict[str, _Asset] = {}
    for index, value in enumerate(values):
        asset = faults.read(_Asset, value, f"{path}[{index}]")
        if asset is None:
            continue
        if asset.name in found:
            faults.add(f"{path}[{index}].name", f"{asset.name} is listed twice")
        if fault := _digest_fault(asset.digest):
            faults.add(f"{path}[{index}].digest", fault)
        else:
            found[asset.name] = asset
    return tuple(found.values())


def _handle(asset: _Asset) -> Asset:
    edition = f"{asset.id}/{asset.updated_at}" if asset.state == _UPLOADED else ""
    return Asset(asset.name, asset.url, asset.browser_download_url, edition)


def _digest_fault(digest: str | None) -> str:
    try:
        _digests(digest)
    except ValueError as error:
        return str(error)
    return ""


def _digests(digest: str | None) -> tuple[Digest, ...]:
    # An algorithm that is not accepted proves nothing, which is no fault of the answer.
    if not digest or digest.partition(":")[0] not in set(DigestAlgorithm):
        return ()
    return (Digest.parse(digest),)


def _next_url(headers: Mapping[str, str], url: str) -> str:
    found = _NEXT.search(headers.get("link", "")[:16384])
    if not found:
        return ""
    here = Link.parse(url)
    try:
        there = here.join(found.group(1))
    except ValueError as error:
        raise CatalogError(f"the next page: {error}") from None
    if there.origin != here.origin:
        raise CatalogError(f"the next page is at another origin: {there.host}")
    return str(there)
