"""Who is let in when there are many: whoever has been silent for the longest has to go."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

# By then a client has said what it wants; a scraper does so at once.
_FIRST_WORD_SECONDS = 10.0

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Door:
    """
    Admits at most *most* connections at once.

    A client that says nothing, or dribbles, must not keep a scraper out: for one that comes, the
    one that has been waiting for longest without a request under way is hung up on. Only where
    all are being answered the newcomer is turned away.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._unheard: set[web.RequestHandler] = set()
        # In the order in which they fell silent.
        self._silent: dict[web.RequestHandler, None] = {}

    def admit(self, handlers: web.Server) -> asyncio.Protocol:
        """Return what talks to a new client, which is one of *handlers* if there is room."""
        inside = handlers.connections
        if len(self._silent) > 2 * self._most:
            self._forget_others(inside)
        if len(inside) >= self._most and not self._dismiss(inside):
            return _TurnedAway()
        handler = handlers()
        self._unheard.add(handler)
        self._silent[handler] = None
        loop = asyncio.get_running_loop()
        loop.call_later(_FIRST_WORD_SECONDS, self._give_up_on, handler)
        return handler

    @contextmanager
    def answering(self, request: web.BaseRequest) -> Iterator[None]:
        """Keep whoever sent *request* in until the context ends."""
        handler = request.protocol
        self._unheard.discard(handler)
        self._silent.pop(handler, None)
        try:
            yield
        finally:
            self._silent[handler] = None

    def _forget_others(self, inside: Sequence[web.RequestHandler]) -> None:
        """Forget those who left by themselves."""
        here = set(inside)
        self._silent = {each: None for each in self._silent if each in here}

    def _dismiss(self, inside: Sequence[web.RequestHandler]) -> bool:
        self._forget_others(inside)
        longest = next(iter(self._silent), None)
        if longest is None:
            return False
        self._hang_up(longest)
        return True

    def _give_up_on(self, handler: web.RequestHandler) -> None:
        if handler in self._unheard:
            self._hang_up(handler)

    def _hang_up(self, handler: web.RequestHandler) -> None:
        self._unheard.discard(handler)
        self._silent.pop(handler, None)
        handler.force_close()


class _TurnedAway(asyncio.Protocol):
    """Says that there is no room, and hangs up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(_FULL)
            transport.close()
