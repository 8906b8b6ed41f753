import io
import re
from datetime import timedelta

import pytest
from rich.console import Console

from probe.demo.release import BEFORE, LATEST, artifact_names
from probe.demo.screen import board, plain_lines, served, summary
from probe.demo.script import SCRIPT
from probe.demo.stage import Stage
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Passed, Proof, Verdict
from probe.domain.target import Probe
from tests.builders import NOON, a_release, a_target, an_artifact, an_endpoint, an_observation
from tests.fakes.clock import FakeClock

PASS = Passed(Proof.DIGEST)
MISSING = Failed(Failure(FailureReason.NOT_FOUND, Phase.WAIT, "status 404"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stage(clock) -> Stage:
    return Stage(clock)


def see(stage: Stage, version: str, verdict: Verdict, endpoint: str, *names: str) -> None:
    for name in names or artifact_names(version):
        file = an_artifact(name)
        target = a_target(
            artifact=file, release=a_release(version, file), endpoint=an_endpoint(endpoint)
        )
        stage.record(an_observation(verdict, probe=Probe(target)))


def shown(stage: Stage, seconds: float = 0) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, width=200)
    console.print(board(stage, NOON + timedelta(seconds=seconds), {"metrics": "http://h/metrics"}))
    return stream.getvalue().splitlines()


def row(lines: list[str], start: str) -> list[str]:
    [line] = [line for line in lines if line.strip().startswith(start)]
    return re.split(r"\s{2,}", line.strip())


def test_the_board_says_where_the_pages_are_before_anything_has_come(stage):
    stage.current(BEFORE)
    assert shown(stage)[-1].strip() == "metrics: http://h/metrics"


def test_each_cell_has_a_sign_a_word_and_an_age(stage):
    stage.current(BEFORE)
    name = artifact_names(BEFORE)[0]
    see(stage, BEFORE, PASS, "origin", name)
    see(stage, BEFORE, MISSING, "cdn", name)
    assert row(shown(stage, 3), "py3") == [
        "py3-none-any.whl",
        "✓ ok 3s",
        "✗ not_found 3s",
        "·",
        "·",
    ]


def test_an_endpoint_serves_the_newest_release_it_has_in_full(stage):
    see(stage, BEFORE, PASS, "cdn")
    see(stage, LATEST, PASS, "cdn")
    see(stage, LATEST, MISSING, "cdn", artifact_names(LATEST)[0])
    assert served(stage, "cdn") == BEFORE
    see(stage, LATEST, PASS, "cdn", artifact_names(LATEST)[0])
    assert served(stage, "cdn") == LATEST
    assert served(stage, "origin") == ""


async def test_faults_are_listed_with_when_they_were_found(stage, clock):
    fault = SCRIPT[1].faults[1]
    stage.current(LATEST)
    stage.injected(fault)
    assert row(shown(stage), "someone")[1:] == ["not_found", "…", "…"]
    await clock.advance(2)
    see(stage, LATEST, MISSING, "cdn", fault.artifacts[0])
    assert row(shown(stage), "someone")[1:] == ["not_found", "after 2.0 s", "…"]


def test_the_summary_names_what_was_missed(stage):
    stage.injected(SCRIPT[2].faults[0])
    lines = summary(stage)
    assert lines[:2] == [
        "0 of 1 faults found with the expected reason, 0 recovered",
        "failures that no fault explains: none",
    ]
    assert "missed: flipped-byte: checksum_mismatch at mirror-eu was not found" in lines


async def test_plain_lines_carry_the_seconds_and_no_control_codes(clock):
    stream = io.StringIO()
    tell = plain_lines(Console(file=stream, width=300), clock)
    await clock.advance(12.34)
    tell("found", "cdn: [red]stale[/red]")
    assert stream.getvalue() == "   12.3s  found       cdn: [red]stale[/red]\n"
