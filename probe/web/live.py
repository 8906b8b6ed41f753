"""``/api/v1/live``: tells pages that something has changed, as server-sent events."""

import asyncio
from contextlib import suppress

from aiohttp import hdrs, web

from probe.domain.schema import TEXT
from probe.web import answer
from probe.web.openapi.operation import Operation, Reply, Tag, faults
from probe.web.site import Site

# A page that changes more often than this is one that nobody can read.
_PACE_SECONDS = 2.0
# Proxies hang up on what says nothing for a minute.
_BREATHS = 10
_LISTENERS = 64

_EVENTS = "text/event-stream"
_HEADERS = {hdrs.CONTENT_TYPE: f"{_EVENTS}; charset=utf-8", "X-Accel-Buffering": "no"}


ENDED = web.AppKey("ended", asyncio.Event)


async def end(app: web.Application) -> None:
    """End all streams: nobody who listens is to hold up the end of the service."""
    app[ENDED].set()


class LiveStream:
    """Says ``changed`` with the id of the newest observation, every two seconds at most."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._listeners = 0

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Say when something has changed, until the client goes or the service ends."""
        if self._listeners >= _LISTENERS:
            return answer.fault(503, f"{self._listeners} are listening: look again by yourself")
        self._listeners += 1
        try:
            return await self._tell(request)
        finally:
            self._listeners -= 1

    async def _tell(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=_HEADERS)
        await response.prepare(request)
        last, silent = self._newest(), 0
        await self._write(response, b": listening\n\n")
        with suppress(ConnectionError, TimeoutError):
            while not await _has_ended(request.app):
                newest = self._newest()
                silent += 1
                if newest != last:
                    await self._write(response, f"event: changed\ndata: {newest}\n\n".encode())
                    last, silent = newest, 0
                elif silent >= _BREATHS:
                    await self._write(response, b": nothing new\n\n")
                    silent = 0
        return response

    async def _write(self, response: web.StreamResponse, text: bytes) -> None:
        async with asyncio.timeout(self._site.patience_seconds):
            await response.write(text)

    def _newest(self) -> str:
        latest = self._site.history.latest(1)
        return latest[0].id if latest else ""


async def _has_ended(app: web.Application) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(_PACE_SECONDS):
            await app[ENDED].wait()
    return app[ENDED].is_set()


LIVE = Operation(
    Tag.PAGES,
    {
        200: Reply("Events until the client goes: `changed`, with an id.", {_EVENTS: TEXT}),
        **faults({503: "Too many are listening."}),
    },
)
