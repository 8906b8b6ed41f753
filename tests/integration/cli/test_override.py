"""``override`` as a user runs it, and what ``gate`` says of it then."""

import json
from datetime import datetime, timedelta
from xml.dom.minidom import parseString

import jsonschema
import pytest

from probe.clock import SystemClock
from tests.integration.cli.test_questions import (
    DEMANDED,
    GATE,
    MINUTES,
    a_filled,
    asked,
    run,
)

KPI = "artifact_availability"
ADA = ("--who", "ada", "--why", "mirrors move, OPS-12")


@pytest.fixture
def failing(tmp_path):
    """A ledger by which 1.4.2 misses its only gate; commands on it."""
    a_filled(tmp_path / "data", *MINUTES, failed=50)

    def command(*words):
        return run(*asked(tmp_path, *words, **DEMANDED))

    return command


def test_a_release_passes_by_the_word_of_somebody(failing):
    assert failing("gate", "widget", "1.4.2").returncode == 1
    said = failing("override", "widget", "1.4.2", KPI, "--for", "2d", *ADA)
    until = f"{SystemClock().now() + timedelta(days=2):%Y-%m-%d %H}"
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith(f"{KPI} of widget 1.4.2 (stable) is overridden until {until}")
    done = failing("gate", "widget", "1.4.2")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == (
        "✓ pass: widget 1.4.2 (stable): 0 of 1 gates pass, 1 overridden"
        ", by the ledger of this region alone"
    )
    assert f"overridden by ada until {until}" in done.stdout
    assert "UTC: mirrors move, OPS-12" in done.stdout


def test_every_form_of_the_answer_tells_of_it(failing):
    failing("override", "widget", "1.4.2", KPI, "--for", "2d", *ADA)
    record = json.loads(failing("gate", "widget", "1.4.2", "--format", "json").stdout)
    jsonschema.validate(record, GATE)
    [objective] = record["objectives"]
    override = objective["override"]
    assert (record["ruling"], objective["ruling"], objective["blocks"]) == ("pass", "fail", False)
    assert (override["who"], override["why"]) == ("ada", "mirrors move, OPS-12")
    until = datetime.fromisoformat(override["until"])
    assert timedelta(days=1) < until - SystemClock().now() < timedelta(days=2)

    junit = failing("gate", "widget", "1.4.2", "--format", "junit")
    [skipped] = parseString(junit.stdout).getElementsByTagName("skipped")  # noqa: S318 - our own
    assert "overridden by ada until" in skipped.getAttribute("message")
    assert junit.returncode == 0

    summary = failing("gate", "widget", "1.4.2", "--format", "github").stdout
    assert summary.startswith("## ✓ pass: delivery of widget 1.4.2 (stable)\n")
    assert "overridden by ada until" in summary

    card = failing("scorecard", "widget", "1.4.2", "--format", "json")
    assert json.loads(card.stdout)["ruling"] == "pass"


def test_it_is_exported_and_taken_in_elsewhere(failing, tmp_path):
    failing("override", "widget", "1.4.2", KPI, "--for", "2d", *ADA)
    (tmp_path / "lines").write_text(failing_export(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    run("ledger", "import", str(tmp_path / "lines"), "--data-dir", str(elsewhere))
    done = run(*asked(tmp_path, "gate", "widget", "1.4.2", **DEMANDED)[:-1], str(elsewhere))
    assert done.returncode == 0
    assert "1 overridden" in done.stdout


def failing_export(tmp_path):
    return run("ledger", "export", "--data-dir", str(tmp_path / "data")).stdout


def test_it_is_taken_back(failing):
    failing("override", "widget", "1.4.2", KPI, "--for", "2d", *ADA)
    back = ("override", "widget", "1.4.2", KPI, "--take-back", "--who", "bob", "--why", "done")
    about = f"{KPI} of widget 1.4.2 (stable)"
    assert failing(*back).stdout == f"the override of {about} is taken back\n"
    assert failing(*back).stdout == f"{about} is not overridden\n"
    assert failing("gate", "widget", "1.4.2").returncode == 1


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("mirror_coverage", "--for", "2d"), "mirror_coverage is no target, so it stops nothing"),
        ((KPI, "--for", "31d"), "must be between 1m and 30d"),
        ((KPI, "--for", "2"), "must be a duration with its unit"),
        ((KPI,), "say for how long, or --take-back"),
        ((KPI, "--for", "2d", "--take-back"), "say for how long, or --take-back"),
    ],
)
def test_what_cannot_be_is_a_fault_of_usage(failing, words, fault):
    done = failing("override", "widget", "1.4.2", *words, *ADA)
    assert (done.returncode, done.stdout) == (2, "")
    assert fault in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize("missing", ["--who", "--why"])
def test_nobody_overrides_without_a_name_and_a_reason(failing, missing):
    words = [*ADA]
    place = words.index(missing)
    told = ("override", "widget", "1.4.2", KPI, "--for", "2d")
    assert failing(*told, *words[:place], *words[place + 2 :]).returncode == 2
    words[place + 1] = "  "
    done = failing(*told, *words)
    assert done.returncode == 2
    assert "needs the name of who gives it, and a reason" in done.stderr


def test_without_a_ledger_there_is_nowhere_to_put_it(tmp_path):
    done = run(
        *asked(tmp_path, "override", "widget", "1.4.2", KPI, "--for", "2d", **DEMANDED), *ADA
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no ledger at" in done.stderr


def test_help_teaches_by_example():
    assert (
        "delivery-probe override widget 1.4.2 signature_coverage"
        in run("override", "--help").stdout
    )
