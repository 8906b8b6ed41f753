"""Which versions there are: a pointer to the newest, a list of all, or both."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from packaging.version import InvalidVersion, Version
from pydantic import AfterValidator, Field, model_validator

from probe.catalog.fields import Version as CheckedVersion
from probe.catalog.github_page import without_v
from probe.catalog.json_document import load_json, path_steps, strings_at
from probe.catalog.options import DocumentUrl, SourceModel, fill
from probe.catalog.reading import Bearer, Reader
from probe.domain.naming import version_fault
from probe.domain.text import clean
from probe.ports import CatalogError, Document, Documents

_MAX_POINTER_BYTES = 1024 * 1024


def _json_path(path: str) -> str:
    path_steps(path)
    return path


JsonPath = Annotated[str, AfterValidator(_json_path)]


@dataclass(frozen=True, slots=True)
class Tag:
    """A version as a pointer or a list spells it, and without a leading ``v``."""

    text: str

    @property
    def version(self) -> str:
        """Return the version."""
        return without_v(self.text)


@dataclass(frozen=True, slots=True)
class Versions:
    """The version that is pointed to, if there is a pointer, and the others, newest first."""

    current: Tag | None
    earlier: tuple[Tag, ...]
    complete: bool


class VersionModel(SourceModel):
    """Options of sources that have one set of documents per version."""

    version_url: DocumentUrl = Field(
        default="", validate_default=False, description="Where the newest version is written."
    )
    version_path: JsonPath = Field(
        default="",
        description="Where in a JSON document at version_url the version is, as in "
        "channels.stable.version; without it and version_pattern the document is the version.",
    )
    version_pattern: re.Pattern[str] | None = Field(
        default=None,
        description="A regular expression that is searched for in the document at version_url; "
        "its first group, or else all of it, is the version.",
    )
    versions: tuple[CheckedVersion, ...] = Field(
        default=(), max_length=100, description="Versions that are known to exist."
    )
    index_url: DocumentUrl = Field(
        default="",
        validate_default=False,
        description="Where all versions are listed, one a line, or as JSON with index_path.",
    )
    index_path: JsonPath = Field(
        default="",
        description="Where in a JSON document at index_url the versions are, as in [*].version.",
    )
    history: int = Field(
        default=10, ge=0, le=100, description="How many earlier versions of the index are read."
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.version_path or self.version_pattern) and not self.version_url:
            raise ValueError("version_path and version_pattern need version_url")
        if self.version_path and self.version_pattern:
            raise ValueError("version_path and version_pattern exclude one another")
        if self.index_path and not self.index_url:
            raise ValueError("index_path needs index_url")
        return self

    @property
    def lists_versions(self) -> bool:
        """Tell whether any version can be known."""
        return bool(self.version_url or self.versions or self.index_url)


class VersionList:
    """Reads the pointer and the index of one product on one channel."""

    def __init__(
        self,
        options: VersionModel,
        product: str,
        channel: str,
        *,
        documents: Documents,
        bearer: Bearer,
    ) -> None:
        values: Mapping[str, str] = {"product": product, "channel": channel}
        self._options = options
        self._pointer_url = fill(options.version_url, values)
        self._index_url = fill(options.index_url, values)
        self._pointer = Reader(documents, self._parse_pointer)
        self._index = Reader(documents, self._parse_index)
        self._bearer = bearer

    async def read(self) -> Versions:
        """
        Return the versions there are.

        Raises:
            CatalogError: the pointer or the index cannot be had, or holds no version.
        """
        named = {tag.version: tag for tag in map(Tag, self._options.versions)}
        if self._index_url:
            listed = await self._read(self._index, self._index_url)
            newest = newest_first({tag.version: tag for tag in listed})
            named |= {tag.version: tag for tag in newest[: self._options.history + 1]}
        current: Tag | None = None
        if self._pointer_url:
            (current,) = await self._read(self._pointer, self._pointer_url)
            named.pop(current.version, None)
        return Versions(current, newest_first(named), complete=bool(self._index_url))

    async def _read(self, reader: Reader[tuple[Tag, ...]], url: str) -> tuple[Tag, ...]:
        return await reader.read(url, self._bearer.headers(url))

    def _parse_pointer(self, document: Document, _url: str) -> tuple[Tag, ...]:
        if self._options.version_path:
            found = strings_at(load_json(document.body), self._options.version_path)
        else:
            found = [_pointed_to(_text(document), self._options.version_pattern)]
        if len(found) != 1:
            raise CatalogError(f"one version is expected, not {len(found)}")
        return _tags(found)

    def _parse_index(self, document: Document, _url: str) -> tuple[Tag, ...]:
        if self._options.index_path:
            return _tags(strings_at(load_json(document.body), self._options.index_path))
        lines = (line.strip() for line in _text(document).splitlines())
        return _tags([line for line in lines if line and not line.startswith("#")])


def newest_first(tags: Mapping[str, Tag]) -> tuple[Tag, ...]:
    """Return *tags*, by version, in the order of PEP 440; what is no such version comes last."""
    return tuple(tags[each] for each in sorted(tags, key=_order, reverse=True))


def _order(version: str) -> tuple[int, Version, str]:
    try:
        return (1, Version(version), "")
    except InvalidVersion:
        return (0, Version("0"), version)


def _text(document: Document) -> str:
    if len(document.body) > _MAX_POINTER_BYTES:
        raise CatalogError(f"longer than the {_MAX_POINTER_BYTES} bytes a list of versions has")
    return document.body.decode("utf-8-sig", "replace")


def _pointed_to(text: str, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return text.strip()
    found = pattern.search(text)
    if not found:
        raise CatalogError("version_pattern matches nothing")
    return found.group(1) or "" if pattern.groups else found.group()


def _tags(texts: Sequence[str]) -> tuple[Tag, ...]:
    for text in texts:
        if fault := version_fault(text) or version_fault(without_v(text)):
            raise CatalogError(f"{clean(text, 60)!r}: {fault}")
    return tuple(map(Tag, texts))
