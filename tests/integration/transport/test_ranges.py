"""The first and the last part of a large artifact."""

import hashlib

import pytest

from probe.domain.artifact import Digest, DigestAlgorithm
from probe.domain.failure import FailureReason, Phase
from probe.domain.observation import Passed, Proof
from probe.domain.target import SLICE_BYTES, Depth, Slice
from tests.builders import an_artifact
from tests.integration.transport.faults import answer, serve

BIG = bytes(range(256)) * 4096 * 2
SIZE = len(BIG)
ARTIFACT = an_artifact(
    "widget.bin",
    size=SIZE,
    digests=(Digest(DigestAlgorithm.SHA256, hashlib.sha256(BIG).hexdigest()),),
)
WRONG_RANGE = (FailureReason.SIZE_MISMATCH, Phase.WAIT)


def part(first: int, last: int, said: str | None = None, **headers: str) -> bytes:
    content_range = said if said is not None else f"bytes {first}-{last}/{SIZE}"
    return answer(
        BIG[first : last + 1], "206 Partial Content", content_range=content_range, **headers
    )


FIRST = part(0, SLICE_BYTES - 1)


async def probe_range(prober, said: bytes, **fields: object):
    async with serve(said) as server:
        attempted = await prober.probe(server.url, ARTIFACT, depth=Depth.RANGE, **fields)
    return attempted, server


async def test_the_first_part_passes_by_its_size(prober):
    attempted, server = await probe_range(prober, FIRST)
    assert attempted.verdict == Passed(Proof.SIZE)
    assert server.header("range") == f"bytes=0-{SLICE_BYTES - 1}"
    assert server.header("if-range") is None
    assert attempted.download.digests == ()


async def test_the_last_part_ends_with_the_last_byte(prober):
    said = part(SIZE - SLICE_BYTES, SIZE - 1)
    attempted, server = await probe_range(prober, said, part=Slice.LAST, etag='"one"')
    assert attempted.passed
    assert server.header("range") == f"bytes={SIZE - SLICE_BYTES}-{SIZE - 1}"
    assert server.header("if-range") == '"one"'


async def test_a_weak_entity_tag_is_no_condition_for_a_range(prober):
    _, server = await probe_range(prober, FIRST, etag='W/"one"')
    assert server.header("if-range") is None


@pytest.mark.parametrize(
    "said",
    [
        f"bytes 1-{SLICE_BYTES}/{SIZE}",
        f"bytes 0-{SLICE_BYTES - 1}/{SIZE + 1}",
        f"bytes 0-{SLICE_BYTES - 2}/{SIZE}",
        "bytes 0-1",
        "nonsense",
        "",
    ],
)
async def test_another_content_range_is_a_size_mismatch(prober, said):
    attempted, _ = await probe_range(prober, part(0, SLICE_BYTES - 1, said))
    assert attempted.failure == WRONG_RANGE


async def test_a_size_that_is_not_told_is_no_mismatch(prober):
    said = part(0, SLICE_BYTES - 1, f"bytes 0-{SLICE_BYTES - 1}/*")
    attempted, _ = await probe_range(prober, said)
    assert attempted.passed


async def test_a_range_that_is_ignored_is_a_size_mismatch(prober):
    attempted, _ = await probe_range(prober, answer(BIG))
    assert attempted.failure == (FailureReason.SIZE_MISMATCH, Phase.TRANSFER)
    assert attempted.detail == "the Range was ignored: status 200 with the whole file"
    assert attempted.download.bytes_received == SLICE_BYTES + 1


async def test_a_range_that_cannot_be_had_is_a_client_error(prober):
    said = answer(b"", "416 Range Not Satisfiable", content_range="bytes */7")
    attempted, _ = await probe_range(prober, said)
    assert attempted.failure == (FailureReason.HTTP_4XX, Phase.WAIT)
    assert attempted.download.headers["content-range"] == "bytes */7"


async def test_two_parts_with_different_entity_tags_are_two_files(prober):
    said = part(0, SLICE_BYTES - 1, etag='"two"')
    attempted, _ = await probe_range(prober, said, etag='"one"')
    assert attempted.failure == (FailureReason.WRONG_CONTENT, Phase.WAIT)
    assert attempted.detail == "the ETag changed between two ranges"


async def test_a_new_file_instead_of_the_range_is_an_entity_tag_changed(prober):
    """If-Range with an old tag is answered with the whole new file (RFC 9110 section 13.1.5)."""
    attempted, _ = await probe_range(prober, answer(BIG, etag='"two"'), etag='"one"')
    assert attempted.failure == (FailureReason.WRONG_CONTENT, Phase.WAIT)


async def test_many_parts_for_one_are_wrong_content(prober):
    said = answer(BIG[:9], "206 Partial Content", content_type="multipart/byteranges; boundary=x")
    attempted, _ = await probe_range(prober, said)
    assert attempted.failure == (FailureReason.WRONG_CONTENT, Phase.WAIT)


async def test_a_part_cut_short_is_truncated(prober):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(FIRST[:-1])

    async with serve(script) as server:
        attempted = await prober.probe(server.url, ARTIFACT, depth=Depth.RANGE)
    assert attempted.failure == (FailureReason.TRUNCATED, Phase.TRANSFER)
