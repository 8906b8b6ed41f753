"""Reads catalog documents over http, https and from files, bounded in size and time."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiohttp
from yarl import URL

from probe.domain.failure import Failure
from probe.domain.link import Link
from probe.domain.redirect import REDIRECTS, follow
from probe.domain.text import clean
from probe.ports import MAX_DOCUMENT_BYTES, Document, DocumentUnavailable
from probe.transport.faults import words
from probe.transport.lookup import SystemLookup
from probe.transport.session import ConnectionEnded, open_session
from probe.transport.tls import client_context
from probe.transport.whole import BodyRefused, whole_body

MAX_REDIRECTS = 5
TOTAL_SECONDS = 60.0
_RESOLVER_THREADS = 4

# What says nothing of who asks, so that it may go wherever a redirect leads.
_CARRIED = frozenset({"accept", "accept-encoding", "if-none-match", "if-modified-since"})


class AiohttpDocuments:
    """The documents port over one aiohttp session."""

    def __init__(
        self, session: aiohttp.ClientSession, *, total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self._session = session
        self._total_seconds = total_seconds

    async def read(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MAX_DOCUMENT_BYTES,
    ) -> Document:
        """
        Return the document at *url*; header names of the answer are in lower case.

        Raises:
            DocumentUnavailable: no answer, a body that ends early, or one over the cap.
        """
        if url.startswith("file:"):
            return await asyncio.to_thread(_file, url, most_bytes)
        try:
            start = Link.parse(url)
        except ValueError as error:
            raise DocumentUnavailable(f"not a URL to read: {error}") from None
        try:
            async with asyncio.timeout(self._total_seconds):
                asked = {"Accept-Encoding": "gzip", **(headers or {})}
                return await self._walk(start, asked, most_bytes)
        except TimeoutError:
            raise _unavailable(start, f"not read within {self._total_seconds:g} s") from None
        except ConnectionEnded as ended:
            raise _unavailable(start, words(ended.cause)) from None
        except (aiohttp.ClientError, OSError) as error:
            raise _unavailable(start, words(error)) from None

    async def _walk(self, start: Link, headers: Mapping[str, str], most_bytes: int) -> Document:
        visited = [start]
        while True:
            response = await self._session.get(
                URL(str(visited[-1]), encoded=True),
                headers=headers,
                allow_redirects=False,
                auto_decompress=False,
            )
            try:
                if response.status not in REDIRECTS:
                    return await _document(visited[-1], response, most_bytes)
                location = response.headers.get("location")
            finally:
                response.close()
            goal = follow(visited, location, limit=MAX_REDIRECTS)
            if isinstance(goal, Failure):
                raise _unavailable(start, goal.detail)
            if goal.origin != visited[-1].origin:
                headers = {key: value for key, value in headers.items() if key.lower() in _CARRIED}
            visited.append(goal)


async def _document(link: Link, response: aiohttp.ClientResponse, most_bytes: int) -> Document:
    try:
        body = await whole_body(response, most_bytes)
    except BodyRefused as refused:
        raise _unavailable(link, str(refused)) from None
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Document(response.status, headers, body)


def _file(url: str, most_bytes: int) -> Document:
    parts = urlsplit(url)
    path = Path(unquote(parts.path))
    if parts.netloc not in ("", "localhost") or not path.is_absolute():
        raise DocumentUnavailable("a file URL is file:///absolute/path")
    try:
        if path.exists() and not path.is_file():
            # To open a pipe would wait for whoever writes to it, perhaps for ever.
            raise DocumentUnavailable(f"{clean(str(path), 200)}: not a regular file")
        with path.open("rb") as file:
            body = file.read(most_bytes + 1)
    except FileNotFoundError:
        return Document(HTTPStatus.NOT_FOUND, {}, b"")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such path"
        raise DocumentUnavailable(f"{clean(str(path), 200)}: {reason}") from None
    if len(body) > most_bytes:
        raise DocumentUnavailable(f"{clean(str(path), 200)}: over {most_bytes} bytes")
    return Document(HTTPStatus.OK, {}, body)


def _unavailable(link: Link, detail: str) -> DocumentUnavailable:
    return DocumentUnavailable(f"{clean(link.shown, 200)}: {detail}")


@asynccontextmanager
async def open_documents() -> AsyncIterator[AiohttpDocuments]:
    """Read documents for as long as the context lasts."""
    tls = await asyncio.to_thread(client_context)
    threads = ThreadPoolExecutor(_RESOLVER_THREADS, "resolve")
    try:
        async with open_session(SystemLookup(threads), tls) as session:
            yield AiohttpDocuments(session)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
