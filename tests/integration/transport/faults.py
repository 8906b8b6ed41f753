"""A server made of bytes: it does exactly what a test's script says, and remembers what it got."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.builders import BODY

CRLF = b"\r\n"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def answer(body: bytes = BODY, status: str = "200 OK", **headers: str) -> bytes:
    """An answer whose Content-Length is right unless a header says otherwise."""
    fields = {"content_length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def redirect(location: str, status: str = "302 Found", **headers: str) -> bytes:
    return answer(b"", status, location=location, **headers)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until *condition* is so; fail when it never is."""
    for _ in range(1_000_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("never so")


class Wire:
    """One connection, seen from the server."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: list[bytes]
    ) -> None:
        self.reader = reader
        self.writer = writer
        self._seen = seen

    async def request(self) -> bytes:
        """Read the head of one request."""
        head = await self.reader.readuntil(CRLF + CRLF)
        self._seen.append(head)
        return head

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def until_gone(self) -> None:
        """Wait until the client has closed, reading whatever it still says."""
        while await self.reader.read(65536):
            pass

    def reset(self) -> None:
        """Close with a TCP reset."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.writer.transport.abort()


Script = Callable[[Wire], Awaitable[None]]


class FaultServer:
    """Runs one script for each connection."""

    def __init__(self, script: Script, scheme: str) -> None:
        self._script = script
        self._scheme = scheme
        self._talks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.requests: list[bytes] = []
        self.sockets: list[tuple[str, int]] = []
        self.port = 0

    @property
    def origin(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/{{version}}/{{name}}"

    def header(self, name: str, request: int = 0) -> str | None:
        """The value of a header of a request, or None if it was not sent."""
        for line in self.requests[request].decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None

    def path(self, request: int = 0) -> str:
        return self.requests[request].split(b" ")[1].decode()

    def method(self, request: int = 0) -> str:
        return self.requests[request].split(b" ")[0].decode()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        self.connections += 1
        self.sockets.append(writer.get_extra_info("peername"))
        try:
            await self._script(Wire(reader, writer, self.requests))
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # the client is allowed to go at any time, and so is the test
        finally:
            writer.close()
            self._talks.discard(task)

    async def stop(self) -> None:
        for task in list(self._talks):
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)


@asynccontextmanager
async def serve(
    script: Script | bytes, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[FaultServer]:
    """Serve a script, or the same bytes to every request."""
    said = script
    if isinstance(said, bytes):

        async def script(wire: Wire) -> None:
            await wire.request()
            await wire.send(said)
            await wire.until_gone()

    faults = FaultServer(script, "https" if tls else "http")  # type: ignore[arg-type]
    server = await asyncio.start_server(faults._talk, host, 0, ssl=tls)
    faults.port = server.sockets[0].getsockname()[1]
    try:
        yield faults
    finally:
        server.close()
        await faults.stop()


def routes(**paths: bytes) -> Script:
    """A script that answers by the last part of the path, dots and dashes as underscores."""

    async def script(wire: Wire) -> None:
        head = await wire.request()
        path = head.split(b" ")[1].decode().partition("?")[0]
        key = path.rpartition("/")[2].replace(".", "_").replace("-", "_")
        await wire.send(paths.get(key, paths.get("other", answer(b"", "404 Not Found"))))
        await wire.until_gone()

    return script
