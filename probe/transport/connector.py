"""Connections for one request each, and the leg under way told of them."""

import socket
import ssl

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.tracing import Trace

from probe.transport.leg import Leg, current
from probe.transport.lookup import Lookup
from probe.transport.resolve import as_address


class ColdConnector(aiohttp.TCPConnector):
    """
    Connects anew for each request, and tells the leg under way when the request can be sent.

    One address is left to the event loop: it connects in one step of its own, where aiohttp races
    sockets in Python. Several addresses, proxies and connections outside of a leg are aiohttp's.
    """

    def __init__(
        self, lookup: Lookup, tls: ssl.SSLContext, family: socket.AddressFamily, source: str
    ) -> None:
        """Connect to addresses of *family*; from the address *source*, if one is given."""
        self._tls = tls
        self._source = (source, 0) if source else None
        self._names = LegResolver(lookup)
        super().__init__(
            ssl=tls,
            resolver=self._names,
            family=family,
            local_addr=self._source,
            use_dns_cache=False,
            force_close=True,
            limit=0,
            socket_factory=_socket,
        )

    async def _create_connection(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - as the base class has it
    ) -> ResponseHandler:
        leg = current.get()
        protocol = None
        if leg is not None and not leg.proxied:
            protocol = await self._straight(req, leg)
        if protocol is None:
            protocol = await super()._create_connection(req, traces, timeout)
        if leg is not None:
            leg.connection_is_made()
        return protocol

    async def _straight(self, req: aiohttp.ClientRequest, leg: Leg) -> ResponseHandler | None:
        """Connect to the only address there is; ``None`` where there is not just one."""
        host, port = req.url.raw_host, req.url.port
        if host is None or port is None:
            return None
        if not (address := as_address(host)):
            if not host.strip(".0123456789"):
                return None  # an address cut short, which aiohttp refuses
            address, *others = await self._names.addresses(leg, host, self.family)
            if others:
                return None
        leg.address = address
        tls = self._tls if req.is_ssl() else None
        _, protocol = await self._loop.create_connection(
            self._factory,
            address,
            port,
            ssl=tls,
            server_hostname=host.rstrip(".") if tls else None,
            local_addr=self._source,
        )
        return protocol


class LegResolver(AbstractResolver):
    """Resolves for aiohttp, telling the leg under way, which remembers what it was told."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    async def addresses(self, leg: Leg, host: str, family: int) -> tuple[str, ...]:
        """Return the addresses of *host* in the order in which to try them; at least one."""
        if not leg.addresses:
            leg.name_is_asked()
            found = await self._lookup.addresses(host, socket.AddressFamily(family))
            leg.name_is_resolved(found)
        return leg.addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the same in aiohttp's form."""
        leg = current.get()
        if leg is None:
            return _results(host, port, await self._lookup.addresses(host, family))
        return _results(host, port, await self.addresses(leg, host, family))

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
