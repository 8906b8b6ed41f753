"""By way of a forward proxy: what it refuses is our own fault, what lies beyond is not."""

import asyncio
from dataclasses import replace

import pytest

from probe.domain.failure import FailureReason, Phase
from probe.domain.target import Egress
from probe.ports import SecretUnavailable
from tests.integration.transport.faults import FaultServer, answer, serve
from tests.integration.transport.prober import HASTY

UPLINK = (FailureReason.UPLINK, Phase.CONNECT)


async def tunnel(wire) -> None:
    """Open a tunnel for CONNECT; pass a plain request on, as an origin of it would see it."""
    head = await wire.request()
    if head.startswith(b"CONNECT"):
        host, _, port = head.split(b" ")[1].decode().partition(":")
    else:
        host, _, port = head.split(b"/")[2].decode().partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    if head.startswith(b"CONNECT"):
        await wire.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        writer.write(head)
    try:
        await asyncio.gather(copy(wire.reader, writer), copy(reader, wire.writer))
    finally:
        writer.close()


async def copy(reader, writer) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
    writer.close()


def through(proxy: FaultServer, **fields: object) -> Egress:
    return Egress(proxy=proxy.origin, **fields)


async def test_a_plain_download_goes_through_the_proxy(prober):
    async with serve(answer()) as server, serve(tunnel) as proxy:
        attempted = await prober.probe(server.url, egress=through(proxy))
    assert attempted.passed
    assert proxy.path().startswith(server.origin)
    assert len(server.requests) == len(proxy.requests) == 1
    assert attempted.phases == {Phase.CONNECT, Phase.WAIT, Phase.TRANSFER}


async def test_a_tls_download_goes_through_a_tunnel(prober, tls):
    async with serve(answer(), tls=tls) as server, serve(tunnel) as proxy:
        attempted = await prober.probe(server.url, egress=through(proxy))
    assert attempted.passed
    assert proxy.method() == "CONNECT"
    assert attempted.phases == {Phase.CONNECT, Phase.TLS, Phase.WAIT, Phase.TRANSFER}
    assert attempted.download.certificate_expires_at is not None


async def test_the_name_of_a_proxy_is_no_phase_of_its_own(prober):
    async with serve(answer()) as server, serve(tunnel) as proxy:
        egress = Egress(proxy=f"http://localhost:{proxy.port}")
        attempted = await prober.probe(server.url, egress=egress)
    assert attempted.passed
    assert Phase.RESOLVE not in attempted.phases


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses_is_our_own_fault(prober, scheme):
    attempted = await prober.probe(
        f"{scheme}://127.0.0.1:9/f", egress=Egress(proxy="http://127.0.0.1:9")
    )
    assert attempted.failure == UPLINK
    assert attempted.ours
    assert attempted.detail == "the proxy: connection refused"


async def test_a_proxy_whose_name_does_not_resolve_is_our_own_fault(prober):
    attempted = await prober.probe(
        "http://127.0.0.1:9/f", egress=Egress(proxy="http://proxy.invalid:3128")
    )
    assert attempted.failure == UPLINK


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "403 Forbidden"])
async def test_a_tunnel_that_is_refused_is_our_own_fault(prober, status):
    async with serve(answer(b"", status)) as proxy:
        attempted = await prober.probe("https://127.0.0.1:9/f", egress=through(proxy))
    assert attempted.failure == UPLINK
    assert attempted.ours
    assert attempted.detail == f"the proxy answered CONNECT with status {status[:3]}"
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Unavailable", "504 Gateway Timeout"])
async def test_a_tunnel_that_leads_nowhere_is_the_targets_fault(prober, status):
    async with serve(answer(b"", status)) as proxy:
        attempted = await prober.probe("https://127.0.0.1:9/f", egress=through(proxy))
    assert attempted.failure == (FailureReason.CONNECT, Phase.CONNECT)


async def test_a_proxy_that_wants_to_know_who_asks_is_our_own_fault(prober):
    async with serve(answer(b"", "407 Proxy Authentication Required")) as proxy:
        attempted = await prober.probe("http://127.0.0.1:9/f", egress=through(proxy))
    assert attempted.failure == UPLINK
    assert attempted.ours


async def test_a_proxy_that_hangs_up_on_a_tunnel_is_our_own_fault(prober):
    async def script(wire) -> None:
        await wire.request()

    async with serve(script) as proxy:
        attempted = await prober.probe("https://127.0.0.1:9/f", egress=through(proxy))
    assert attempted.failure == UPLINK
    assert len(proxy.requests) == 1


async def test_a_tunnel_that_is_not_opened_in_time_is_a_timeout_of_connecting(prober):
    async def script(wire) -> None:
        await wire.request()
        await wire.until_gone()

    async with serve(script) as proxy:
        limits = replace(HASTY)
        attempted = await prober.probe(
            "https://127.0.0.1:9/f", egress=through(proxy), limits=limits
        )
    assert attempted.failure == (FailureReason.TIMEOUT, Phase.CONNECT)


async def test_the_proxy_is_told_who_asks_and_nobody_else_is(prober, tls):
    async with (
        serve(answer(), tls=tls) as secure,
        serve(answer()) as plain,
        serve(tunnel) as proxy,
    ):
        egress = through(proxy, proxy_auth=lambda: "Basic aHVzaA==")
        assert (await prober.probe(secure.url, egress=egress)).passed
        assert (await prober.probe(plain.url, egress=egress)).passed
    assert proxy.header("proxy-authorization", 0) == "Basic aHVzaA=="
    assert proxy.header("proxy-authorization", 1) == "Basic aHVzaA=="
    assert secure.header("proxy-authorization") is None


async def test_a_secret_for_the_proxy_that_cannot_be_read_is_our_own_fault(prober):
    def unreadable() -> str:
        raise SecretUnavailable("no variable PROXY_PASSWORD")

    egress = Egress(proxy="http://127.0.0.1:9", proxy_auth=unreadable)
    attempted = await prober.probe("http://127.0.0.1:9/f", egress=egress)
    assert attempted.failure == UPLINK
    assert attempted.detail == "the proxy's secret: no variable PROXY_PASSWORD"
