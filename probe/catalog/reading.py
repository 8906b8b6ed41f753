"""Reads documents, asking again only for what has changed, and parses big ones off the loop."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
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

# Parsing more than this would hold up the event loop for milliseconds.
INLINE_BYTES = 16 * 1024

_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_MAX_REMEMBERED = 256
_VALIDATORS = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
_READ_HEADERS = ("link", "last-modified")


class DocumentMissing(CatalogError):
    """There is no document at the URL (404 or 410)."""


@dataclass(frozen=True, slots=True)
class _Remembered(Generic[Parsed]):
    asked_with: Mapping[str, str] = field(repr=False)
    validators: Mapping[str, str]
    fingerprint: bytes
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
        fingerprint, parsed = await self._parsed(url, document, last)
        validators = _validators(document)
        self._remember(url, _Remembered(asked_with, validators, fingerprint, parsed))
        return parsed

    async def _answer(self, url: str, headers: Mapping[str, str]) -> Document:
        try:
            document = await self._documents.read(url, headers)
        except DocumentUnavailable as error:
            raise CatalogError(clean(str(error), 400)) from error
        self._note(document)
        return document

    async def _parsed(
        self, url: str, document: Document, last: _Remembered[Parsed] | None
    ) -> tuple[bytes, Parsed]:
        if len(document.body) <= INLINE_BYTES:
            return self._parse_changed(url, document, last)
        return await asyncio.to_thread(self._parse_changed, url, document, last)

    def _parse_changed(
        self, url: str, document: Document, last: _Remembered[Parsed] | None
    ) -> tuple[bytes, Parsed]:
        # Files, and servers without validators, give the same answer again and again.
        fingerprint = _fingerprint(document)
        if last and last.fingerprint == fingerprint:
            return fingerprint, last.parsed
        try:
            return fingerprint, self._parse(document, url)
        except CatalogError as error:
            raise CatalogError(f"{shown(url)}: {error}") from error

    def _remember(self, url: str, answer: _Remembered[Parsed]) -> None:
        self._remembered.pop(url, None)
        self._remembered[url] = answer
        while len(self._remembered) > _MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]


def _fingerprint(document: Document) -> bytes:
    """Return what tells one answer from another, as far as a parser looks."""
    seen = sha256(document.body)
    for name in _READ_HEADERS:
        seen.update(document.headers.get(name, "").encode("utf-8", "surrogateescape") + b"\n")
    return seen.digest()


def _validators(document: Document) -> Mapping[str, str]:
    given = {question: document.headers.get(answer, "") for question, answer in _VALIDATORS}
    # One that no header may hold cannot be sent back: each reading from here on would fail.
    return {
        question: value
        for question, value in given.items()
        if value and value.isascii() and value.isprintable()
    }


def _raise_for(url: str, status: int) -> None:
    if status in _MISSING:
        what = "there is no such file" if url.startswith("file:") else f"HTTP {status}"
        raise DocumentMissing(f"{shown(url)}: {what}")
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
