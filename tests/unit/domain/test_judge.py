"""From facts to a verdict."""

from dataclasses import replace

import pytest

from probe.domain.artifact import MIB, Digest, DigestAlgorithm
from probe.domain.failure import DELIVERY_REASONS, OWN_REASONS, Failure, FailureReason, Phase
from probe.domain.judge import judge
from probe.domain.observation import Failed, Inconclusive, Passed, Proof
from probe.domain.target import Depth, Earlier, Slice
from tests.builders import BODY, a_download, a_probe, an_artifact, an_endpoint, sha256

OLDER = b"\x1f\x8b an older release, longer than the current one"
OTHER = b"\x1f\x8b the other bytes"


def reason_of(download, probe=None) -> tuple[FailureReason, Phase]:
    verdict = judge(probe or a_probe(), download)
    assert isinstance(verdict, Failed), verdict
    return (verdict.failure.reason, verdict.failure.phase)


def test_the_right_digest_is_the_strongest_proof():
    assert judge(a_probe(), a_download()) == Passed(Proof.DIGEST)


def test_without_a_digest_the_size_is_what_is_proved():
    probe = a_probe(artifact=an_artifact(digests=()))
    assert judge(probe, a_download()) == Passed(Proof.SIZE)


def test_without_digest_and_size_only_the_transfer_is_proved():
    probe = a_probe(artifact=replace(an_artifact(digests=()), size_bytes=None))
    assert judge(probe, a_download()) == Passed(Proof.TRANSFER)


def test_a_head_proves_the_size_it_announces_and_else_only_that_it_is_there():
    probe = a_probe(Depth.HEAD)
    announced = a_download(b"", headers={"content-length": str(len(BODY))})
    assert judge(probe, announced) == Passed(Proof.SIZE)
    assert judge(probe, a_download(b"")) == Passed(Proof.TRANSFER)


def test_every_published_digest_must_be_right():
    wrong = Digest(DigestAlgorithm.SHA512, "0" * 128)
    probe = a_probe(artifact=an_artifact(digests=(sha256(BODY), wrong)))
    assert reason_of(a_download(), probe) == (FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY)


@pytest.mark.parametrize("reason", OWN_REASONS)
def test_our_own_faults_are_inconclusive_whatever_was_answered(reason):
    failure = Failure(reason, Phase.CONNECT)
    for status in (None, 200, 407, 503):
        verdict = judge(a_probe(), a_download(status=status, failure=failure))
        assert verdict == Inconclusive(failure)


@pytest.mark.parametrize("reason", DELIVERY_REASONS)
def test_without_an_answer_the_transports_failure_stands(reason):
    failure = Failure(reason, Phase.CONNECT, "x")
    assert judge(a_probe(), a_download(status=None, failure=failure)) == Failed(failure)


def test_neither_answer_nor_failure_is_a_bug():
    with pytest.raises(ValueError, match="needs a failure"):
        judge(a_probe(), a_download(status=None))


def test_a_walk_that_ends_early_is_a_redirect_failure_whatever_its_status():
    failure = Failure(FailureReason.REDIRECT, Phase.REDIRECT)
    assert judge(a_probe(), a_download(status=302, failure=failure)) == Failed(failure)


@pytest.mark.parametrize(
    ("status", "body", "headers", "reason"),
    [
        (429, b"", {}, FailureReason.RATE_LIMITED),
        (403, b"", {"x-ratelimit-remaining": "0"}, FailureReason.RATE_LIMITED),
        (403, b'{"message": "API rate limit exceeded for"}', {}, FailureReason.RATE_LIMITED),
        (403, b"You have exceeded a secondary rate limit", {}, FailureReason.RATE_LIMITED),
        (503, b"<Error><Code>SlowDown</Code>", {}, FailureReason.RATE_LIMITED),
        (429, b'{"errors":[{"code":"TOOMANYREQUESTS"}]}', {}, FailureReason.RATE_LIMITED),
        (
            403,
            b"<Code>AccessDenied</Code><Message>Request has expired</Message>",
            {},
            FailureReason.AUTH_EXPIRED,
        ),
        (400, b"<Code>ExpiredToken</Code>", {}, FailureReason.AUTH_EXPIRED),
        (403, b"<Code>ExpiredRequest</Code>", {}, FailureReason.AUTH_EXPIRED),
        (403, b"<Code>AccessDenied</Code>", {}, FailureReason.AUTH_DENIED),
        (403, b"<Code>SignatureDoesNotMatch</Code>", {}, FailureReason.AUTH_DENIED),
        (403, b"<Code>InvalidAccessKeyId</Code>", {}, FailureReason.AUTH_DENIED),
        (401, b"", {}, FailureReason.AUTH_DENIED),
        (401, b'{"errors":[{"code":"UNAUTHORIZED"}]}', {}, FailureReason.AUTH_DENIED),
        (404, b'{"errors":[{"code":"DENIED"}]}', {}, FailureReason.AUTH_DENIED),
        (404, b"", {}, FailureReason.NOT_FOUND),
        (410, b"", {}, FailureReason.NOT_FOUND),
        (404, b"<Code>NoSuchKey</Code>", {}, FailureReason.NOT_FOUND),
        (404, b' {"errors":[{"code":"MANIFEST_UNKNOWN"}]}', {}, FailureReason.NOT_FOUND),
        (400, b"", {}, FailureReason.HTTP_4XX),
        (500, b"", {}, FailureReason.HTTP_5XX),
        (599, b'{"errors": []}', {}, FailureReason.HTTP_5XX),
        (500, b"{" * 60_000, {}, FailureReason.HTTP_5XX),
        (204, b"", {}, FailureReason.WRONG_CONTENT),
    ],
)
def test_a_status_and_what_comes_with_it_have_one_reason(status, body, headers, reason):
    download = a_download(body, status=status, headers=headers)
    assert reason_of(download) == (reason, Phase.WAIT)


