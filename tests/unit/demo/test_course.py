from datetime import timedelta

import pytest

from probe.demo.course import Course, follow, missed
from probe.demo.script import Fault, Trouble
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Inconclusive, Observation, Passed, Proof
from probe.domain.target import Probe
from tests.builders import NOON, a_release, a_target, an_artifact, an_endpoint, an_observation

FAULT = Fault("flip", "a byte", Trouble.FLIP, "cdn", ("a.bin",), FailureReason.STALE, "2.0")
BEGUN = Course(FAULT, NOON)


def seconds(count: float):
    return NOON + timedelta(seconds=count)


def failing(reason: FailureReason = FailureReason.STALE) -> Failed:
    return Failed(Failure(reason, Phase.VERIFY))


def observed(
    verdict, at: float, *, artifact: str = "a.bin", endpoint: str = "cdn", version: str = "2.0"
) -> Observation:
    file = an_artifact(artifact)
    target = a_target(
        artifact=file, release=a_release(version, file), endpoint=an_endpoint(endpoint)
    )
    return an_observation(verdict, probe=Probe(target), started_at=seconds(at))


def after(course: Course, *observations: Observation) -> Course:
    for observation in observations:
        course = follow(course, observation, observation.started_at + timedelta(seconds=0.5))
    return course


def repaired(course: Course, at: float) -> Course:
    return Course(
        course.fault, course.injected_at, course.found_at, seconds(at), None, course.failing
    )


def test_a_fault_is_found_by_its_reason_at_its_place():
    assert after(BEGUN, observed(failing(), 2)).seconds_to_find == 2.5


@pytest.mark.parametrize(
    "other",
    [
        observed(failing(FailureReason.TRUNCATED), 2),
        observed(failing(), 2, endpoint="origin"),
        observed(failing(), 2, artifact="b.bin"),
        observed(failing(), 2, version="1.0"),
        observed(Passed(Proof.DIGEST), 2),
        observed(Inconclusive(Failure(FailureReason.OVERLOAD, Phase.WAIT)), 2),
    ],
    ids=["reason", "endpoint", "artifact", "version", "verdict", "inconclusive"],
)
def test_a_fault_is_not_found_by_anything_else(other):
    assert after(BEGUN, other) == BEGUN


def test_the_first_finding_counts():
    assert after(BEGUN, observed(failing(), 2), observed(failing(), 4)).seconds_to_find == 2.5


def test_a_pass_after_the_repair_is_the_recovery():
    found = after(BEGUN, observed(failing(), 2))
    course = after(repaired(found, 10), observed(Passed(Proof.DIGEST), 11))
    assert course.seconds_to_recover == 1.5


def test_a_pass_begun_before_the_repair_proves_no_recovery():
    found = after(BEGUN, observed(failing(), 2))
    course = after(repaired(found, 10), observed(Passed(Proof.DIGEST), 9.9))
    assert course.seconds_to_recover is None


def test_a_fault_of_two_artifacts_has_recovered_when_both_have_passed():
    fault = Fault("x", "", Trouble.FLIP, "cdn", ("a.bin", "b.bin"), FailureReason.STALE, "2.0")
    both = (observed(failing(), 2), observed(failing(), 2, artifact="b.bin"))
    course = repaired(after(Course(fault, NOON), *both), 10)
    course = after(course, observed(Passed(Proof.DIGEST), 11))
    assert course.seconds_to_recover is None
    course = after(course, observed(Passed(Proof.DIGEST), 12, artifact="b.bin"))
    assert course.seconds_to_recover == 2.5


def test_a_failure_that_arrives_late_has_to_pass_again():
    course = repaired(after(BEGUN, observed(failing(), 2)), 10)
    late = after(course, observed(failing(), 9.8))
    assert late.recovered_at is None
    assert after(late, observed(Passed(Proof.DIGEST), 12)).recovered_at == seconds(12.5)


def test_what_has_recovered_is_closed():
    course = after(repaired(after(BEGUN, observed(failing(), 2)), 10), observed(PASS, 11))
    assert after(course, observed(failing(), 12)) == course


def test_a_fault_that_was_never_found_does_not_recover():
    assert after(repaired(BEGUN, 10), observed(PASS, 11)).recovered_at is None


PASS = Passed(Proof.DIGEST)


def test_what_was_missed_is_said_fault_by_fault():
    found = after(BEGUN, observed(failing(), 2))
    whole = after(repaired(found, 10), observed(PASS, 11))
    place = "flip: stale at cdn"
    assert missed([FAULT], []) == (f"{place} was never injected",)
    assert missed([FAULT], [BEGUN]) == (f"{place} was not found",)
    assert missed([FAULT], [found]) == (f"{place} was found, its recovery was not",)
    assert missed([FAULT], [whole]) == ()
