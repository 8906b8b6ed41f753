"""A caching reverse proxy's store, as a CDN edge has it: good for a while, errors included."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from probe.demo.files import File
from probe.demo.site import Found
from probe.ports import Clock

_STORED = frozenset({HTTPStatus.OK, HTTPStatus.NOT_FOUND})


@dataclass(frozen=True, slots=True)
class _Entry:
    found: Found
    stored_at: float
    fresh_seconds: float


class Cache:
    """
    Answers from its store, asks its origin for the rest, and says so (RFC 9211, RFC 9111).

    A 404 is kept as well (negative caching). Where the origin fails, a copy past its time is served
    (RFC 5861, stale-if-error).
    """

    def __init__(
        self,
        origin: str,
        session: aiohttp.ClientSession,
        clock: Clock,
        *,
        fresh_seconds: float = 20.0,
        negative_seconds: float = 3600.0,
    ) -> None:
        self._origin = origin
        self._session = session
        self._clock = clock
        self._seconds = {
            HTTPStatus.OK.value: fresh_seconds,
            HTTPStatus.NOT_FOUND.value: negative_seconds,
        }
        self._entries: dict[str, _Entry] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def find(self, path: str) -> Found:
        """Look a path up; one request to the origin at a time for each."""
        async with self._locks[path]:
            entry = self._entries.get(path)
            if entry is not None and self._seconds_left(entry) > 0:
                return self._told(entry, f"hit; ttl={self._seconds_left(entry):.0f}")
            return await self._forward(path, entry)

    def purge(self, path: str) -> None:
        """Forget what is stored for a path."""
        self._entries.pop(path, None)

    async def _forward(self, path: str, stale: _Entry | None) -> Found:
        brought = await self._ask(path)
        how = f"fwd={'stale' if stale else 'uri-miss'}; fwd-status={brought.status}"
        if brought.status in _STORED:
            entry = _Entry(brought, self._clock.monotonic(), self._seconds[brought.status])
            self._entries[path] = entry
            return self._told(entry, f"{how}; stored")
        if stale is not None and stale.found.file is not None:
            return self._told(stale, how)
        return Found(None, brought.status, {"Cache-Status": f"demo-cdn; {how}"})

    async def _ask(self, path: str) -> Found:
        try:
            async with self._session.get(self._origin + path) as response:
                body = await response.read()
        except aiohttp.ClientError:
            return Found(None, HTTPStatus.BAD_GATEWAY)
        if response.status != HTTPStatus.OK:
            return Found(None, response.status)
        modified_at = parsedate_to_datetime(response.headers["Last-Modified"])
        return Found(File(body, response.headers["Content-Type"], modified_at))

    def _told(self, entry: _Entry, how: str) -> Found:
        age = self._clock.monotonic() - entry.stored_at
        headers = {"Cache-Status": f"demo-cdn; {how}", "Age": f"{age:.0f}", "Via": "1.1 demo-cdn"}
        return Found(entry.found.file, entry.found.status, headers)

    def _seconds_left(self, entry: _Entry) -> float:
        return entry.stored_at + entry.fresh_seconds - self._clock.monotonic()
