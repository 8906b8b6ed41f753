"""``review`` as a user runs it, on a ledger of a quarter."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import jsonschema
import pytest

from probe.clock import SystemClock
from probe.domain.block import block_events
from probe.domain.evidence import DetectedBy, Event
from probe.domain.gate import Gate, Judged, Mode, Objective, Reading, Ruling
from probe.domain.override import Word, override_event
from probe.kpi.review_record import REVIEW_SCHEMA
from tests.fakes.clock import FakeClock
from tests.integration.cli.test_baseline import _fill as fill_quarter
from tests.integration.cli.test_questions import asked, run
from tests.ledgers import INCIDENT, a_ledger

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TARGETS = {
    "transfer_success": "slo: 80%",
    "global_propagation": "within: 1m, mode: gate",
    "signature_coverage": "slo: 100%, mode: gate",
}
SIGNED = Objective("signature_coverage", 1.0, True, Mode.GATE)
SPREAD = Objective("global_propagation", 60.0, False, Mode.GATE)


async def _fill(directory):
    await fill_quarter(directory, 12)
    now = SystemClock().now()
    failed = Judged(SPREAD, Reading(300.0, now), Ruling.FAIL, "300, not at most 60")
    gate = Gate(now - DAY, (failed,))
    told = replace(
        INCIDENT,
        endpoint="origin",
        onset_at=now - 3 * DAY,
        detected_at=now - 3 * DAY,
        detected_by=DetectedBy.USER,
        restored_at=now - 3 * DAY + HOUR,
        report="404 from \x1b[31mour office",
    )
    word = Word("widget", "stable", "1.9", SIGNED.kpi, "ada", "keys, OPS-12", now - DAY, now + DAY)
    with a_ledger(directory, FakeClock(now)) as ledger:
        assert await ledger.keep(
            *block_events(gate, "widget", "stable", "1.8", now - 9 * DAY),
            override_event(word, [SIGNED], ()),
            told,
            *(
                Event(str(n), "alert", "widget", "stable", "", now - DAY, "alertmanager", "Noisy")
                for n in range(4)
            ),
        )


@pytest.fixture
def quarter(tmp_path):
    asyncio.run(_fill(tmp_path / "data"))
    return tmp_path


def review(folder, *words, **targets):
    return run(*asked(folder, "review", "widget", *words, **(targets or TARGETS)))


def test_the_questions_are_answered_by_what_was(quarter):
    done = review(quarter)
    lines = [" ".join(line.split()) for line in done.stdout.splitlines() if line.strip()]
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0].endswith(": never reviewed")
    assert lines[1] == "KPI mode asked met stopped overridden could be"
    rows = {line.split()[0]: line for line in lines[3:6]}
    assert rows["transfer_success"].endswith("inform at least 80% 11 of 11 slo: 100%")
    assert rows["global_propagation"].endswith(
        "gate at most 1 min 1 of 12 1.8 within: 4m20s, or be paid for"
    )
    assert rows["signature_coverage"].endswith(
        "gate at least 100% 0 of 0 1.9 nothing is known; inform, for it stopped nothing"
    )
    assert "- there is no earlier review to compare with" in lines
    assert "- noise: Noisy came 4 times and led to 0 post-mortems" in lines
    [word] = [line for line in lines if "overridden by ada" in line]
    assert word.startswith("- signature_coverage of 1.9 was")
    assert word.endswith(": keys, OPS-12")
    [told] = [line for line in lines if line.startswith("- no KPI showed what users told of")]
    assert told.endswith("UTC at origin (i-1): 404 from [31mour office")


def test_json_is_as_its_schema_says(quarter):
    record = json.loads(review(quarter, "--format", "json").stdout)
    jsonschema.validate(record, REVIEW_SCHEMA)
    by_name = {each["kpi"]: each for each in record["targets"]}
    assert (record["due"], record["last"], record["changes"]) == (True, None, None)
    assert by_name["transfer_success"]["advice"] == "tighten"
    assert (by_name["transfer_success"]["met"], by_name["transfer_success"]["proposal"]) == (11, 1)
    assert by_name["global_propagation"]["advice"] == "loosen"
    assert by_name["global_propagation"]["blocked"] == ["1.8"]
    assert by_name["signature_coverage"]["could_be"] == "inform"
    assert record["alerts"] == [
        {"alert": "Noisy", "kpi": "", "fired": 4, "acted_on": 0, "noise": True}
    ]
    assert [each["id"] for each in record["unmatched"]] == ["i-1"]


def test_markdown_is_an_agenda(quarter):
    lines = review(quarter, "--format", "markdown").stdout.splitlines()
    assert lines[0].startswith("## widget (stable), ")
    assert "| KPI | mode | asked | met | stopped | overridden | could be |" in lines
    assert "- noise: Noisy came 4 times and led to 0 post-mortems" in lines


def test_what_changes_after_a_review_is_told(quarter):
    accepted = review(quarter, "--accept", "--who", "ada", "--note", "loosen P2")
    assert (accepted.returncode, accepted.stderr) == (0, "accepted by ada\n")
    same = json.loads(review(quarter, "--format", "json").stdout)
    assert (same["last"]["who"], same["last"]["note"]) == ("ada", "loosen P2")
    assert (same["due"], same["changes"]) == (False, [])

    more = json.loads(review(quarter, "--format", "json", provenance_coverage="slo: 95%").stdout)
    assert more["changes"] == [{"change": "proofs", "what": "provenance_coverage has a target"}]
    assert more["due"]
    table = review(quarter, provenance_coverage="slo: 95%").stdout
    assert "- since the last review: provenance_coverage has a target" in table
    assert "last reviewed" in table


@pytest.mark.parametrize("words", [("--accept",), ("--who", "ada"), ("--accept", "--who", " ")])
def test_a_review_is_accepted_by_somebody(tmp_path, words):
    done = review(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--accept --who NAME" in done.stderr


def test_without_a_ledger_there_is_nothing_to_review(tmp_path):
    done = review(tmp_path, "--accept", "--who", "ada")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no ledger at" in done.stderr


def test_a_product_without_targets_is_told_so(quarter):
    done = run(*asked(quarter, "review", "widget"))
    assert done.returncode == 0
    assert "no targets are configured for it" in done.stdout
