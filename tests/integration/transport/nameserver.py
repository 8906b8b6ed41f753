"""A nameserver that says what a test wants, over UDP and TCP."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.rrset
from dns.rcode import NXDOMAIN, Rcode
from dns.rdatatype import AAAA, CNAME

Known = Sequence[str] | Rcode


class Nameserver(asyncio.DatagramProtocol):
    """Answers from *zone*: addresses behind an alias, or a response code."""

    def __init__(self, zone: dict[str, Known], host: str) -> None:
        self.zone = zone
        self.host = host
        self.asked: list[str] = []
        self.truncate = False
        self.cut_streams = False
        self.port = 0

    @property
    def address(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.transport.sendto(b"not even a message", addr)
        self.transport.sendto(self.reply(bytes([data[0] ^ 1]) + data[1:]), addr)
        self.transport.sendto(self.reply(data, truncate=self.truncate), addr)

    def reply(self, asked: bytes, *, truncate: bool = False) -> bytes:
        said = dns.message.make_response(dns.message.from_wire(asked), recursion_available=True)
        question = said.question[0]
        host = question.name.to_text(omit_final_dot=True)
        self.asked.append(host)
        known = self.zone.get(host, NXDOMAIN)
        if isinstance(known, Rcode):
            said.set_rcode(known)
        elif truncate:
            said.flags |= dns.flags.TC
        elif found := [ip for ip in known if (":" in ip) == (question.rdtype == AAAA)]:
            said.answer = [
                dns.rrset.from_text(question.name, 60, "IN", CNAME, f"alias.{question.name}"),
                dns.rrset.from_text(f"alias.{question.name}", 60, "IN", question.rdtype, *found),
            ]
        return said.to_wire()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
        said = self.reply(asked)
        writer.write(len(said).to_bytes(2) + said[: 12 if self.cut_streams else None])
        writer.close()


@asynccontextmanager
async def nameserver(host: str = "127.0.0.1", /, **zone: Known) -> AsyncIterator[Nameserver]:
    """Serve names under ``.test``, over UDP and TCP at one port."""
    server = Nameserver(
        {f"{name.replace('_', '-')}.test": known for name, known in zone.items()}, host
    )
    streams, datagrams = await _open(server)
    try:
        yield server
    finally:
        streams.close()
        datagrams.close()


async def _open(server: Nameserver) -> tuple[asyncio.Server, asyncio.DatagramTransport]:
    for _ in range(20):
        streams = await asyncio.start_server(server.talk, server.host, 0)
        server.port = streams.sockets[0].getsockname()[1]
        try:
            datagrams, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: server, local_addr=(server.host, server.port)
            )
        except OSError:  # somebody has that port for datagrams: take another
            streams.close()
        else:
            return streams, datagrams
    raise AssertionError("no port is free for both")
