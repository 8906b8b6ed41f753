"""Asking a Prometheus that is slow, wrong, partial or not there."""

import asyncio
import gzip
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
import trustme

from probe.domain.evidence import Window
from probe.domain.promql import Sample
from probe.ports import EvidenceUnavailable, SecretUnavailable
from probe.transport import PrometheusAccess, open_prometheus
from tests.integration.transport.faults import answer, redirect, serve, until

NOON = datetime(2026, 8, 20, 12, tzinfo=UTC)
ONE = json.dumps(
    {
        "status": "success",
        "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1, "1"]}]},
    }
).encode()
NONE = b'{"status": "success", "data": {"resultType": "matrix", "result": []}}'
OVER = b'{"status": "error", "errorType": "execution", "error": "too many samples"}'


@asynccontextmanager
async def asking(url: str, **how: object):
    async with open_prometheus(PrometheusAccess(url, **{"timeout_seconds": 5, **how})) as opened:
        yield opened


async def fails(prometheus, match: str) -> None:
    with pytest.raises(EvidenceUnavailable, match=match):
        await prometheus.at("up", NOON)


async def test_a_query_is_posted_below_the_prefix_with_its_moment():
    async def script(wire) -> None:
        head = await wire.request()
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        bodies.append(await wire.reader.readexactly(length))
        await wire.send(answer(ONE, content_type="application/json"))

    bodies: list[bytes] = []
    async with serve(script) as server, asking(f"{server.origin}/mimir/prometheus/") as prometheus:
        assert await prometheus.at('up{a="+ &"}', NOON) == (Sample({}, 1.0),)
    assert (server.method(), server.path()) == ("POST", "/mimir/prometheus/api/v1/query")
    assert parse_qs(bodies[0].decode()) == {"query": ['up{a="+ &"}'], "time": ["1787227200.000"]}


async def test_a_query_may_be_in_the_url_instead():
    async with serve(answer(ONE)) as server, asking(server.origin, by_get=True) as prometheus:
        assert await prometheus.at('up{a="+ &"}', NOON) == (Sample({}, 1.0),)
    path, _, query = server.path().partition("?")
    assert (server.method(), path) == ("GET", "/api/v1/query")
    assert parse_qs(query) == {"query": ['up{a="+ &"}'], "time": ["1787227200.000"]}


async def test_a_range_has_a_beginning_an_end_and_a_step():
    async with serve(answer(NONE)) as server, asking(server.origin, by_get=True) as prometheus:
        window = Window(NOON - timedelta(days=7), NOON)
        assert await prometheus.over("up", window, timedelta(hours=1)) == ()
    path, _, query = server.path().partition("?")
    assert path == "/api/v1/query_range"
    assert parse_qs(query) == {
        "query": ["up"],
        "start": ["1786622400.000"],
        "end": ["1787227200.000"],
        "step": ["3600.000"],
    }


async def test_who_asks_is_said_anew_with_each_query():
    tokens = iter(["one", "two"])

    def headers() -> dict[str, str]:
        return {"Authorization": f"Bearer {next(tokens)}", "X-Scope-OrgID": "team-a"}

    async with serve(answer(ONE)) as server, asking(server.origin, headers=headers) as prometheus:
        await prometheus.at("up", NOON)
        await prometheus.at("up", NOON)
    assert [server.header("authorization", n) for n in (0, 1)] == ["Bearer one", "Bearer two"]
    assert server.header("x-scope-orgid") == "team-a"


async def test_a_packed_answer_is_unpacked():
    packed = answer(gzip.compress(ONE), content_encoding="gzip")
    async with serve(packed) as server, asking(server.origin) as prometheus:
        assert await prometheus.at("up", NOON) == (Sample({}, 1.0),)


@pytest.mark.parametrize(
    ("said", "match"),
    [
        (answer(b"<html>", content_type="text/html"), "answers with a web page"),
        (answer(b"<html>"), "its answer is not JSON"),
        (answer(ONE[:-4], content_length="9999"), "the body ended early"),
        (answer(b"nope", "502 Bad Gateway"), "it answers with status 502$"),
        (answer(OVER, "422 Unprocessable"), "it answers with status 422: too many samples$"),
        (answer(b"", "401 Unauthorized"), r"it does not let us ask \(status 401\)"),
        (answer(b"", "403 Forbidden"), r"it does not let us ask \(status 403\)"),
        (answer(b"", "405 Not Allowed"), "it takes no POST"),
        (b"SSH-2.0\r\n\r\n", "the answer is not HTTP"),
        (answer(gzip.compress(bytes(9 << 20)), content_encoding="gzip"), "when unpacked"),
        (answer(ONE, content_encoding="br"), "Content-Encoding br was not asked for"),
    ],
)
async def test_a_wrong_answer_is_none_and_is_said_in_one_line(said, match):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(said)

    async with serve(script) as server, asking(f"{server.origin}/x") as prometheus:
        with pytest.raises(EvidenceUnavailable, match=match) as refused:
            await prometheus.at("up", NOON)
    assert str(refused.value).startswith(f"Prometheus at {server.origin}/x/api/v1/query: ")
    assert len(str(refused.value).splitlines()) == 1