def test_a_clock_that_is_off_is_named():
    verdict = judge(a_probe(), a_download(b"<Code>RequestTimeTooSkewed</Code>", status=403))
    assert verdict == Failed(Failure(FailureReason.AUTH_DENIED, Phase.WAIT, "clock_skew"))


def test_an_endpoint_may_say_which_status_means_missing():
    probe = a_probe(endpoint=an_endpoint(missing_status=frozenset({403})))
    assert reason_of(a_download(b"", status=403), probe) == (FailureReason.NOT_FOUND, Phase.WAIT)
    limited = a_download(b"", status=403, headers={"x-ratelimit-remaining": "0"})
    assert reason_of(limited, probe) == (FailureReason.RATE_LIMITED, Phase.WAIT)


def test_an_answer_that_stalls_is_still_judged_by_its_status():
    stalled = Failure(FailureReason.TIMEOUT, Phase.TRANSFER)
    download = a_download(b"", status=404, failure=stalled)
    assert reason_of(download) == (FailureReason.NOT_FOUND, Phase.WAIT)


def test_a_page_that_is_cut_short_is_wrong_rather_than_short():
    cut = Failure(FailureReason.TRUNCATED, Phase.TRANSFER)
    download = a_download(b"<html><title>Sign in", failure=cut)
    assert reason_of(download) == (FailureReason.WRONG_CONTENT, Phase.TRANSFER)


def test_a_body_cut_short_keeps_the_transports_words():
    cut = Failure(FailureReason.TRUNCATED, Phase.TRANSFER, "the body ended early")
    assert judge(a_probe(), a_download(BODY[:3], failure=cut)) == Failed(cut)


def test_a_body_over_its_size_is_too_large_whatever_ended_it():
    late = Failure(FailureReason.TIMEOUT, Phase.TRANSFER)
    download = a_download(BODY + b"x", failure=late)
    assert reason_of(download) == (FailureReason.SIZE_MISMATCH, Phase.TRANSFER)


@pytest.mark.parametrize("older", [OLDER, BODY[:9], BODY[::-1]])
def test_staleness_is_asked_before_size_and_content(older):
    probe = a_probe(history=(Earlier("1.4.1", len(older), (sha256(older),)),))
    verdict = judge(probe, a_download(older))
    stale = Failure(FailureReason.STALE, Phase.VERIFY, "serves version 1.4.1")
    assert verdict == Failed(stale)


def test_an_artifact_unchanged_since_an_older_release_is_not_stale():
    probe = a_probe(history=(Earlier("1.4.1", len(BODY), (sha256(BODY),)),))
    assert judge(probe, a_download()) == Passed(Proof.DIGEST)


def test_a_mismatch_says_what_was_expected_and_what_came():
    verdict = judge(a_probe(), a_download(OTHER[: len(BODY)].ljust(len(BODY), b"x")))
    assert isinstance(verdict, Failed)
    assert verdict.failure.reason is FailureReason.CHECKSUM_MISMATCH
    assert verdict.failure.detail.startswith(f"expected {sha256(BODY)}, got sha256:")


@pytest.mark.parametrize("depth", [Depth.FULL, Depth.HEAD])
def test_an_encoding_not_asked_for_is_wrong_at_any_depth(depth):
    download = a_download(headers={"content-encoding": "gzip"})
    assert reason_of(download, a_probe(depth)) == (FailureReason.WRONG_CONTENT, Phase.WAIT)


def test_an_artifact_of_no_bytes_may_be_empty():
    probe = a_probe(artifact=an_artifact("empty.txt", b""))
    assert judge(probe, a_download(b"")) == Passed(Proof.DIGEST)


def test_the_last_part_is_not_asked_how_a_file_begins():
    probe = replace(a_probe(Depth.RANGE, artifact=an_artifact(size=3 * MIB)), part=Slice.LAST)
    headers = {"content-range": f"bytes {2 * MIB}-{3 * MIB - 1}/{3 * MIB}"}
    download = a_download(b"x" * MIB, status=206, headers=headers)
    assert judge(probe, download) == Passed(Proof.SIZE)


def test_a_size_of_thousands_of_digits_is_a_size_that_differs():
    endless = "9" * 5000
    whole = {"content-range": f"bytes 0-{len(BODY) - 1}/{endless}"}
    download = a_download(BODY, status=206, headers=whole)
    assert reason_of(download, a_probe(Depth.RANGE)) == (FailureReason.SIZE_MISMATCH, Phase.WAIT)
    download = a_download(b"", headers={"content-length": endless})
    assert reason_of(download, a_probe(Depth.HEAD)) == (FailureReason.SIZE_MISMATCH, Phase.WAIT)
