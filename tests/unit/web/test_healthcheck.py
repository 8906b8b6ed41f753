"""A service that is asked from beside it, by another process."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trustme

from probe.health import HEALTHY, READY, Answer, ask
from tests.daemon import free_port

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nhealthy\n"
TURNED_AWAY = b"HTTP/1.1 %d Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def asked(port: int, page: str = HEALTHY, host: str = "127.0.0.1", **more: object) -> Answer:
    answer = await asyncio.to_thread(ask, (host, port), page, **more)
    return Answer(answer.fine, re.sub(r":\d+\b", ":PORT", answer.line))


@asynccontextmanager
async def says(sent: bytes, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Answer whatever is asked with *sent*; yield the port."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(sent)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(converse, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


def tls(*, client_certificate: bool = False) -> ssl.SSLContext:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("probe.example").configure_cert(context)
    if client_certificate:
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


async def test_a_service_that_answers_is_healthy_wherever_it_listens(start):
    serving = await start()
    assert await asked(serving.port) == Answer(fine=True, line="healthy")
    assert await asked(serving.port, host="0.0.0.0") == Answer(fine=True, line="healthy")


async def test_a_service_is_asked_where_its_pages_are(start):
    serving = await start(prefix="/delivery")
    answer = await asked(serving.port, prefix="/delivery")
    assert answer == Answer(fine=True, line="healthy")
    assert not (await asked(serving.port)).fine


async def test_a_service_without_a_catalog_is_healthy_but_not_ready(start, world):
    serving = await start()
    assert await asked(serving.port, READY) == Answer(fine=True, line="ready")
    world.status.is_ready = False
    assert await asked(serving.port) == Answer(fine=True, line="healthy")
    line = "not ready: no catalog has been read yet"
    assert await asked(serving.port, READY) == Answer(fine=False, line=line)


async def test_nobody_who_listens_is_not_healthy():
    line = "127.0.0.1:PORT does not answer: Connection refused"
    assert await asked(free_port()) == Answer(fine=False, line=line)


async def test_who_accepts_and_says_nothing_is_not_healthy():
    async with says(b"") as port:
        line = "127.0.0.1:PORT does not answer: timed out"
        assert await asked(port, seconds=0.1) == Answer(fine=False, line=line)


async def test_a_service_behind_tls_is_asked_over_tls():
    async with says(OK, tls()) as port:
        assert await asked(port) == Answer(fine=True, line="healthy")


async def test_who_wants_a_certificate_of_its_clients_is_there_but_does_not_say_how_ready_it_is():
    line = "127.0.0.1:PORT answers, but does not let us in"
    async with says(OK, tls(client_certificate=True)) as port:
        assert await asked(port) == Answer(fine=True, line=line)
        assert await asked(port, READY) == Answer(fine=False, line=line)


@pytest.mark.parametrize("status", [401, 429])
async def test_who_turns_us_away_is_there_but_does_not_say_how_ready_it_is(status):
    line = "127.0.0.1:PORT answers, but does not let us in"
    async with says(TURNED_AWAY % status) as port:
        assert await asked(port) == Answer(fine=True, line=line)
        assert await asked(port, READY) == Answer(fine=False, line=line)


async def test_another_program_on_the_port_is_not_taken_for_the_service():
    async with says(b"SSH-2.0-OpenSSH_9.2\r\n") as port:
        line = "127.0.0.1:PORT speaks neither HTTP nor TLS"
        assert await asked(port, seconds=1.0) == Answer(fine=False, line=line)