async def test_an_answer_over_the_cap_is_not_read_on():
    async def script(wire) -> None:
        await wire.request()
        await wire.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await wire.send(bytes(1 << 20))

    async with serve(script) as server, asking(server.origin) as prometheus:
        await fails(prometheus, "larger than 8388608 bytes")


async def test_an_answer_that_does_not_come_is_given_up():
    silent = serve(lambda wire: wire.until_gone())
    async with silent as server, asking(server.origin, timeout_seconds=0.2) as prometheus:
        await fails(prometheus, "no answer within 0.2 s")


async def test_an_answer_that_drips_is_given_up():
    async def script(wire) -> None:
        await wire.request()
        await wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
        while not wire.reader.at_eof():
            await wire.send(b" ")
            await asyncio.sleep(0)

    async with serve(script) as server, asking(server.origin, timeout_seconds=0.2) as prometheus:
        await fails(prometheus, "no answer within 0.2 s")


async def test_nobody_there_is_said():
    async with asking("http://127.0.0.1:9") as prometheus:
        await fails(
            prometheus, "^Prometheus at http://127.0.0.1:9/api/v1/query: connection refused"
        )


async def test_a_connection_that_breaks_is_not_tried_again():
    async def script(wire) -> None:
        await wire.request()

    async with serve(script) as server, asking(server.origin) as prometheus:
        await fails(prometheus, "closed before any answer")
    assert server.connections == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_credentials_go_nowhere_else(status):
    secret = {"Authorization": "Bearer hush"}
    async with serve(answer(ONE)) as goal:
        there = redirect(f"{goal.origin}/api/v1/query", status)
        async with serve(there) as server, asking(server.origin, headers=lambda: secret) as asked:
            with pytest.raises(EvidenceUnavailable, match="with a redirect") as refused:
                await asked.at("up", NOON)
    assert goal.connections == 0
    assert "hush" not in str(refused.value)


async def test_a_secret_that_is_gone_is_named_and_nobody_is_asked():
    def headers() -> dict[str, str]:
        raise SecretUnavailable("environment variable TOKEN is not set")

    async with serve(answer(ONE)) as server, asking(server.origin, headers=headers) as prometheus:
        await fails(prometheus, "environment variable TOKEN is not set")
    assert server.connections == 0


async def test_three_queries_are_under_way_at_once():
    async with serve(lambda wire: wire.until_gone()) as server, asking(server.origin) as prometheus:
        asked = [asyncio.ensure_future(prometheus.at("up", NOON)) for _ in range(9)]
        await until(lambda: server.connections == 3)
        for _ in range(1000):
            await asyncio.sleep(0)
        assert server.connections == 3
        for each in asked:
            each.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


async def test_only_the_authorities_that_are_named_are_trusted(authority, tls, tmp_path):
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    async with serve(answer(ONE), tls=tls) as server:
        async with asking(server.origin, ca=str(ca)) as prometheus:
            assert await prometheus.at("up", NOON) == (Sample({}, 1.0),)
        async with asking(server.origin) as prometheus:
            await fails(prometheus, "the certificate's issuer is unknown|a self-signed certificate")


async def test_our_own_certificate_is_shown_to_who_asks_for_it(authority, tls, tmp_path):
    ca, chain, key = (str(tmp_path / name) for name in ("ca.pem", "chain.pem", "key.pem"))
    authority.cert_pem.write_to_path(ca)
    ours = authority.issue_cert("probe")
    for blob in ours.cert_chain_pems:
        blob.write_to_path(chain, append=True)
    ours.private_key_pem.write_to_path(key)
    authority.configure_trust(tls)
    tls.verify_mode = 2
    async with serve(answer(ONE), tls=tls) as server:
        async with asking(server.origin, ca=ca, certificate=(chain, key)) as prometheus:
            assert await prometheus.at("up", NOON) == (Sample({}, 1.0),)
        async with asking(server.origin, ca=ca) as prometheus:
            with pytest.raises(EvidenceUnavailable):
                await prometheus.at("up", NOON)


async def test_files_of_tls_that_cannot_be_used_are_said(tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    chain = tmp_path / "chain.pem"
    for blob in trustme.CA().issue_cert("probe").cert_chain_pems:
        blob.write_to_path(str(chain), append=True)
    for how, why in (
        ({"ca": str(empty)}, "no certificate or crl found"),
        ({"ca": str(tmp_path / "none")}, "No such file or directory"),
        ({"certificate": (str(chain), str(empty))}, "not PEM, or no key that fits"),
    ):
        with pytest.raises(EvidenceUnavailable, match=f"^Prometheus: the files of tls: {why}$"):
            async with asking("https://127.0.0.1:9", **how):
                pass
