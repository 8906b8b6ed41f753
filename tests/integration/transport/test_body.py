"""Whether the bytes are all there, and the right ones."""

import asyncio
import gzip
import hashlib
import zlib
from dataclasses import replace

import pytest

from probe.domain.artifact import Digest, DigestAlgorithm
from probe.domain.failure import FailureReason, Phase
from probe.domain.observation import Passed, Proof
from probe.domain.target import Earlier, Limits
from tests.builders import BODY, an_artifact, sha256
from tests.integration.transport.faults import answer, serve

TRUNCATED = (FailureReason.TRUNCATED, Phase.TRANSFER)
OVERSIZE = (FailureReason.SIZE_MISMATCH, Phase.TRANSFER)
WRONG = (FailureReason.WRONG_CONTENT, Phase.TRANSFER)
PLAIN = an_artifact("widget.bin", b"the right bytes")

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\n"


def in_chunks(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return CHUNKED + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def then_close(*pieces: bytes):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(*pieces)

    return script


async def test_the_right_bytes_pass_by_their_digest(prober):
    async with serve(answer()) as server:
        attempted = await prober.probe(server.url)
    assert attempted.verdict == Passed(Proof.DIGEST)
    assert attempted.download.digests == (sha256(BODY),)
    assert attempted.download.sample == BODY


@pytest.mark.parametrize("algorithm", DigestAlgorithm)
async def test_every_published_digest_is_computed_and_no_other(prober, algorithm):
    digest = Digest(algorithm, hashlib.new(algorithm, BODY).hexdigest())
    async with serve(answer()) as server:
        attempted = await prober.probe(server.url, an_artifact(digests=(digest,)))
    assert attempted.download.digests == (digest,)


async def test_chunks_are_a_whole_body(prober):
    async with serve(in_chunks(BODY[:5], BODY[5:])) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed
    assert attempted.download.complete


async def test_a_body_that_ends_with_its_connection_is_whole(prober):
    async with serve(then_close(UNTIL_CLOSE, BODY)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed
    assert attempted.download.complete


async def test_a_body_shorter_than_its_content_length_is_truncated(prober):
    async with serve(then_close(answer(BODY[:-1], content_length=str(len(BODY))))) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == TRUNCATED
    assert attempted.download.status == 200
    assert attempted.download.bytes_received == len(BODY) - 1
    assert not attempted.download.complete


async def test_chunks_without_their_end_are_truncated(prober):
    async with serve(then_close(in_chunks(BODY, end=b""))) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == TRUNCATED


async def test_a_chunk_cut_short_is_truncated(prober):
    async with serve(then_close(CHUNKED, b"%x\r\n" % len(BODY), BODY[:4])) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == TRUNCATED
    assert attempted.download.bytes_received == 4


async def test_a_connection_that_ends_too_early_is_told_by_the_published_size(prober):
    async with serve(then_close(UNTIL_CLOSE, BODY[:-1])) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == TRUNCATED
    assert attempted.detail == f"{len(BODY) - 1} bytes of {len(BODY)}"
    assert attempted.download.complete


@pytest.mark.parametrize("head", [answer(b"", content_length="1000"), CHUNKED, UNTIL_CLOSE])
async def test_a_reset_in_the_body_is_truncation(prober, clock, head):
    seen = asyncio.Event()
    body = b"400\r\nabc" if head is CHUNKED else BODY[:5]

    async def script(wire) -> None:
        await wire.request()
        await wire.send(head, body)
        await seen.wait()
        wire.reset()

    async with serve(script) as server:
        artifact = an_artifact("widget.bin", size=1000, digests=())
        attempt = asyncio.ensure_future(prober.probe(server.url, artifact))
        await clock.read_times(3)  # start, connection, headers
        seen.set()
        attempted = await attempt
    assert attempted.failure == TRUNCATED
    assert not attempted.download.complete


async def test_what_follows_a_body_is_no_part_of_it(prober):
    """RFC 9112 section 6.3: a user agent may discard it."""

    async def script(wire) -> None:
        await wire.request()
        await wire.send(answer())
        await wire.until_gone()
        await wire.send(b"more")

    async with serve(script) as server:
        assert (await prober.probe(server.url)).passed


async def test_more_than_the_content_length_at_once_is_not_http(prober):
    async with serve(answer(BODY + b"more", content_length=str(len(BODY)))) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.PROTOCOL, Phase.WAIT)


async def test_one_byte_more_than_published_is_enough_to_fail(prober):
    async with serve(answer(BODY + b"x" * 1_000_000)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == OVERSIZE
    assert attempted.download.bytes_received == len(BODY) + 1
    assert attempted.download.headers["content-length"] == str(len(BODY) + 1_000_000)


async def test_an_endless_body_is_left_after_one_byte_too_many(prober):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(UNTIL_CLOSE, BODY)
        while True:
            await wire.send(b"x" * 65536)

    async with serve(script) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == OVERSIZE


async def test_a_body_of_unknown_size_is_read_to_the_cap(prober):
    artifact = replace(an_artifact(), size_bytes=None)
    async with serve(answer(BODY + b"x" * 100)) as server:
        attempted = await prober.probe(server.url, artifact, limits=Limits(body_bytes=50))
    assert attempted.failure == OVERSIZE
    assert attempted.detail == "no end after 50 bytes"
    assert attempted.download.bytes_received == 50


async def test_without_a_length_anywhere_the_digest_decides(prober):
    artifact = replace(an_artifact(), size_bytes=None)
    async with serve(then_close(UNTIL_CLOSE, BODY)) as server:
        attempted = await prober.probe(server.url, artifact)
    assert attempted.verdict == Passed(Proof.DIGEST)


async def test_one_flipped_byte_is_a_checksum_mismatch(prober):
    flipped = BODY[:-1] + bytes([BODY[-1] ^ 1])
    async with serve(answer(flipped)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY)
    assert attempted.detail == f"expected {sha256(BODY)}, got {sha256(flipped)}"


@pytest.mark.parametrize("older", [BODY[:-3], BODY + b" and more", BODY[::-1]])
async def test_the_file_of_an_older_release_is_stale_whatever_its_size(prober, older):
    history = (Earlier("1.4.1", len(older), (sha256(older),)),)
    async with serve(answer(older)) as server:
        attempted = await prober.probe(server.url, history=history)
    assert attempted.failure == (FailureReason.STALE, Phase.VERIFY)
    assert attempted.detail == "serves version 1.4.1"


@pytest.mark.parametrize("size", [None, 300, len(BODY)])
async def test_a_page_of_any_size_is_no_artifact(prober, size):
    page = b"<!doctype html><title>Sign in\r\n to continue</title>"
    page += b" " * ((size or len(page)) - len(page))
    async with serve(answer(page)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == WRONG
    assert attempted.detail == "an HTML page titled 'Sign in to continue'"


async def test_a_content_type_of_html_is_believed(prober):
    async with serve(answer(b"Moved", content_type="text/html; charset=utf-8")) as server:
        attempted = await prober.probe(server.url, PLAIN)
    assert attempted.failure == WRONG


async def test_a_wrong_content_type_does_not_matter_when_the_bytes_are_right(prober):
    async with serve(answer(content_type="text/html")) as server:
        assert (await prober.probe(server.url)).passed


async def test_an_empty_body_is_wrong_content(prober):
    async with serve(answer(b"")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == WRONG
    assert attempted.detail == "an empty body"


async def test_bytes_that_cannot_be_such_a_file_are_wrong_content(prober):
    async with serve(answer(b"\x7fELF and so on")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == WRONG
    assert attempted.detail == "begins with 7f 45 4c 46 20 61 6e 64"


async def test_identity_is_what_is_asked_for(prober):
    async with serve(answer(content_encoding="identity")) as server:
        assert (await prober.probe(server.url)).passed
    assert server.header("accept-encoding") == "identity"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", bytes),
        ("zstd", bytes),
        ("x-unknown", bytes),
        ("gzip, br", bytes),
    ],
)
async def test_an_encoding_that_was_not_asked_for_is_not_undone(prober, encoding, pack):
    packed = pack(BODY)
    async with serve(answer(packed, content_encoding=encoding)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.WRONG_CONTENT, Phase.WAIT)
    assert attempted.detail == f"Content-Encoding {encoding} was not asked for"
    assert attempted.download.bytes_received <= len(BODY) + 1
    assert attempted.download.sample == packed


async def test_a_compressed_bomb_is_not_unpacked(prober):
    bomb = gzip.compress(bytes(10_000_000))
    async with serve(answer(bomb, content_encoding="gzip")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.WRONG_CONTENT, Phase.WAIT)
    assert attempted.download.bytes_received == len(BODY) + 1


async def test_a_tarball_that_is_gzip_itself_arrives_as_it_is(prober):
    tarball = gzip.compress(b"files" * 1000)
    async with serve(answer(tarball)) as server:
        assert (await prober.probe(server.url, an_artifact("w.tar.gz", tarball))).passed


async def test_a_tarball_unpacked_on_the_way_is_not_the_artifact(prober):
    tarball = gzip.compress(b"files" * 1000)
    async with serve(answer(b"files" * 1000)) as server:
        attempted = await prober.probe(server.url, an_artifact("w.tar.gz", tarball))
    assert attempted.failure == WRONG


async def test_a_large_body_is_hashed_whole(prober):
    """Beyond the first MiB another thread hashes; the order of bytes must survive that."""
    body = bytes(range(256)) * 4096 * 12 + b"end"
    async with serve(answer(body)) as server:
        attempted = await prober.probe(server.url, an_artifact("widget.bin", body))
    assert attempted.verdict == Passed(Proof.DIGEST)
    assert attempted.download.bytes_received == len(body)
    assert attempted.download.sample == body[:4096]


async def test_a_malformed_chunk_is_not_a_whole_body(prober):
    async with serve(CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n") as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.PROTOCOL, Phase.WAIT)


async def test_a_chunk_malformed_on_the_way_is_a_protocol_failure_at_once(prober, clock):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(CHUNKED, b"3\r\nabc\r\n")
        await clock.read_times(3)  # start, connection, headers
        await wire.send(b"zz\r\n")
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url, PLAIN)
    assert attempted.failure == (FailureReason.PROTOCOL, Phase.TRANSFER)
    assert attempted.detail == "a malformed chunk"
    assert attempted.download.bytes_received == 3
