"""Asks nameservers for addresses, afresh each time: nothing is cached, nobody else is asked."""

import asyncio
import secrets
from collections.abc import Sequence

from probe.transport.dns_message import Answer, RecordType, answer, question

DNS_PORT = 53
SECONDS_PER_TRY = 2.0
_ROUNDS = 2


class NoAnswer(Exception):
    """No nameserver answered; ``refused`` if each of them is known not to be there."""

    def __init__(self, *, refused: bool) -> None:
        super().__init__("no nameserver answered")
        self.refused = refused


def nameserver_address(text: str) -> tuple[str, int]:
    """
    Read ``9.9.9.9``, ``9.9.9.9:5353``, ``2620:fe::fe`` or ``[2620:fe::fe]:5353``.

    Raises:
        ValueError: the port is no number.
    """
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, int(port.removeprefix(":") or DNS_PORT)
    host, colon, port = text.partition(":")
    return (host, int(port)) if colon and ":" not in port else (text, DNS_PORT)


async def ask(nameservers: Sequence[str], host: str, record: RecordType) -> Answer:
    """
    Return the first answer that any of *nameservers* gives, each asked twice in turn.

    Raises:
        NoAnswer: none answered.
        ValueError: *host* cannot be a name.
    """
    refusals = 0
    for _ in range(_ROUNDS):
        for server in nameservers:
            message = question(secrets.randbelow(1 << 16), host, record)
            try:
                async with asyncio.timeout(SECONDS_PER_TRY):
                    return await _exchange(nameserver_address(server), message)
            except TimeoutError:
                continue
            except OSError:
                refusals += 1
    raise NoAnswer(refused=refusals == _ROUNDS * len(nameservers))


async def _exchange(server: tuple[str, int], message: bytes) -> Answer:
    # A fresh port for each question, picked by the system, is half of what defeats spoofing.
    transport, asking = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Asking(message), remote_addr=server
    )
    try:
        said = await asking.answered
    finally:
        transport.close()
    return await _exchange_by_stream(server, message) if said.truncated else said


class _Asking(asyncio.DatagramProtocol):
    def __init__(self, message: bytes) -> None:
        self._message = message
        self.answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override] # the base class knows no datagrams
        transport.sendto(self._message)

    def datagram_received(self, data: bytes, _addr: object) -> None:
        try:
            said = answer(self._message, data)
        except ValueError:
            return  # anybody can send a datagram: wait for the one that answers
        if not self.answered.done():
            self.answered.set_result(said)

    def error_received(self, exc: Exception) -> None:
        if not self.answered.done():
            self.answered.set_exception(exc)


async def _exchange_by_stream(server: tuple[str, int], message: bytes) -> Answer:
    reader, writer = await asyncio.open_connection(*server)
    try:
        writer.write(len(message).to_bytes(2) + message)
        length = int.from_bytes(await reader.readexactly(2))
        return answer(message, await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ValueError) as error:
        raise OSError("a broken answer over TCP") from error
    finally:
        writer.close()
