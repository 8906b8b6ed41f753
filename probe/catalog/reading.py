"""Reads documents, asking again only for what has changed, and parses big ones off the loop."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Generic, TypeVar

from probe.domain.link import Link
from probe.domain.text import clean
from probe.ports import (
    CatalogError,
    Document,
    Documents,
    DocumentUnavailable,
    SecretUnavailable,
)
from probe.secret import SecretRef

Parsed = TypeVar("Parsed")

# Parsing less than this takes about as long as handing it to a thread.
INLINE_BYTES = 64 * 1024

_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_MAX_REMEMBERED = 256


class DocumentMissing(CatalogError):
    """There is no document at the URL (404 or 410)."""


@dataclass(frozen=True, slots=True)
class _Remembered(Generic[Parsed]):
    asked_with: Mapping[str, str] = field(repr=False)
    validators: Mapping[str, str]
    parsed: Parsed


class Reader(Generic[Parsed]):
    """
    Reads documents of one form, and remembers the last of each URL by its validators (RFC 9110).

    ``parse`` is given an answer and its URL, and may run in a thread. ``note`` sees every answer,
    before its status is judged.
    """

    def __init__(
        self,
        documents: Documents,
        parse: Callable[[Document, str], Parsed],
        note: Callable[[Document], None] = lambda _: None,
    ) -> None:
        self._documents = documents
        self._parse = parse
        self._note = note
        self._remembered: dict[str, _Remembered[Parsed]] = {}

    async def read(self, url: str, headers: Mapping[str, str] | None = None) -> Parsed:
        """
        Return what the document at *url* says.

        Raises:
            DocumentMissing: there is none.
            CatalogError: it cannot be had, or is not of the expected form.
        """
        asked_with = dict(headers or {})
        last = self._remembered.get(url)
        if last and last.asked_with != asked_with:
            last = None
        document = await self._answer(url, {**asked_with, **(last.validators if last else {})})
        if document.status == HTTPStatus.NOT_MODIFIED and last:
            return last.parsed
        _raise_for(url, document.status)
        parsed = await self._parsed(url, document)
        self._remember(url, asked_with, document, parsed)
        return parsed

    async def _answer(self, url: str, headers: Mapping[str, str]) -> Document:
        try:
            document = await self._documents.read(url, headers)
        except DocumentUnavailable as error:
            raise CatalogError(clean(str(error), 400)) from error
        self._note(document)
        return document

    async def _parsed(self, url: str, document: Document) -> Parsed:
        try:
            if len(document.body) <= INLINE_BYTES:
                return self._parse(document, url)
            return await asyncio.to_thread(self._parse, document, url)
        except CatalogError as error:
            raise CatalogError(f"{shown(url)}: {error}") from error

    def _remember(
        self, url: str, asked_with: Mapping[str, str], document: Document, parsed: Parsed
    ) -> None:
        validators = {
            question: document.headers[answer]
            for question, answer in (("If-None-Match", "etag"), ("If-Modified-Since", _MODIFIED))
            if document.headers.get(answer)
        }
        self._remembered.pop(url, None)
        if validators:
            self._remembered[url] = _Remembered(asked_with, validators, parsed)
        while len(self._remembered) > _MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]


_MODIFIED = "last-modified"


def _raise_for(url: str, status: int) -> None:
    if status in _MISSING:
        raise DocumentMissing(f"{shown(url)}: HTTP {status}")
    if status != HTTPStatus.OK:
        raise CatalogError(f"{shown(url)}: HTTP {status}")


def shown(url: str) -> str:
    """Return *url* fit to be shown: without user, query and fragment, cut."""
    try:
        return clean(Link.parse(url).shown, 200)
    except ValueError:
        return clean(url.partition("?")[0], 200)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that goes to the origin of ``url`` and nowhere else."""

    url: str
    token: SecretRef | None

    def headers(self, url: str) -> Mapping[str, str]:
        """
        Return the headers for a request to *url*.

        Raises:
            CatalogError: the token cannot be read.
        """
        if self.token is None or not _same_origin(url, self.url):
            return {}
        try:
            return {"Authorization": f"Bearer {self.token.read_visible()}"}
        except SecretUnavailable as error:
            raise CatalogError(str(error)) from error


def _same_origin(url: str, other: str) -> bool:
    try:
        return Link.parse(url).origin == Link.parse(other).origin
    except ValueError:
        return False
