"""What holds of every verdict."""

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.judge import judge
from probe.domain.observation import Failed, Inconclusive, Passed, Proof
from probe.domain.target import Depth, Earlier
from tests.builders import BODY, a_download, a_probe, sha256

bodies = st.binary(max_size=60) | st.sampled_from([BODY, BODY[:-1], BODY + b"x", b"<html>"])
transport_failures = st.builds(
    Failure, st.sampled_from(FailureReason), st.sampled_from(Phase), st.text(max_size=20)
)
headers = st.dictionaries(
    st.sampled_from(
        ["content-type", "content-encoding", "content-range", "etag", "content-length"]
    ),
    st.text(max_size=40),
    max_size=4,
)
answers = st.builds(
    lambda body, status, complete, headers, failure: a_download(
        body, status=status, complete=complete, headers=headers, failure=failure
    ),
    bodies,
    st.integers(100, 599),
    st.booleans(),
    headers,
    st.none() | transport_failures,
)


@given(answers, st.sampled_from(Depth))
def test_every_answer_has_a_verdict(download, depth):
    assert judge(a_probe(depth), download) is not None


@given(answers)
def test_only_the_right_bytes_pass_a_full_download(download):
    verdict = judge(a_probe(), download)
    assert (verdict == Passed(Proof.DIGEST)) is (
        download.status == 200
        and download.complete
        and download.sample == BODY
        and download.failure is None
        and download.headers.get("content-encoding", "").strip().lower() in ("", "identity")
    )


@given(answers, st.sampled_from(Depth))
def test_our_own_fault_is_never_held_against_the_artifact(download, depth):
    verdict = judge(a_probe(depth), download)
    ours = download.failure is not None and download.failure.reason.ours
    assert isinstance(verdict, Inconclusive) is ours


@given(answers, st.sampled_from(Depth))
def test_details_are_bounded_and_fit_to_be_shown(download, depth):
    verdict = judge(a_probe(depth), download)
    if isinstance(verdict, Failed) and verdict.failure is not download.failure:
        assert verdict.failure.detail.isprintable()
        assert len(verdict.failure.detail) <= 300


@given(st.binary(min_size=1, max_size=60))
def test_bytes_of_an_older_release_are_stale_and_nothing_else(older):
    history = (Earlier("1.4.1", len(older), (sha256(older),)),)
    verdict = judge(a_probe(history=history), a_download(older))
    if older == BODY:
        assert verdict == Passed(Proof.DIGEST)
    else:
        assert isinstance(verdict, Failed)
        assert verdict.failure.reason is FailureReason.STALE
