"""Attempts are counted in the bucket in which they end."""

from datetime import timedelta

import pytest

from probe.domain.bucket import BUCKET_MS, Attempt, Tally, attempt_of, over_buckets
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.moment import to_ms
from probe.domain.observation import Failed, Inconclusive, Passed, Proof, Timings
from probe.domain.target import Depth, DepthPolicy
from tests.builders import (
    BODY,
    NOON,
    a_download,
    a_probe,
    a_target,
    an_endpoint,
    an_observation,
)
from tests.ledgers import TIMEOUT, an_attempt


def test_an_attempt_counts_when_it_ended_and_hashing_does_not_lengthen_it():
    timings = Timings(resolve=0.25, transfer=2.0, verify=9.0)
    observation = an_observation(download=a_download(timings=timings))
    assert attempt_of(observation) == Attempt(
        target=observation.probe.target,
        at_ms=to_ms(NOON + timedelta(seconds=2.25)),
        depth=Depth.FULL,
        passed=True,
        fault=None,
        seconds=2.25,
        bytes_received=len(BODY),
    )


@pytest.mark.parametrize(("verdict", "passed"), [(Failed, False), (Inconclusive, None)])
def test_what_went_wrong_is_counted_by_reason_and_phase(verdict, passed):
    failure = Failure(FailureReason.TIMEOUT, Phase.WAIT, "15 s")
    attempt = attempt_of(an_observation(verdict(failure)))
    assert (attempt.passed, attempt.fault) == (passed, TIMEOUT)


def test_a_pass_and_a_failure_and_an_inconclusive_attempt_are_told_apart():
    tally = Tally()
    tally.count(an_attempt(), 7)
    tally.count(an_attempt(passed=False, size=3), None)
    tally.count(an_attempt(passed=True, depth=Depth.HEAD, size=0), None)
    tally.count(an_attempt(passed=None, size=0), None)
    assert tally == Tally(
        attempts=3,
        verified=2,
        full_attempts=2,
        full_verified=1,
        inconclusive=1,
        bytes_received=103,
        faults={TIMEOUT: 1, (FailureReason.OVERLOAD, Phase.WAIT): 1},
        durations={7: 1},
    )


def test_a_bucket_never_knows_more_time_than_it_is_long():
    tally = Tally()
    tally.hold(200_000, up=True)
    tally.hold(200_000, up=False)
    assert (tally.up_ms, tally.known_ms) == (200_000, BUCKET_MS)


def test_a_stretch_is_split_where_buckets_meet():
    assert list(over_buckets(BUCKET_MS - 1, 3 * BUCKET_MS + 2)) == [
        (0, 1),
        (1, BUCKET_MS),
        (2, BUCKET_MS),
        (3, 2),
    ]
    assert list(over_buckets(5, 5)) == []


@pytest.mark.parametrize(
    ("policy", "depth", "verified"),
    [
        (DepthPolicy.AUTO, Depth.FULL, True),
        (DepthPolicy.AUTO, Depth.RANGE, False),
        (DepthPolicy.AUTO, Depth.HEAD, False),
        (DepthPolicy.RANGE, Depth.RANGE, True),
        (DepthPolicy.RANGE, Depth.HEAD, False),
        (DepthPolicy.HEAD, Depth.HEAD, True),
    ],
)
def test_a_pass_verifies_at_the_greatest_depth_that_the_endpoint_allows(policy, depth, verified):
    target = a_target(endpoint=an_endpoint(depth=policy))
    assert an_attempt(target=target, depth=depth).verified is verified
    assert not an_attempt(target=target, depth=depth, passed=False).verified


def test_an_observation_of_a_probe_keeps_its_depth():
    observation = an_observation(Passed(Proof.SIZE), probe=a_probe(Depth.HEAD))
    assert attempt_of(observation).depth is Depth.HEAD
