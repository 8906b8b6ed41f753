"""Catalog documents: whole, bounded, and asked for without telling secrets to strangers."""

import asyncio
import gzip
import os
import zlib

import pytest

from probe.ports import MAX_DOCUMENT_BYTES, Document, DocumentUnavailable
from probe.transport import AiohttpDocuments
from probe.transport.lookup import SystemLookup
from probe.transport.session import open_session
from tests.integration.transport.faults import answer, redirect, routes, serve, until

TEXT = b'{"releases": []}'


@pytest.fixture
async def documents(trust):
    async with open_session(SystemLookup(None), trust) as session:
        yield AiohttpDocuments(session, total_seconds=5)


@pytest.fixture
async def hasty(trust):
    async with open_session(SystemLookup(None), trust) as session:
        yield AiohttpDocuments(session, total_seconds=0.2)


async def fails(documents, url: str, match: str) -> None:
    with pytest.raises(DocumentUnavailable, match=match):
        await documents.read(url)


async def test_a_document_has_a_status_headers_and_a_body(documents):
    async with serve(answer(TEXT, ETag='"1"')) as server:
        document = await documents.read(server.origin)
    headers = {"content-length": str(len(TEXT)), "etag": '"1"'}
    assert document == Document(200, headers, TEXT)


async def test_conditions_are_passed_on_and_not_modified_comes_back(documents):
    async with serve(answer(b"", "304 Not Modified")) as server:
        document = await documents.read(server.origin, {"If-None-Match": '"1"'})
    assert document.status == 304
    assert server.header("if-none-match") == '"1"'


@pytest.mark.parametrize("status", ["401 Unauthorized", "404 Not Found", "500 Oops"])
async def test_any_status_is_a_document(documents, status):
    async with serve(answer(b"no", status)) as server:
        assert (await documents.read(server.origin)).status == int(status[:3])


async def test_gzip_is_asked_for_and_undone(documents):
    packed = gzip.compress(TEXT[:5]) + gzip.compress(TEXT[5:])
    async with serve(answer(packed, content_encoding="gzip")) as server:
        assert (await documents.read(server.origin)).body == TEXT
    assert server.header("accept-encoding") == "gzip"


async def test_a_document_that_unpacks_over_the_cap_is_refused(documents):
    packer = zlib.compressobj(wbits=31)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(65)) + packer.flush()
    async with serve(answer(packed, content_encoding="gzip")) as server:
        await fails(documents, server.origin, f"larger than {MAX_DOCUMENT_BYTES} bytes when unp")


async def test_a_document_over_the_cap_is_not_read_on(documents):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await wire.send(bytes(1 << 20))

    async with serve(script) as server:
        await fails(documents, server.origin, f"larger than {MAX_DOCUMENT_BYTES} bytes")


@pytest.mark.parametrize(
    ("said", "match"),
    [
        (answer(TEXT[:4], content_length="99"), "the body ended early"),
        (answer(b"xx", content_encoding="gzip"), "its gzip encoding is broken"),
        (answer(gzip.compress(TEXT)[:-9], content_encoding="gzip"), "its gzip encoding ends early"),
        (answer(TEXT, content_encoding="br"), "Content-Encoding br was not asked for"),
        (b"SSH-2.0\r\n\r\n", "the answer is not HTTP"),
        (redirect("ftp://x/"), "an invalid Location"),
    ],
)
async def test_half_a_document_is_none(documents, said, match):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(said)

    async with serve(script) as server:
        await fails(documents, server.origin, match)


async def test_a_closed_connection_is_no_document_and_asked_for_once(documents):
    async def script(wire) -> None:
        await wire.request()

    async with serve(script) as server:
        await fails(documents, server.origin, "closed before any answer")
    assert len(server.requests) == 1


async def test_a_document_that_does_not_come_is_given_up(hasty):
    async def script(wire) -> None:
        await wire.until_gone()

    async with serve(script) as server:
        await fails(hasty, server.origin, "not read within 0.2 s")


async def test_a_refused_connection_is_no_document(documents):
    await fails(documents, "http://127.0.0.1:9/?token=hush", "^http://127.0.0.1:9/: connection ref")


async def test_an_untrusted_certificate_is_no_document(documents, tls):
    async with serve(answer(TEXT), tls=tls) as server:
        assert (await documents.read(server.origin)).body == TEXT
        url = server.origin.replace("127.0.0.1", "127.0.0.2")
        await fails(documents, url, "connection refused")


async def test_redirects_are_followed_within_bounds(documents):
    hops = {f"n{step}": redirect(f"/n{step + 1}") for step in range(9)}
    async with serve(routes(other=redirect("/n6"), **hops, n9=answer(TEXT))) as server:
        assert (await documents.read(f"{server.origin}/x")).body == TEXT
        await fails(documents, f"{server.origin}/n0", "more than 5 redirects")


async def test_a_token_does_not_go_to_another_origin(documents):
    async with serve(answer(TEXT)) as goal, serve(redirect(f"{goal.origin}/f")) as server:
        headers = {"Authorization": "Bearer hush", "PRIVATE-TOKEN": "hush", "If-None-Match": '"1"'}
        await documents.read(server.origin, headers)
    assert server.header("private-token") == "hush"
    assert b"hush" not in goal.requests[0]
    assert goal.header("if-none-match") == '"1"'


async def test_a_file_is_a_document(documents, tmp_path):
    path = tmp_path / "ma ni.json"
    path.write_bytes(TEXT)
    assert await documents.read(path.as_uri()) == Document(200, {}, TEXT)
    assert await documents.read(f"file://{tmp_path}/none") == Document(404, {}, b"")


async def test_a_file_that_cannot_be_read_is_unavailable(documents, tmp_path):
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(MAX_DOCUMENT_BYTES + 1)
    await fails(documents, tmp_path.as_uri(), "not a regular file")
    await fails(documents, large.as_uri(), f"over {MAX_DOCUMENT_BYTES} bytes")
    await fails(documents, "file://elsewhere/etc/passwd", "a file URL is")
    await fails(documents, "file:relative", "a file URL is")
    os.mkfifo(tmp_path / "pipe")
    await fails(documents, f"file://{tmp_path}/pipe", "not a regular file")
    await fails(documents, "file:///a%00b", "no such path")


@pytest.mark.parametrize("url", ["ftp://x/y", "nothing", "http://"])
async def test_other_urls_are_refused(documents, url):
    await fails(documents, url, "not a URL to read")


async def test_reading_can_be_cancelled(documents):
    async with serve(lambda wire: wire.until_gone()) as server:
        reading = asyncio.ensure_future(documents.read(server.origin))
        await until(lambda: server.connections == 1)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
