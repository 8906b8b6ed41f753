"""One way of resolving names, and the system's."""

import asyncio
import socket
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Protocol

from probe.domain.failure import FailureReason

# What getaddrinfo(3) says, which is all the system's resolver tells.
_SYSTEM: Mapping[int, tuple[FailureReason, str]] = {
    socket.EAI_NONAME: (FailureReason.DNS, "no such name"),
    socket.EAI_NODATA: (FailureReason.DNS, "no address of the wanted kind"),
    socket.EAI_AGAIN: (FailureReason.DNS, "the resolver has no answer at present"),
    socket.EAI_FAIL: (FailureReason.DNS, "the resolver failed"),
    socket.EAI_MEMORY: (FailureReason.RESOLVER, "out of memory"),
    socket.EAI_SYSTEM: (FailureReason.RESOLVER, "a system error in the resolver"),
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
