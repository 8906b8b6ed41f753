"""One request on one connection of its own, and nothing left behind."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from probe.domain.failure import FailureReason, Phase
from probe.domain.request import Request
from probe.domain.target import Egress
from tests.builders import BODY, an_endpoint
from tests.integration.transport.faults import CRLF, answer, redirect, serve, until
from tests.integration.transport.prober import HASTY

PROTOCOL = (FailureReason.PROTOCOL, Phase.WAIT)


async def test_a_refused_connection_is_a_connect_failure(prober):
    attempted = await prober.probe("http://127.0.0.1:9/f")
    assert attempted.failure == (FailureReason.CONNECT, Phase.CONNECT)
    assert attempted.detail == "connection refused"
    assert attempted.download.status is None


async def test_a_server_that_closes_without_an_answer_is_asked_once(prober):
    """Aiohttp would ask again, even on a fresh connection."""

    async def script(wire) -> None:
        await wire.request()

    async with serve(script) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == PROTOCOL
    assert attempted.detail == "closed before any answer"
    assert server.connections == len(server.requests) == 1


async def test_a_server_that_resets_without_an_answer_is_asked_once(prober):
    async def script(wire) -> None:
        await wire.request()
        wire.reset()

    async with serve(script) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == PROTOCOL
    assert server.connections == len(server.requests) == 1


async def test_a_server_that_closes_at_once_is_asked_once(prober):
    async def script(wire) -> None:
        wire.writer.close()

    async with serve(script) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == PROTOCOL
    assert server.connections == 1


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "the answer is not HTTP"),
        (b"\x00\x01\x02\x03\r\n\r\n", "the answer is not HTTP"),
        (b"<html>hello</html>\r\n\r\n", "the answer is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "malformed HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "malformed HTTP"),
    ],
)
async def test_what_is_not_http_is_a_protocol_failure(prober, said, detail):
    async with serve(said) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == PROTOCOL
    assert attempted.detail == detail


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        (b"X-Long: " + b"a" * 70_000, "headers over the limit"),
        (b"X" * 70_000 + b": a", "headers over the limit"),
        (CRLF.join(b"X-%d: a" % number for number in range(520)), "malformed HTTP"),
    ],
)
async def test_headers_over_the_limit_are_a_protocol_failure(prober, header, detail):
    said = b"HTTP/1.1 200 OK" + CRLF + header + CRLF + b"Content-Length: 0" + CRLF + CRLF
    async with serve(said) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == PROTOCOL
    assert attempted.detail == detail


async def test_a_status_line_over_the_limit_is_a_protocol_failure(prober):
    async with serve(answer(status="200 " + "a" * 70_000)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == PROTOCOL


async def test_headers_up_to_the_limit_are_taken(prober):
    fields = CRLF.join(b"X-%d: a" % number for number in range(500))
    location = b"X-Long: " + b"a" * 60_000
    said = answer().replace(b"OK\r\n", b"OK\r\n" + fields + CRLF + location + CRLF, 1)
    async with serve(said) as server:
        assert (await prober.probe(server.url)).passed


async def test_a_signed_location_of_60_kb_is_followed(prober):
    query = "sig=" + "a%2F" * 15_000
    async with serve(answer()) as goal, serve(redirect(f"{goal.origin}/f?{query}")) as server:
        assert (await prober.probe(server.url)).passed
    assert goal.path() == f"/f?{query}"


async def test_two_attempts_share_no_connection(prober):
    """The server would keep it open; a consumer comes with a new one."""

    async def script(wire) -> None:
        while True:
            await wire.request()
            await wire.send(answer(connection="keep-alive"))

    async with serve(script) as server:
        for _ in range(3):
            assert (await prober.probe(server.url)).passed
    assert server.connections == len(server.requests) == 3
    assert len(set(server.sockets)) == 3


async def test_attempts_at_once_share_no_connection(prober):
    async with serve(answer()) as server:
        attempts = await asyncio.gather(*(prober.probe(server.url) for _ in range(20)))
    assert all(attempted.passed for attempted in attempts)
    assert server.connections == len(server.requests) == 20
    assert {attempted.download.peer_address for attempted in attempts} == {"127.0.0.1"}


async def test_the_callers_headers_are_sent(prober):
    headers = {"Host": "dl.example.com", "User-Agent": "curl/8", "Accept-Language": "nl"}
    async with serve(answer()) as server:
        await prober.probe(server.url, headers=headers)
    assert {name: server.header(name) for name in headers} == headers


async def test_what_asks_says_so(prober):
    async with serve(answer()) as server:
        await prober.probe(server.url)
    assert server.header("user-agent").startswith("delivery-probe/")
    assert server.requests[0].lower().count(b"\r\nuser-agent:") == 1


async def test_a_request_may_have_a_body(prober):
    said: list[bytes] = []

    async def script(wire) -> None:
        head = await wire.request()
        assert b"Content-Length: 9\r\n" in head
        said.append(await wire.reader.readexactly(9))
        await wire.send(answer(b'{"token": "t"}'))
        await wire.until_gone()

    async with serve(script) as server:
        request = Request(server.origin, an_endpoint(), method="POST", body=b"grant=all")
        download = await prober.fetcher.fetch(request)
    assert said == [b"grant=all"]
    assert (download.status, download.sample) == (200, b'{"token": "t"}')


async def test_a_request_body_is_not_taken_to_another_origin(prober):
    async with serve(answer()) as goal:
        said = redirect(f"{goal.origin}/f", "307 Temporary Redirect")
        async with serve(said) as server:
            request = Request(server.origin, an_endpoint(), method="POST", body=b"hush")
            download = await prober.fetcher.fetch(request)
    assert download.failure is not None
    assert download.failure.reason is FailureReason.REDIRECT
    assert goal.connections == 0


async def test_a_request_leaves_from_the_source_address(prober):
    async with serve(answer()) as server:
        attempted = await prober.probe(server.url, egress=Egress(source_address="127.0.0.7"))
    assert attempted.passed
    assert server.sockets[0][0] == "127.0.0.7"


async def test_a_source_address_that_is_not_ours_is_our_own_fault(prober):
    async with serve(answer()) as server:
        attempted = await prober.probe(server.url, egress=Egress(source_address="192.0.2.7"))
    assert attempted.failure == (FailureReason.UPLINK, Phase.CONNECT)
    assert attempted.ours


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/f", "127.0.0.1/f", "//127.0.0.1/f", "http:///f", "http://a b/f"]
)
async def test_a_url_that_cannot_be_asked_for_says_nothing_of_the_artifact(prober, url):
    attempted = await prober.probe(url)
    assert attempted.failure == (FailureReason.INTERNAL, Phase.RESOLVE)
    assert attempted.ours


@pytest.mark.parametrize("scheme", ["HTTP", "HtTp"])
async def test_a_scheme_of_any_case_is_the_scheme(prober, scheme):
    async with serve(answer()) as server:
        assert (await prober.probe(server.url.replace("http", scheme))).passed


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_nothing_stays_open_whatever_goes_wrong(prober, tls):
    async def cut(wire) -> None:
        await wire.request()
        await wire.send(answer(BODY[:4], content_length="99"))

    async def mute(wire) -> None:
        await wire.until_gone()

    async def stuck(wire) -> None:
        await wire.request()
        await wire.send(answer(BODY, content_length="99"))
        await wire.until_gone()

    hasty = replace(HASTY, first_byte_seconds=0.1, stall_seconds=0.1, connect_seconds=0.1)
    async with (
        serve(answer(), tls=tls) as good,
        serve(cut) as short,
        serve(mute) as silent,
        serve(stuck, tls=tls) as stalled,
        serve(redirect("/f")) as loop,
        serve(answer(BODY + b"x" * 3_000_000), tls=tls) as large,
        serve(answer(b"x" * 3_000_000, "404 Not Found")) as missing,
    ):
        urls = [server.url for server in (good, short, silent, stalled, loop, large, missing)]
        urls += [silent.url.replace("http", "https"), "http://127.0.0.1:9/f"]
        await asyncio.gather(*(prober.probe(url, limits=hasty) for url in urls))
        await until(lambda: not any(s._talks for s in (short, silent, stalled, loop, large)))
        before = open_files()
        for _ in range(3):
            await asyncio.gather(*(prober.probe(url, limits=hasty) for url in urls * 3))
        await until(lambda: open_files() <= before)


async def test_nothing_stays_open_when_cancelled(prober):
    async def mute(wire) -> None:
        await wire.until_gone()

    async with serve(mute) as server:
        attempts = [asyncio.ensure_future(prober.probe(server.url)) for _ in range(10)]
        await until(lambda: server.connections == 10)
        for attempt in attempts:
            attempt.cancel()
        await asyncio.gather(*attempts, return_exceptions=True)
        await until(lambda: not server._talks)


async def test_the_phases_of_a_cold_https_download_are_all_there(prober, tls):
    async with serve(answer(), tls=tls) as server:
        attempted = await prober.probe(server.url.replace("127.0.0.1", "localhost"))
    expected = {Phase.RESOLVE, Phase.CONNECT, Phase.TLS, Phase.WAIT, Phase.TRANSFER}
    assert attempted.phases == expected
