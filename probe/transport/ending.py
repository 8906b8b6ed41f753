"""How a body ended, where aiohttp does not say."""

import asyncio

import aiohttp
from aiohttp.client_proto import ResponseHandler

from probe.transport.faults import MalformedBody


class Ending:
    """
    Watches the connection of an answer for the two endings that aiohttp keeps to itself.

    A body that ends with its connection (RFC 9112 section 6.3) looks whole when the connection
    is reset. A chunk that is no chunk closes the connection and leaves the reader waiting.
    """

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._content = answer.content
        self._protocol: ResponseHandler | None = None
        if answer.connection is None or "content-length" in answer.headers:
            return
        if "transfer-encoding" not in answer.headers:
            self._protocol = answer.connection.protocol
        elif answer.connection.protocol is not None:
            closed = answer.connection.protocol.closed
            if closed is not None:
                closed.add_done_callback(self._wake)

    def _wake(self, closed: "asyncio.Future[None]") -> None:
        if not closed.cancelled():
            closed.exception()  # seen, so that nobody warns of it
        if not self._content.is_eof() and self._content.exception() is None:
            self._content.set_exception(MalformedBody())

    def verify(self) -> None:
        """
        Look at how the connection ended, once there is nothing left to read.

        Raises:
            OSError: it was reset.
        """
        if self._protocol is not None:
            broken = self._protocol.exception()
            if isinstance(broken, OSError):
                raise broken
