"""A gate as a table, as JUnit, as the summary of a job, and while it is waited for."""

import io
from datetime import timedelta
from xml.dom.minidom import parseString

import pytest
from rich.console import Console

from probe.domain.gate import Gate, Judged, Mode, Objective, Override, Reading, Ruling
from probe.terminal.console import console_for
from probe.terminal.gate_junit import gate_junit
from probe.terminal.gate_report import print_gate
from probe.terminal.gate_summary import gate_summary
from probe.terminal.ruling import Subject, amount, percent
from probe.terminal.waiting import waiting, words
from tests.builders import NOON

RUNBOOK = "https://runbooks.example.com/a"
WIDGET = Subject("widget", "stable", "1.4.2")
AVAILABLE = Objective("artifact_availability", 0.999, True, Mode.GATE, "release-team", RUNBOOK)
SPREAD = Objective("global_propagation", 1800.0, False, Mode.INFORM, "edge-team", RUNBOOK)
PASSED = Judged(AVAILABLE, Reading(0.9995, NOON, 1), Ruling.PASS)
FAILED = Judged(AVAILABLE, Reading(0.5, NOON, 1), Ruling.FAIL, "0.5, not at least 0.999")
UNKNOWN = Judged(AVAILABLE, Reading(None, NOON, why="no word"), Ruling.UNKNOWN, "no word")
SLOW = Judged(SPREAD, Reading(5400.0, NOON), Ruling.FAIL, "5400, not at most 1800")
OVERRIDE = Override(AVAILABLE.kpi, "ada", "the mirror\x1b[31m moves", NOON + timedelta(hours=1))
OVERRIDDEN = Judged(AVAILABLE, FAILED.reading, Ruling.FAIL, FAILED.why, OVERRIDE)

BY = ", by the ledger of this region alone"


def printed(*judged: Judged, subject: Subject = WIDGET, encoding: str = "utf-8") -> list[str]:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    print_gate(console_for(stream), subject, Gate(NOON, judged))
    stream.flush()
    lines = raw.getvalue().decode(encoding).splitlines()
    return [" ".join(line.split()) for line in lines if line.strip()]


def test_what_stops_a_release_stands_first_and_is_told_last_with_its_runbook():
    lines = printed(SLOW, FAILED)
    assert lines[0] == "KPI verdict measured asked mode owner why"
    assert lines[2:] == [
        "artifact_availability ✗ fail 50% at least 99.9% gate release-team",
        "global_propagation ✗ fail 1 h 30 min at most 30 min inform edge-team",
        f"artifact_availability: release-team, {RUNBOOK}",
        "✗ fail: widget 1.4.2 (stable): 0 of 1 gates pass, by the ledger of this region alone",
    ]


def test_what_is_unknown_says_why():
    assert printed(UNKNOWN)[2] == (
        "artifact_availability ? unknown unknown at least 99.9% gate release-team no word"
    )


def test_an_override_is_told_with_who_why_and_until_when():
    lines = printed(OVERRIDDEN)
    assert lines[2].endswith("overridden by ada until 2026-08-20 13:00 UTC: the mirror[31m moves")
    assert lines[3] == "✓ pass: widget 1.4.2 (stable): 0 of 1 gates pass, 1 overridden" + BY


def test_where_nothing_is_demanded_that_is_said():
    said = "no target has mode gate, so there is nothing that it could pass"
    assert printed() == [f"? unknown: widget 1.4.2 (stable): {said}"]


def test_a_version_cannot_speak_to_the_terminal():
    lines = printed(PASSED, subject=Subject("widget", "stable", "1\x1b]0;x\x07[bold]"))
    assert lines[-1] == "✓ pass: widget 1]0;x[bold] (stable): 1 of 1 gates pass" + BY


def test_signs_are_ascii_where_the_terminal_is():
    assert printed(PASSED, encoding="ascii")[-1].startswith("+ pass: widget")
    assert printed(FAILED, encoding="ascii")[-1].startswith("x fail: widget")


