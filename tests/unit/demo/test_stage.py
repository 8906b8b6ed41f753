from datetime import timedelta

import pytest

from probe.demo.script import Act, Fault, Trouble
from probe.demo.stage import Stage
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Observation, Passed, Proof, Verdict
from probe.domain.target import Probe
from tests.builders import NOON, a_release, a_target, an_artifact, an_endpoint, an_observation
from tests.fakes.clock import FakeClock

FAULT = Fault(
    "truncation", "it breaks off", Trouble.CUT, "cdn", ("a.bin",), FailureReason.TRUNCATED, "2.0"
)
CUT = Failed(Failure(FailureReason.TRUNCATED, Phase.TRANSFER, "5 bytes of 9"))
PASS = Passed(Proof.DIGEST)


class Hall:
    """A stage with a clock at its side and an ear for what is told."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.told: list[tuple[str, str]] = []
        self.stage = Stage(self.clock, lambda *news: self.told.append(news), (Act("", (FAULT,)),))

    def see(self, verdict: Verdict, endpoint: str = "cdn") -> Observation:
        file = an_artifact("a.bin")
        target = a_target(
            artifact=file, release=a_release("2.0", file), endpoint=an_endpoint(endpoint)
        )
        seen = an_observation(verdict, probe=Probe(target), started_at=self.clock.now())
        self.stage.record(seen)
        return seen


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def test_the_whole_course_of_a_fault_is_told_as_it_comes(hall):
    hall.stage.injected(FAULT)
    await hall.clock.advance(3)
    hall.see(CUT)
    hall.see(CUT)
    hall.stage.repaired(FAULT)
    await hall.clock.advance(2)
    hall.see(PASS)
    assert hall.told == [
        ("injected", "it breaks off (expect truncated at cdn)"),
        ("found", "cdn: truncated (5 bytes of 9), 3.0 s after it began"),
        ("repaired", "no more: it breaks off"),
        ("recovered", "cdn: 2.0 s after the repair"),
    ]
    assert hall.stage.missed == ()


def test_a_fault_is_found_and_recovered_only_once_it_was_seen(hall):
    assert not hall.stage.found(FAULT)
    hall.stage.injected(FAULT)
    assert not hall.stage.found(FAULT)
    hall.see(CUT)
    assert hall.stage.found(FAULT)
    assert not hall.stage.recovered(FAULT)
    hall.stage.repaired(FAULT)
    hall.see(PASS)
    assert hall.stage.recovered(FAULT)


def test_a_failure_that_no_fault_explains_is_told_and_counted(hall):
    hall.see(CUT, endpoint="origin")
    assert hall.told == [
        (
            "unexpected",
            "widget/stable/2.0/a.bin@origin/eu-west-1: truncated (5 bytes of 9)",
        )
    ]
    assert hall.stage.unexpected == {FailureReason.TRUNCATED: 1}


async def test_another_reason_where_a_fault_is_at_work_is_not_held_against_the_probe(hall):
    hall.stage.injected(FAULT)
    hall.see(Failed(Failure(FailureReason.PROTOCOL, Phase.WAIT)))
    assert hall.stage.unexpected == {}
    assert not hall.stage.found(FAULT)


async def test_a_failure_long_after_the_recovery_is_unexpected(hall):
    hall.stage.injected(FAULT)
    hall.see(CUT)
    hall.stage.repaired(FAULT)
    hall.see(PASS)
    await hall.clock.advance(1)
    hall.see(CUT)
    assert hall.stage.unexpected == {FailureReason.TRUNCATED: 1}


async def test_the_last_observation_of_each_place_is_kept_with_its_time(hall):
    hall.see(CUT)
    await hall.clock.advance(4)
    last = hall.see(PASS)
    seen = hall.stage.seen["2.0", "a.bin", "cdn"]
    assert (seen.observation, seen.at) == (last, NOON + timedelta(seconds=4))


def test_what_a_server_says_cannot_reach_the_terminal(hall):
    hall.see(Failed(Failure(FailureReason.WRONG_CONTENT, Phase.TRANSFER, "\x1b[2J")), "origin")
    assert "\x1b" not in hall.told[0][1]
