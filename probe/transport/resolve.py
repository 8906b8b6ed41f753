"""From host names to addresses, by the system's resolver or by nameservers of one's own."""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from functools import lru_cache
from typing import Protocol

from probe.domain.failure import FailureReason
from probe.domain.target import AddressFamily, Egress
from probe.transport.dns_client import NoAnswer, ask
from probe.transport.dns_message import Answer, Code, RecordType

FAMILIES: Mapping[AddressFamily, socket.AddressFamily] = {
    AddressFamily.AUTO: socket.AF_UNSPEC,
    AddressFamily.IPV4: socket.AF_INET,
    AddressFamily.IPV6: socket.AF_INET6,
}

# What getaddrinfo(3) says, which is all the system's resolver tells.
_SYSTEM: Mapping[int, tuple[FailureReason, str]] = {
    socket.EAI_NONAME: (FailureReason.DNS, "no such name"),
    socket.EAI_NODATA: (FailureReason.DNS, "no address of the wanted kind"),
    socket.EAI_AGAIN: (FailureReason.DNS, "the resolver has no answer at present"),
    socket.EAI_FAIL: (FailureReason.DNS, "the resolver failed"),
    socket.EAI_MEMORY: (FailureReason.RESOLVER, "out of memory"),
    socket.EAI_SYSTEM: (FailureReason.RESOLVER, "a system error in the resolver"),
}
_CODES: Mapping[Code, str] = {
    Code.NO_ERROR: "no address of the wanted kind",
    Code.SERVER_FAILURE: "SERVFAIL",
    Code.NAME_ERROR: "NXDOMAIN",
    Code.REFUSED: "the nameserver refuses",
}


class Unresolved(OSError):
    """A name has no address; *reason* says whether the name or the way of asking is at fault."""

    def __init__(self, reason: FailureReason, detail: str) -> None:
        super().__init__(0, detail)
        self.reason = reason
        self.detail = detail


class Lookup(Protocol):
    """One way of resolving names."""

    async def addresses(self, host: str, family: socket.AddressFamily) -> tuple[str, ...]:
        """
        Return the addresses of *host*, in the order in which to try them; at least one.

        Raises:
            Unresolved: there is none.
        """


class SystemLookup:
    """
    Asks the system's resolver, in threads of its own.

    The event loop's threads are few, and a dead resolver holds each for seconds.
    """

    def __init__(self, threads: Executor) -> None:
        self._threads = threads

    async def addresses(self, host: str, family: socket.AddressFamily) -> tuple[str, ...]:
        """Return the addresses of *host* that this machine has a route's family for."""
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, _getaddrinfo, host, family
            )
        except socket.gaierror as error:
            known = _SYSTEM.get(error.errno or 0, (FailureReason.DNS, "not resolved"))
            raise Unresolved(*known) from error
        except UnicodeError as error:
            raise Unresolved(FailureReason.DNS, "not a host name") from error


def _getaddrinfo(host: str, family: socket.AddressFamily) -> tuple[str, ...]:
    # Without a choice of family, addresses that cannot be reached from here are left out,
    # as they are for any consumer (getaddrinfo(3), AI_ADDRCONFIG).
    flags = socket.AI_ADDRCONFIG if family == socket.AF_UNSPEC else 0
    found = socket.getaddrinfo(host, None, family, socket.SOCK_STREAM, flags=flags)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class NameserverLookup:
    """Asks the nameservers it is given, and nobody else."""

    def __init__(self, nameservers: tuple[str, ...]) -> None:
        self._nameservers = nameservers

    async def addresses(self, host: str, family: socket.AddressFamily) -> tuple[str, ...]:
        """Return the addresses of *host*, IPv6 before IPv4."""
        outcomes = await asyncio.gather(*(self._ask(host, record) for record in _RECORDS[family]))
        # One kind of address is enough, whatever became of the question for the other.
        found = tuple(
            address
            for outcome in outcomes
            if isinstance(outcome, Answer)
            for address in outcome.addresses
        )
        if not found:
            raise _why_none(outcomes)
        return found

    async def _ask(self, host: str, record: RecordType) -> Answer | Unresolved:
        try:
            return await ask(self._nameservers, host, record)
        except NoAnswer as error:
            if error.refused:
                return Unresolved(FailureReason.RESOLVER, "no nameserver is there")
            return Unresolved(FailureReason.TIMEOUT, "no nameserver answered")
        except ValueError:
            return Unresolved(FailureReason.DNS, "not a host name")


_RECORDS = {
    socket.AF_UNSPEC: (RecordType.AAAA, RecordType.A),
    socket.AF_INET: (RecordType.A,),
    socket.AF_INET6: (RecordType.AAAA,),
}


def _why_none(outcomes: Sequence[Answer | Unresolved]) -> Unresolved:
    for outcome in outcomes:
        if isinstance(outcome, Unresolved):
            return outcome
    code = max(outcome.code for outcome in outcomes if isinstance(outcome, Answer))
    return Unresolved(FailureReason.DNS, _CODES.get(code, f"response code {int(code)}"))


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
        if is_address(host):
            return (host,)
        found = await self._lookups.of(egress).addresses(host, socket.AF_UNSPEC)
        return tuple(sorted(found))


@lru_cache(maxsize=4096)
def is_address(host: str) -> bool:
    """Tell whether *host* is an IP address rather than a name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
