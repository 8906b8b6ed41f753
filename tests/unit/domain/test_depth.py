import pytest

from probe.domain.artifact import GIB, MIB
from probe.domain.depth import (
    DAY_US,
    FIRST,
    FULL,
    HEAD,
    LAST,
    RETRY_US,
    WATCHED_RETRY_US,
    LastFull,
    Weight,
    full_again_us,
    full_due_us,
    next_full_us,
    steps_of,
    wants_full,
    weight_of,
)
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Inconclusive, Passed, Proof
from probe.domain.target import DepthPolicy
from tests.builders import a_target, an_artifact, an_endpoint

SMALL = an_artifact(size=10 * MIB - 1)
LARGE = an_artifact(size=10 * MIB)
UNKNOWN = an_artifact(body=None)
UNKNOWN_WITH_DIGEST = an_artifact(body=None, digests=an_artifact().digests)

FAILED = Failed(Failure(FailureReason.TRUNCATED, Phase.TRANSFER))
UNCLEAR = Inconclusive(Failure(FailureReason.OVERLOAD, Phase.TRANSFER))


def steps(artifact, policy=DepthPolicy.AUTO):
    target = a_target(artifact=artifact, endpoint=an_endpoint(depth=policy))
    return steps_of(target, weight_of(target))


@pytest.mark.parametrize(
    ("artifact", "policy", "expected"),
    [
        (SMALL, DepthPolicy.AUTO, (FULL,)),
        (LARGE, DepthPolicy.AUTO, (HEAD, FIRST, LAST)),
        (UNKNOWN, DepthPolicy.AUTO, (HEAD,)),
        (UNKNOWN_WITH_DIGEST, DepthPolicy.AUTO, (FULL,)),
        (SMALL, DepthPolicy.HEAD, (HEAD,)),
        (LARGE, DepthPolicy.HEAD, (HEAD,)),
        (SMALL, DepthPolicy.RANGE, (FIRST, LAST)),
        (an_artifact(size=MIB), DepthPolicy.RANGE, (FIRST,)),
        (UNKNOWN, DepthPolicy.RANGE, (HEAD,)),
        (an_artifact(size=0), DepthPolicy.RANGE, (HEAD,)),
        (SMALL, DepthPolicy.FULL, (FULL,)),
        (LARGE, DepthPolicy.FULL, (HEAD, FIRST, LAST)),
    ],
)
def test_the_steps_of_an_interval_follow_size_and_policy(artifact, policy, expected):
    assert steps(artifact, policy) == expected


def test_a_body_that_turned_out_large_is_rationed_from_then_on():
    target = a_target(artifact=UNKNOWN_WITH_DIGEST)
    assert weight_of(target, seen_bytes=GIB) is Weight.BULK
    assert weight_of(target, seen_bytes=5) is Weight.SMALL


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (DepthPolicy.AUTO, True),
        (DepthPolicy.FULL, True),
        (DepthPolicy.RANGE, False),
        (DepthPolicy.HEAD, False),
    ],
)
def test_only_auto_and_full_read_large_artifacts_in_full(policy, expected):
    assert wants_full(an_endpoint(depth=policy), Weight.BULK) is expected
    assert not wants_full(an_endpoint(depth=policy), Weight.SMALL)


def test_a_full_download_is_due_once_a_day_at_the_targets_own_time():
    target = a_target(artifact=LARGE)
    due = next_full_us(target, 0)
    assert 0 < due <= DAY_US
    assert next_full_us(target, due) == due + DAY_US


def test_two_targets_have_different_times_of_day():
    first = next_full_us(a_target(artifact=LARGE), 0)
    second = next_full_us(a_target(artifact=LARGE, endpoint=an_endpoint("other")), 0)
    assert first != second


def test_a_policy_of_full_is_due_in_full_at_once():
    target = a_target(artifact=LARGE, endpoint=an_endpoint(depth=DepthPolicy.FULL))
    assert next_full_us(target, 7) == 7
    assert full_again_us(target, FAILED, 7, watched=False) == 7


@pytest.mark.parametrize(
    ("verdict", "watched", "later"),
    [
        (FAILED, False, RETRY_US),
        (FAILED, True, WATCHED_RETRY_US),
        (UNCLEAR, False, WATCHED_RETRY_US),
    ],
)
def test_a_full_download_that_did_not_pass_is_tried_again_the_same_day(verdict, watched, later):
    assert full_again_us(a_target(artifact=LARGE), verdict, 0, watched=watched) == later


def test_a_full_download_that_passed_is_due_at_its_time_of_day():
    target = a_target(artifact=LARGE)
    again = full_again_us(target, Passed(Proof.DIGEST), 0, watched=True)
    assert again == next_full_us(target, 0)


def test_what_an_earlier_process_read_in_full_is_due_when_it_would_have_been():
    target = a_target(artifact=LARGE)
    slot = next_full_us(target, 0)
    read = LastFull(slot + 5, passed=True)
    assert full_due_us(target, read, slot + 10) == slot + DAY_US
    assert full_due_us(target, read, slot + 3 * DAY_US) == slot + DAY_US
    assert full_due_us(target, LastFull(slot + 5, passed=False), slot + 10) == slot + 5 + RETRY_US
    assert full_due_us(target, None, slot + 10) == slot + DAY_US
