"""Listening, and what a connection has to keep to."""

import asyncio
from contextlib import suppress

import aiohttp
import pytest

from probe.ports import Rendered
from probe.web import CannotListen, Entrance, Pages, serve


async def test_an_address_that_is_taken_is_named_on_one_line(start, world):
    taken = await start()
    with pytest.raises(CannotListen) as raised:
        await serve(world.site(), Entrance("127.0.0.1", taken.port))
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
        await serve(world.site(), Entrance(host, port))
    assert str(raised.value) == why


async def test_an_address_that_python_passes_over_is_named_as_the_system_would(world, monkeypatch):
    # As asyncio does since Python 3.12, where the address is not of this machine.
    async def passing_over(*_: object, **__: object) -> None:
        raise OSError("could not bind on any address out of [('192.0.2.1', 0)]")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", passing_over)
    with pytest.raises(CannotListen, match=r"^cannot listen on 192.0.2.1:0: Cannot assign"):
        await serve(world.site(), Entrance("192.0.2.1", 0))


async def test_a_connection_too_many_is_told_so_while_all_others_are_answered(start, world):
    begun, end = asyncio.Event(), asyncio.Event()

    class Slow:
        async def render(self, *_: object) -> Rendered:
            begun.set()
            await end.wait()
            return Rendered("text/plain", (b"",))

    serving = await start(connections=1, exposition=Slow())
    _, first = await asyncio.open_connection("127.0.0.1", serving.port)
    first.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    await begun.wait()
    assert (await status_line(serving.port)).startswith(b"HTTP/1.1 503 ")
    end.set()
    first.close()


async def test_clients_that_say_nothing_keep_nobody_out(start):
    serving = await start(connections=4)
    silent = [await asyncio.open_connection("127.0.0.1", serving.port) for _ in range(20)]
    for _, writer in silent:
        writer.write(b"GET / HTT")
    assert await status_line(serving.port) == b"HTTP/1.1 200 OK\r\n"
    gone = [reader for reader, _ in silent[:16]]
    assert [await reader.read() for reader in gone] == [b""] * 16
    for _, writer in silent:
        writer.close()


async def test_who_was_silent_for_longest_has_to_go_first(start):
    serving = await start(connections=2)
    one, two = [await asyncio.open_connection("127.0.0.1", serving.port) for _ in range(2)]
    for reader, writer in (two, one):
        writer.write(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"healthy\n")
    assert await status_line(serving.port) == b"HTTP/1.1 200 OK\r\n"
    assert await two[0].read() == b""
    one[1].write(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
    assert await one[0].readline() == b"HTTP/1.1 200 OK\r\n"
    for _, writer in (one, two):
        writer.close()


async def status_of(port: int, path: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status


async def test_an_entrance_for_scrapers_has_metrics_and_health_and_nothing_else(start):
    serving = await start(pages=Pages.SCRAPED)
    paths = ("/metrics", "/-/healthy", "/-/ready", "/", "/config", "/probe", "/api/v1/targets")
    statuses = [await status_of(serving.port, path) for path in paths]
    assert statuses == [200, 200, 200, 404, 404, 404, 404]


async def test_the_other_entrance_has_all_but_metrics(start):
    serving = await start(pages=Pages.OTHERS)
    paths = ("/metrics", "/-/healthy", "/", "/config", "/api/v1/targets")
    statuses = [await status_of(serving.port, path) for path in paths]
    assert statuses == [404, 200, 200, 200, 200]


async def test_pages_are_under_the_prefix_and_nowhere_else(start):
    serving = await start(prefix="/delivery", base="/delivery")
    paths = ("/delivery/", "/delivery/metrics", "/delivery/-/ready", "/metrics", "/")
    statuses = [await status_of(serving.port, path) for path in paths]
    assert statuses == [200, 200, 200, 404, 404]


async def test_the_configuration_in_force_is_shown_as_it_is_kept(start):
    serving = await start(configuration=lambda: "regions:\n- name: eu\n")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{serving.port}/config") as answer,
    ):
        assert answer.headers["Content-Type"] == "application/yaml; charset=utf-8"
        assert await answer.text() == "regions:\n- name: eu\n"


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
    again = await serve(world.site(), Entrance("127.0.0.1", serving.port))
    await again.stop()
