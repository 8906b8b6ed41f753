"""Asks nameservers for addresses, afresh each time: nothing is cached, nobody else is asked."""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import dns.asyncbackend
import dns.asyncquery
import dns.exception
import dns.inet
import dns.message
import dns.name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from probe.domain.failure import FailureReason
from probe.transport.lookup import Unresolved

DNS_PORT = 53
SECONDS_PER_TRY = 2.0
_ROUNDS = 2
_BACKEND = dns.asyncbackend.get_backend("asyncio")

_RECORDS: Mapping[socket.AddressFamily, tuple[RdataType, ...]] = {
    socket.AF_UNSPEC: (RdataType.AAAA, RdataType.A),
    socket.AF_INET: (RdataType.A,),
    socket.AF_INET6: (RdataType.AAAA,),
}
# Other codes are told by their names, as in NXDOMAIN.
_CODES: Mapping[Rcode, str] = {
    Rcode.NOERROR: "no address of the wanted kind",
    Rcode.REFUSED: "the nameserver refuses",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a nameserver said: a code, and the addresses at the end of any chain of aliases."""

    code: Rcode
    addresses: tuple[str, ...]


class NameserverLookup:
    """Asks the nameservers it is given, and nobody else."""

    def __init__(self, nameservers: tuple[str, ...]) -> None:
        self._servers = tuple(nameserver_address(text) for text in nameservers)

    async def addresses(self, host: str, family: socket.AddressFamily) -> tuple[str, ...]:
        """Return the addresses of *host*, IPv6 before IPv4."""
        try:
            name = dns.name.from_text(host)
        except dns.exception.DNSException as error:
            raise Unresolved(FailureReason.DNS, "not a host name") from error
        outcomes = await asyncio.gather(*(self._ask(name, record) for record in _RECORDS[family]))
        # One kind of address is enough, whatever became of the question for the other.
        found = tuple(
            address
            for outcome in outcomes
            if isinstance(outcome, _Answer)
            for address in outcome.addresses
        )
        if not found:
            raise _why_none(outcomes)
        return found

    async def _ask(self, name: dns.name.Name, record: RdataType) -> _Answer | Unresolved:
        """Return the first answer that any nameserver gives, each asked twice in turn."""
        silent = False
        for server in self._servers * _ROUNDS:
            try:
                async with asyncio.timeout(SECONDS_PER_TRY):
                    return await _exchange(name, record, *server)
            except TimeoutError:
                silent = True
            except (OSError, EOFError, dns.exception.DNSException):
                continue
        if silent:
            return Unresolved(FailureReason.TIMEOUT, "no nameserver answered")
        return Unresolved(FailureReason.RESOLVER, "no nameserver is there")


def nameserver_address(text: str) -> tuple[str, int]:
    """
    Read ``9.9.9.9``, ``9.9.9.9:5353``, ``2620:fe::fe`` or ``[2620:fe::fe]:5353``.

    Raises:
        ValueError: it is no address, or the port is no number.
    """
    parts = urlsplit(f"//[{text}]" if dns.inet.is_address(text) and ":" in text else f"//{text}")
    return str(ipaddress.ip_address(parts.hostname or "")), parts.port or DNS_PORT


async def _exchange(name: dns.name.Name, record: RdataType, address: str, port: int) -> _Answer:
    # A fresh port for each question, picked by the system, is half of what defeats spoofing.
    # Only a connected socket is told that nobody listens there.
    asking = await _BACKEND.make_socket(  # type: ignore[no-untyped-call] # dnspython leaves it so
        dns.inet.af_for_address(address), socket.SOCK_DGRAM, destination=(address, port)
    )
    async with asking:
        reply, _ = await dns.asyncquery.udp_with_fallback(
            dns.message.make_query(name, record),
            address,
            port=port,
            udp_sock=asking,
            backend=_BACKEND,
            ignore_unexpected=True,
            ignore_errors=True,
        )
    return _answer(cast("dns.message.QueryMessage", reply))


def _answer(reply: dns.message.QueryMessage) -> _Answer:
    try:
        found = reply.resolve_chaining().answer
    except dns.exception.DNSException:  # as of aliases in a circle
        found = None
    return _Answer(reply.rcode(), tuple(record.to_text() for record in found or ()))


def _why_none(outcomes: Sequence[_Answer | Unresolved]) -> Unresolved:
    for outcome in outcomes:
        if isinstance(outcome, Unresolved):
            return outcome
    code = max(outcome.code for outcome in outcomes if isinstance(outcome, _Answer))
    return Unresolved(FailureReason.DNS, _CODES.get(code) or Rcode.to_text(code))
