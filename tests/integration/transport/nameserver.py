"""A nameserver that says what a test wants, over UDP and TCP."""

import asyncio
import ipaddress
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

_KINDS = {1: 4, 28: 6}
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5

Zone = Mapping[str, Sequence[str] | int]


class Nameserver(asyncio.DatagramProtocol):
    """Answers from *zone*: addresses, or a response code; ``None`` there would be silence."""

    def __init__(self, zone: dict[str, Sequence[str] | int]) -> None:
        self.zone = zone
        self.asked: list[str] = []
        self.truncate = False
        self.port = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.transport.sendto(b"not even a message", addr)
        self.transport.sendto(self.reply(bytes([data[0] ^ 1]) + data[1:]), addr)
        self.transport.sendto(self.reply(data, truncate=self.truncate), addr)

    def reply(self, asked: bytes, *, truncate: bool = False) -> bytes:
        end = asked.index(b"\0", 12)
        labels, position = [], 12
        while position < end:
            labels.append(asked[position + 1 : position + 1 + asked[position]].decode())
            position += asked[position] + 1
        host, kind = ".".join(labels), struct.unpack("!H", asked[end + 1 : end + 3])[0]
        self.asked.append(host)
        known = self.zone.get(host, NXDOMAIN)
        code, addresses = (known, ()) if isinstance(known, int) else (0, known)
        found = [ip for ip in map(ipaddress.ip_address, addresses) if ip.version == _KINDS[kind]]
        records = [b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, 2) + b"\xc0\x0c"] if found else []
        records += [
            b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(ip.packed)) + ip.packed
            for ip in found
        ]
        flags = 0x8180 | code | (0x0200 if truncate else 0)
        kept = [] if truncate else records
        head = asked[:2] + struct.pack("!HHHHH", flags, 1, len(kept), 0, 0)
        return head + asked[12 : end + 5] + b"".join(kept)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
        said = self.reply(asked)
        writer.write(len(said).to_bytes(2) + said)
        writer.close()


@asynccontextmanager
async def nameserver(**zone: Sequence[str] | int) -> AsyncIterator[Nameserver]:
    """Serve names under ``.test``, over UDP and TCP at one port."""
    server = Nameserver({f"{name.replace('_', '-')}.test": known for name, known in zone.items()})
    streams, datagrams = await _open(server)
    try:
        yield server
    finally:
        streams.close()
        datagrams.close()


async def _open(server: Nameserver) -> tuple[asyncio.Server, asyncio.DatagramTransport]:
    for _ in range(20):
        streams = await asyncio.start_server(server.talk, "127.0.0.1", 0)
        server.port = streams.sockets[0].getsockname()[1]
        try:
            datagrams, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: server, local_addr=("127.0.0.1", server.port)
            )
        except OSError:  # somebody has that port for datagrams: take another
            streams.close()
        else:
            return streams, datagrams
    raise AssertionError("no port is free for both")
