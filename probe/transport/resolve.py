"""From host names to addresses, by the system's resolver or by nameservers of one's own."""

import ipaddress
import socket
from collections.abc import Mapping
from concurrent.futures import Executor
from functools import lru_cache

from probe.domain.target import AddressFamily, Egress
from probe.transport.lookup import Lookup, SystemLookup
from probe.transport.nameservers import NameserverLookup

FAMILIES: Mapping[AddressFamily, socket.AddressFamily] = {
    AddressFamily.AUTO: socket.AF_UNSPEC,
    AddressFamily.IPV4: socket.AF_INET,
    AddressFamily.IPV6: socket.AF_INET6,
}


class Lookups:
    """The lookup that an egress asks for."""

    def __init__(self, threads: Executor) -> None:
        self._system = SystemLookup(threads)

    def of(self, egress: Egress) -> Lookup:
        """Return how names are resolved on this way out."""
        return NameserverLookup(egress.nameservers) if egress.nameservers else self._system


class EgressResolver:
    """The resolver port: every address of a host, as a region would see them."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def addresses(self, host: str, egress: Egress) -> tuple[str, ...]:
        """
        Return every address of *host*, sorted, so that the order never depends on the resolver.

        Raises:
            Unresolved: an ``OSError``; the name does not resolve.
        """
        if as_address(host):
            return (host,)
        found = await self._lookups.of(egress).addresses(host, socket.AF_UNSPEC)
        return tuple(sorted(found))


@lru_cache(maxsize=4096)
def as_address(host: str) -> str:
    """Return the IP address that *host* is, in its shortest form; empty if it is a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return ""