def test_no_name_is_broken_on_a_narrow_terminal():
    stream = io.StringIO()
    console = Console(file=stream, width=80)
    print_gate(console, WIDGET, Gate(NOON, (FAILED, SLOW)))
    assert "artifact_availability" in stream.getvalue()
    assert "✗ fail" in stream.getvalue()


def counts(*judged: Judged) -> list[str]:
    suite = parseString(gate_junit(WIDGET, Gate(NOON, judged))).documentElement  # noqa: S318 - ours
    return [suite.getAttribute(name) for name in ("tests", "failures", "errors", "skipped")]


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        ((PASSED,), ["1", "0", "0", "0"]),
        ((FAILED, SLOW), ["2", "1", "0", "1"]),
        ((UNKNOWN,), ["1", "0", "1", "0"]),
        ((OVERRIDDEN,), ["1", "0", "0", "1"]),
        ((), ["1", "0", "1", "0"]),
        ((SLOW,), ["2", "0", "1", "1"]),
    ],
)
def test_junit_counts_what_stops_a_release_and_what_does_not(judged, expected):
    assert counts(*judged) == expected


def test_junit_says_what_was_asked_and_who_answers():
    text = gate_junit(WIDGET, Gate(NOON, (FAILED,)))
    message = f"50%, asked is at least 99.9%; release-team, {RUNBOOK}"
    assert f'<failure message="{message}" type="fail"/>' in text


def test_junit_stays_xml_whatever_is_said():
    odd = Subject('<widget> & "x"\x00', "stable", "\ud800\ufffe1")
    suite = parseString(gate_junit(odd, Gate(NOON, (FAILED,)))).documentElement  # noqa: S318 - ours
    assert suite.getAttribute("name") == 'delivery gate of <widget> & "x" 1 (stable)'


def test_the_summary_of_a_job_is_markdown_that_nothing_from_outside_can_change():
    odd = Judged(
        AVAILABLE, Reading(None, NOON), Ruling.UNKNOWN, "a|b <img src=//x> [c](http://d) `e`\n# f"
    )
    text = gate_summary(WIDGET, Gate(NOON, (odd,)))
    assert text.splitlines() == [
        "## ? unknown: delivery of widget 1.4.2 (stable)",
        "",
        "0 of 1 gates pass, by the ledger of this region alone, as of 2026-08-20 12:00:00 UTC.",
        "",
        "| KPI | verdict | measured | asked | mode | owner | why |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        (
            "| artifact\\_availability | unknown | unknown | at least 99.9% | gate | release-team "
            "| a\\|b \\<img src=//x\\> \\[c\\](http\\://d) \\`e\\` \\# f |"
        ),
        "",
        "- artifact\\_availability: release-team, https\\://runbooks.example.com/a",
    ]


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(1.0, "100%"), (0.999999, "99.999%"), (0.999, "99.9%"), (0.0, "0%"), (0.29, "29%")],
)
def test_only_what_is_whole_is_shown_as_a_hundred_percent(ratio, text):
    assert percent(ratio) == text


def test_an_amount_has_the_unit_of_its_kpi():
    assert amount("regions_verified", 3.0) == "3"
    assert amount("time_to_restore", 0.25) == "250 ms"
    assert amount("time_to_restore", 200_000.0) == "2 d 07 h"
    assert amount("time_to_restore", None) == "unknown"


def test_who_waits_is_told_what_for_and_how_long():
    left = timedelta(minutes=14, seconds=55)
    assert words(WIDGET, Gate(NOON, (SLOW, FAILED)), left) == (
        "widget 1.4.2 (stable): 0 of 1 gates pass, by the ledger of this region alone; "
        "14 min 55 s left; "
        "artifact_availability: 0.5, not at least 0.999"
    )


def test_waiting_is_shown_on_a_terminal_and_says_nothing_in_a_pipe():
    def shown(*, terminal: bool) -> str:
        stream = io.StringIO()
        console = Console(file=stream, force_terminal=terminal, width=200)
        with waiting(console, WIDGET) as tell:
            tell(Gate(NOON, (FAILED,)), timedelta(minutes=1))
        return stream.getvalue()

    assert shown(terminal=False) == ""
    assert "0 of 1 gates pass, by the ledger of this region alone; 1 min left" in shown(
        terminal=True
    )
