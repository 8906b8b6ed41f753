"""Long-lived aiohttp sessions: one for each way out and address family, with cold connections."""

import socket
import ssl
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.typedefs import LooseHeaders

import probe
from probe.domain.target import AddressFamily, Egress
from probe.transport.leg import current
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


class _LegResolver(AbstractResolver):
    """Resolves for aiohttp, telling the leg under way; its pinned address comes first."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        leg = current.get()
        if leg is None:
            return _results(host, port, await self._lookup.addresses(host, family))
        if leg.pinned:
            return _results(host, port, (leg.pinned,))
        leg.name_is_asked()
        addresses = await self._lookup.addresses(host, family)
        leg.name_is_resolved()
        return _results(host, port, addresses)

    async def close(self) -> None:
        """Nothing is held."""


def _results(host: str, port: int, addresses: tuple[str, ...]) -> list[ResolveResult]:
    return [
        ResolveResult(
            hostname=host,
            host=address,
            port=port,
            family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            proto=0,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for address in addresses
    ]


def _socket(address: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = address
    made = socket.socket(family, kind, protocol)
    if leg := current.get():
        leg.sockets.append(made)
    return made


async def _connection_is_made(*_: object) -> None:
    if leg := current.get():
        leg.connection_is_made()


def open_session(
    lookup: Lookup,
    tls: ssl.SSLContext,
    *,
    family: socket.AddressFamily = socket.AF_UNSPEC,
    source_address: str = "",
) -> aiohttp.ClientSession:
    """Return a session that opens a connection for each request, without cookies or retries."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_connection_is_made)
    connector = aiohttp.TCPConnector(
        ssl=tls,
        resolver=_LegResolver(lookup),
        family=family,
        local_addr=(source_address, 0) if source_address else None,
        use_dns_cache=False,
        force_close=True,
        limit=0,
        socket_factory=_socket,
    )
    return aiohttp.ClientSession(
        connector=connector,
        headers=HEADERS,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
        read_bufsize=READ_BYTES,
        max_headers=MAX_HEADERS,
        trace_configs=[trace],
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
