"""``scorecard`` and ``gate`` as a user runs them, on a ledger that a service left behind."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.dom.minidom import parseString

import jsonschema
import pytest

from probe.clock import SystemClock
from probe.domain.evidence import Pair, Published
from probe.domain.failure import FailureReason, Phase
from probe.domain.promise import mark_event
from tests.builders import a_release, a_target, an_artifact, an_endpoint
from tests.fakes.clock import FakeClock
from tests.ledgers import a_ledger, an_attempt

ROOT = Path(__file__).parents[3]
COMMAND = str(Path(sys.executable).with_name("delivery-probe"))
MISSING = (FailureReason.NOT_FOUND, Phase.WAIT)
PASSES = "pass: widget 1.4.2 (stable): 1 of 1 gates pass, by the ledger of this region alone"
RUNBOOK = "https://runbooks.example.com/widget"
GATE = json.loads((ROOT / "docs/schema/gate.json").read_text())
SCORECARD = json.loads((ROOT / "docs/schema/scorecard.json").read_text())


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "100", **environment},
    )


def a_config(folder: Path, **targets: str) -> str:
    who = f'owner: release-team, cadence: 31d, runbook: "{RUNBOOK}"'
    asked = "".join(f"      {kpi}: {{{what}, {who}}}\n" for kpi, what in targets.items())
    path = folder / "probe.yaml"
    path.write_text(
        f"""
