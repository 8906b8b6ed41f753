"""Listening, and what a connection has to keep to."""

import asyncio
from contextlib import suppress

import pytest

from probe.ports import Rendered
from probe.web import CannotListen, serve


async def test_an_address_that_is_taken_is_named_on_one_line(start, world):
    taken = await start()
    with pytest.raises(CannotListen) as raised:
        await serve(world.site(), host="127.0.0.1", port=taken.port)
    assert str(raised.value) == f"cannot listen on 127.0.0.1:{taken.port}: Address already in use"


@pytest.mark.parametrize(
    ("host", "port", "why"),
    [
        ("192.0.2.1", 0, "cannot listen on 192.0.2.1:0: Cannot assign requested address"),
        ("127.0.0.1", 70000, "cannot listen on 127.0.0.1:70000: no such port"),
    ],
)
async def test_an_address_that_cannot_be_is_named_on_one_line(world, host, port, why):
    with pytest.raises(CannotListen) as raised:
        await serve(world.site(), host=host, port=port)
    assert str(raised.value) == why


async def test_a_connection_too_many_is_told_so(start):
    serving = await start(connections=1)
    _, first = await asyncio.open_connection("127.0.0.1", serving.port)
    first.write(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
    reader, second = await asyncio.open_connection("127.0.0.1", serving.port)
    assert (await reader.read()).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    for writer in (first, second):
        writer.close()
        await writer.wait_closed()


async def test_a_client_that_stops_reading_is_hung_up_on(start):
    class Endless:
        async def render(self, *_: object) -> Rendered:
            return Rendered("text/plain", (b"x" * 65536,) * 1000)

    serving = await start(connections=1, exposition=Endless(), patience_seconds=0.05)
    reader, stuck = await asyncio.open_connection("127.0.0.1", serving.port, limit=1024)
    stuck.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readline()
    answers = [await status_line(serving.port)]
    while b"503" in answers[-1]:
        answers.append(await status_line(serving.port))
    assert len(answers) > 1
    stuck.close()
    with suppress(ConnectionError):
        await stuck.wait_closed()


async def status_line(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    line = await reader.readline()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return line


async def test_headers_over_the_limit_are_refused(start):
    serving = await start()
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Big: " + b"x" * 20000 + b"\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.0 400 ")
    writer.close()


async def test_what_is_no_request_is_no_error_of_ours(start, caplog):
    serving = await start()
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    writer.write(b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.0 400 ")
    writer.close()
    assert caplog.records == []


async def test_a_bug_behind_a_page_is_told(start, caplog):
    class Broken:
        async def render(self, *_: object) -> Rendered:
            raise KeyError("a bug")

    serving = await start(exposition=Broken())
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    assert (answer[:12], b"a bug" in answer) == (b"HTTP/1.1 500", False)
    assert [record.exc_info[0] for record in caplog.records] == [KeyError]


async def test_stopping_hangs_up_on_idle_clients_and_frees_the_port(start, world):
    serving = await start()
    reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
    writer.write(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readuntil(b"healthy\n")
    await serving.stop()
    assert await reader.read() == b""
    writer.close()
    again = await serve(world.site(), host="127.0.0.1", port=serving.port)
    await again.stop()
