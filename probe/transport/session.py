"""Long-lived aiohttp sessions: one for each way out and address family, with cold connections."""

import socket
import ssl
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp.typedefs import LooseHeaders

import probe
from probe.domain.target import AddressFamily, Egress
from probe.transport.connector import ColdConnector
from probe.transport.lookup import Lookup
from probe.transport.resolve import FAMILIES, Lookups

MAX_HEADERS = 512

# Reading is paused above twice this; a large body then arrives in pieces of this size.
READ_BYTES = 256 * 1024

# What every request says. A body that was compressed on the way would not have the bytes whose
# digest was published.
HEADERS: LooseHeaders = {
    "User-Agent": f"delivery-probe/{probe.__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}


class ConnectionEnded(Exception):
    """
    The connection broke before an answer, for *cause*.

    aiohttp sends an idempotent request again when its connection breaks, even a fresh one. As an
    exception that it does not know this one passes through, so that a request is sent once.
    """

    def __init__(self, cause: aiohttp.ClientError) -> None:
        super().__init__()
        self.cause = cause


async def one_wire_request(
    request: aiohttp.ClientRequest,
    send: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]],
) -> aiohttp.ClientResponse:
    """Send a request once."""
    try:
        return await send(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionEnded(error) from error


def open_session(
    lookup: Lookup,
    tls: ssl.SSLContext,
    *,
    family: socket.AddressFamily = socket.AF_UNSPEC,
    source_address: str = "",
) -> aiohttp.ClientSession:
    """Return a session that opens a connection for each request, without cookies or retries."""
    return aiohttp.ClientSession(
        connector=ColdConnector(lookup, tls, family, source_address),
        headers=HEADERS,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
        read_bufsize=READ_BYTES,
        max_headers=MAX_HEADERS,
        middlewares=(one_wire_request,),
    )


class Sessions:
    """The sessions of a fetcher, each opened when it is first asked for."""

    def __init__(self, lookups: Lookups, tls: ssl.SSLContext) -> None:
        self._lookups = lookups
        self._tls = tls
        self._open: dict[tuple[Egress, AddressFamily], aiohttp.ClientSession] = {}

    def of(self, egress: Egress, family: AddressFamily) -> aiohttp.ClientSession:
        """Return the session of a way out and a family."""
        key = (egress, family)
        session = self._open.get(key)
        if session is None:
            session = self._open[key] = open_session(
                self._lookups.of(egress),
                self._tls,
                family=_family(egress, family),
                source_address=egress.source_address,
            )
        return session

    async def close(self) -> None:
        """Close every session."""
        for session in self._open.values():
            await session.close()


def _family(egress: Egress, family: AddressFamily) -> socket.AddressFamily:
    # From an address of one family no address of the other can be reached.
    if family is AddressFamily.AUTO and egress.source_address:
        return socket.AF_INET6 if ":" in egress.source_address else socket.AF_INET
    return FAMILIES[family]