regions: [{{name: eu-west-1}}]
products:
  - name: widget
    source: {{kind: manifest, url: "file:///absent.json"}}
    endpoints:
      - {{name: origin, kind: repository, url: "http://127.0.0.1:9/{{name}}"}}
    targets:
{asked or "      {}"}
"""
    )
    return str(path)


async def _fill(directory: Path, ages: tuple[timedelta, ...], failed: int) -> None:
    now = SystemClock().now().replace(microsecond=0)
    published_at = now - timedelta(hours=2)
    release = a_release("1.4.2", an_artifact(), published_at=published_at)
    target = a_target(release=release, endpoint=an_endpoint("origin"))
    withdrawn = replace(release, version="1.4.1", yanked=True)
    pairs = (Pair("origin", "eu-west-1"),)
    with a_ledger(directory, FakeClock(now)) as ledger:
        for each in (release, withdrawn):
            assert await ledger.keep(Published("widget", each, pairs, published_at))
        ledger.record(an_attempt(published_at + timedelta(minutes=5), target=target))
        for number, age in enumerate(ages):
            passed = number >= failed
            fault = None if passed else MISSING
            ledger.record(an_attempt(now - age, passed, target=target, fault=fault))
        assert await ledger.flush()


def a_filled(
    directory: Path, *ages: timedelta, failed: int = 0, end: timedelta = timedelta(seconds=20)
) -> str:
    asyncio.run(_fill(directory, (*ages, end), failed))
    return str(directory)


MINUTES = tuple(timedelta(minutes=minute) for minute in range(100, 0, -1))
DEMANDED = {"artifact_availability": "slo: 99%, mode: gate"}


def asked(tmp_path: Path, *command: str, **targets: str) -> list[str]:
    config = a_config(tmp_path, **targets)
    return [*command, "--config", config, "--data-dir", str(tmp_path / "data")]


def test_a_release_that_keeps_its_targets_exits_0(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2", **DEMANDED))
    assert (done.returncode, done.stderr) == (0, "")
    words = " ".join(done.stdout.split())
    assert "artifact_availability ✓ pass 100% at least 99% gate release-team" in words
    assert done.stdout.splitlines()[-1] == f"✓ {PASSES}"


def test_a_release_that_misses_a_target_exits_1_and_json_says_why(tmp_path):
    a_filled(tmp_path / "data", *MINUTES, failed=50)
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2", "--format", "json", **DEMANDED))
    record = json.loads(done.stdout)
    jsonschema.validate(record, GATE)
    [objective] = record["objectives"]
    assert done.returncode == 1
    assert (record["ruling"], objective["ruling"], objective["blocks"]) == ("fail", "fail", True)
    assert (objective["owner"], objective["runbook"]) == ("release-team", RUNBOOK)
    assert objective["regions"] == 1


def test_a_target_that_only_informs_stops_nothing(tmp_path):
    a_filled(tmp_path / "data", *MINUTES, failed=50)
    targets = {"artifact_availability": "slo: 99%", "mirror_coverage": "slo: 90%, mode: gate"}
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2", **targets))
    assert done.returncode == 0
    assert "✗ fail" in done.stdout


@pytest.mark.parametrize(
    ("version", "end", "more", "why"),
    [
        ("1.4.3", 20, (), "nothing is known of a release 1.4.3 of widget (stable)"),
        ("1.4.1", 20, (), "1.4.1 was withdrawn"),
        ("1.4.2", 1020, (), "the evidence is 17 minutes old"),
        ("1.4.2", 20, ("--regions", "3"), "seen from 1 regions, not 3"),
    ],
)
def test_what_is_not_known_exits_3(tmp_path, version, end, more, why):
    a_filled(tmp_path / "data", *MINUTES[:80], end=timedelta(seconds=end))
    done = run(*asked(tmp_path, "gate", "widget", version, *more, "--format", "json", **DEMANDED))
    [objective] = json.loads(done.stdout)["objectives"]
    assert (done.returncode, objective["ruling"], objective["why"]) == (3, "unknown", why)


def test_without_a_ledger_nothing_is_known(tmp_path):
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2", **DEMANDED))
    assert done.returncode == 3
    assert "there is no ledger at" in done.stdout


def test_of_nothing_demanded_nothing_is_known(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2"))
    assert done.returncode == 3
    assert "no target has mode gate" in done.stdout


def test_a_product_that_is_not_configured_is_a_fault_of_usage(tmp_path):
    done = run(*asked(tmp_path, "gate", "widgt", "1.4.2"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "delivery-probe: no product is named widgt; did you mean widget?\n"


@pytest.mark.parametrize(
    "wrong", [("--wait", "5"), ("--wait", "2d"), ("--regions", "0"), ("--format", "xml")]
)
def test_a_flag_that_cannot_be_is_a_fault_of_usage(tmp_path, wrong):
    assert run(*asked(tmp_path, "gate", "widget", "1.4.2", *wrong)).returncode == 2


def test_waiting_ends_when_it_passes(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2", "--wait", "1h", **DEMANDED))
    assert done.returncode == 0


def test_waiting_ends_with_the_time(tmp_path):
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2", "--wait", "20ms", **DEMANDED))
    assert (done.returncode, done.stderr) == (3, "")


def test_junit_tells_failures_from_what_only_informs(tmp_path):
    a_filled(tmp_path / "data", *MINUTES, failed=50)
    targets = {**DEMANDED, "regional_availability": "slo: 99%", "signature_coverage": "slo: 100%"}
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2", "--format", "junit", **targets))
    suite = parseString(done.stdout).documentElement  # noqa: S318 - our own
    counts = [suite.getAttribute(name) for name in ("tests", "failures", "errors", "skipped")]
    assert counts == ["3", "1", "0", "2"]
    assert done.returncode == 1


def test_the_summary_of_a_job_is_added_to(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    summary = tmp_path / "summary.md"
    summary.write_text("# before\n")
    arguments = asked(tmp_path, "gate", "widget", "1.4.2", "--format", "github", **DEMANDED)
    done = run(*arguments, GITHUB_STEP_SUMMARY=str(summary))
    assert (done.returncode, done.stdout) == (0, f"{PASSES}\n")
    assert summary.read_text().startswith(
        "# before\n## ✓ pass: delivery of widget 1.4.2 (stable)\n"
    )
    assert run(*arguments).stdout.startswith("## ✓ pass: delivery of widget 1.4.2 (stable)\n")


def test_a_summary_that_cannot_be_written_is_shown(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    arguments = asked(tmp_path, "gate", "widget", "1.4.2", "--format", "github", **DEMANDED)
    done = run(*arguments, GITHUB_STEP_SUMMARY=str(tmp_path))
    assert done.returncode == 0
    assert done.stderr == "delivery-probe: GITHUB_STEP_SUMMARY cannot be written: Is a directory\n"
    assert done.stdout.startswith("## ✓ pass")


def test_a_scorecard_has_six_lines_and_the_targets(tmp_path):
    a_filled(tmp_path / "data", *MINUTES, failed=2)
    done = run(*asked(tmp_path, "scorecard", "widget", "1.4.2", **DEMANDED))
    titles = ["completeness", "availability", "propagation", "failures", "integrity", "incidents"]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("widget 1.4.2 (stable), ")
    named = [line.split()[0] for line in done.stdout.splitlines() if line.strip()]
    assert [word for word in named if word in titles] == titles
    assert all(f"{name} 0 (0%)" in done.stdout for name in ("auth", "timeout", "checksum_mismatch"))
    assert "not_found 2 (1.96%)" in done.stdout
    assert "artifact_availability" in done.stdout


def test_a_scorecard_in_json_is_as_its_schema_says(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    done = run(*asked(tmp_path, "scorecard", "widget", "--format", "json", **DEMANDED))
    record = json.loads(done.stdout)
    jsonschema.validate(record, SCORECARD)
    assert (record["version"], record["ruling"]) == ("1.4.2", "pass")
    assert record["propagation"]["seconds"] == 300.0


def test_a_scorecard_in_markdown_is_two_tables(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    done = run(*asked(tmp_path, "scorecard", "widget", "1.4.2", "--format", "markdown", **DEMANDED))
    lines = done.stdout.splitlines()
    assert lines[0].startswith("## widget 1.4.2 (stable), ")
    assert "| line | what is known |" in lines
    assert "| KPI | verdict | measured | asked | mode | owner | why |" in lines


def test_there_is_no_scorecard_without_a_ledger(tmp_path):
    done = run(*asked(tmp_path, "scorecard", "widget"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"delivery-probe: there is no ledger at {tmp_path}/data/ledger.db\n"


def test_help_teaches_by_example():
    assert "delivery-probe gate widget 1.4.2 --wait 15m" in run("gate", "--help").stdout
    assert "--format markdown >> notes.md" in run("scorecard", "--help").stdout


def promised_since(directory: Path, weeks: int) -> None:
    async def fill() -> None:
        now = SystemClock().now()
        with a_ledger(directory, FakeClock(now)) as ledger:
            assert await ledger.keep(
                *(
                    mark_event("widget", "stable", "artifact_availability", now - timedelta(age))
                    for age in range(1, 7 * weeks, 7)
                )
            )

    asyncio.run(fill())


def test_a_promise_is_accepted_once_it_was_an_aim_for_30_days(tmp_path):
    sla = {"artifact_availability": "slo: 99%, kind: sla"}
    command = ["check-config", a_config(tmp_path, **sla), "--data-dir", str(tmp_path / "data")]
    refused = run(*command)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.endswith(f"as an SLO: there is no ledger at {tmp_path}/data/ledger.db\n")
    promised_since(tmp_path / "data", 3)
    assert "promise it from 20" in run(*command).stderr
    promised_since(tmp_path / "data", 6)
    assert run(*command).returncode == 0


def test_a_gate_says_what_is_promised(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    sla = {"artifact_availability": "slo: 99%, kind: sla, mode: gate"}
    ask = asked(tmp_path, "gate", "widget", "1.4.2", **sla)
    early = run(*ask)
    assert early.returncode == 0
    assert "at least 99% gate" in " ".join(early.stdout.split())
    promised_since(tmp_path / "data", 6)
    assert "at least 99% (SLA) gate" in " ".join(run(*ask).stdout.split())
    record = json.loads(run(*ask, "--format", "json").stdout)
    jsonschema.validate(record, GATE)
    assert record["objectives"][0]["kind"] == "sla"


def test_a_scorecard_in_html_stands_alone_in_any_encoding(tmp_path):
    a_filled(tmp_path / "data", *MINUTES)
    arguments = asked(tmp_path, "scorecard", "widget", "1.4.2", "--format", "html", **DEMANDED)
    done = run(*arguments, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("<!doctype html>")
    assert done.stdout.endswith("</html>\n")
    assert "&#10003;</span> pass" in done.stdout
