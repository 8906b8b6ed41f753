"""``baseline`` as a user runs it, on a ledger of a quarter."""

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from probe.clock import SystemClock
from probe.domain.evidence import Pair, Published
from probe.kpi.baseline_record import BASELINE_SCHEMA
from probe.settings import Settings, parse
from tests.builders import a_release, a_target, an_artifact, an_endpoint
from tests.fakes.clock import FakeClock
from tests.integration.cli.test_questions import RUNBOOK, a_config, a_filled, asked, run
from tests.ledgers import MISSING, a_ledger, an_attempt

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FILE = an_artifact()
PAIRS = (Pair("origin", "eu-west-1"),)


async def _fill(directory, weeks):
    """
    Fill a ledger with a release in each week.

    It is there after so many minutes as it is weeks old. Of its ten attempts one fails in every
    third week.
    """
    now = SystemClock().now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    attempts = []
    with a_ledger(directory, FakeClock(now)) as ledger:
        for week in range(weeks, 0, -1):
            published_at = midnight - week * 7 * DAY + DAY
            release = a_release(f"1.{weeks - week}", FILE, published_at=published_at)
            assert await ledger.keep(Published("widget", release, PAIRS, published_at))
            target = a_target(release=release, endpoint=an_endpoint("origin"))
            for number in range(10):
                passed = number != 5 or week % 3 > 0
                at = published_at + (week + number) * MINUTE
                fault = None if passed else MISSING
                attempts.append(an_attempt(at, passed, target=target, fault=fault))
        for each in attempts:
            ledger.record(each)
        assert await ledger.flush()


@pytest.fixture(scope="module")
def quarter(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quarter")
    asyncio.run(_fill(folder / "data", 12))
    return folder


def baseline(folder, *words, **targets):
    return run(*asked(folder, "baseline", "widget", *words, **targets))


def test_a_table_says_how_the_values_lie_and_what_could_be_asked(quarter):
    done = baseline(quarter)
    lines = [" ".join(line.split()) for line in done.stdout.splitlines() if line.strip()]
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"widget \(stable\), \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d", lines[0])
    assert lines[1] == "KPI of half three of ten best worst could be asked"
    assert "transfer_success 11 weeks 100% 100% 100% 90% slo: 100%" in lines
    assert (
        "global_propagation 12 releases 6 min 30 s 4 min 18 s 1 min 12 min within: 4m20s" in lines
    )
    [moment] = [line for line in lines if line.startswith("no baseline of mirror_coverage")]
    assert moment.endswith(
        "regions_verified, fallback_readiness: only what is so now is known of it"
    )
    assert "no baseline of time_to_detect, time_to_restore: 0 incidents, and it takes 5" in lines
    assert lines[-1].endswith("metadata_validation, retention_exceptions: nothing observes them")


def test_what_is_to_be_pasted_lacks_only_the_people(quarter):
    done = baseline(quarter, "--format", "yaml")
    targets = yaml.safe_load(done.stdout)["targets"]
    assert list(targets) == ["release_completeness", "regional_availability", "global_propagation"]
    nobody = {"mode": "inform", "owner": None, "cadence": None, "runbook": None}
    assert targets["global_propagation"] == {"within": "4m20s", **nobody}
    assert "  # signature_coverage: 0 releases, and it takes 5\n" in done.stdout

    faults = [str(fault) for fault in settings_with(quarter, done.stdout)]
    assert len(faults) == 9
    assert all(
        re.search(r"targets\.\w+\.(owner|cadence|runbook): must be", each) for each in faults
    )


def test_what_is_pasted_and_filled_in_is_taken(quarter):
    text = baseline(quarter, "--format", "yaml", "--all").stdout
    text = re.sub(r"owner: .*", "owner: ada", text)
    text = re.sub(r"cadence: .*", "cadence: 31d", text)
    text = re.sub(r"runbook: .*", f"runbook: {RUNBOOK}", text)
    settings = settings_with(quarter, text)
    assert isinstance(settings, Settings), settings
    [product] = settings.products
    asked_for = {each.kpi: each.target for each in product.objectives}
    assert (asked_for["transfer_success"], asked_for["global_propagation"]) == (1.0, 260.0)


def settings_with(folder, targets):
    config = Path(a_config(folder)).read_text()
    indented = "".join(f"    {line}\n" for line in targets.splitlines())
    return parse(config.partition("    targets:")[0].encode() + indented.encode(), "probe.yaml")


def test_what_is_asked_already_keeps_its_people(quarter):
    done = baseline(quarter, "--format", "yaml", transfer_success="slo: 90%, mode: gate")
    assert yaml.safe_load(done.stdout)["targets"]["transfer_success"] == {
        "slo": "100%",
        "mode": "gate",
        "owner": "release-team",
        "cadence": "31d",
        "runbook": RUNBOOK,
    }


def test_json_is_as_its_schema_says(quarter):
    record = json.loads(baseline(quarter, "--format", "json").stdout)
    jsonschema.validate(record, BASELINE_SCHEMA)
    by_name = {each["kpi"]: each for each in record["kpis"]}
    spread = by_name["global_propagation"]["spread"]
    assert (spread["count"], spread["p50"], spread["best"], spread["worst"]) == (12, 390, 60, 720)
    assert by_name["global_propagation"]["ask"] == {"within": "4m20s"}
    assert (by_name["audit_completeness"]["spread"], by_name["audit_completeness"]["why"]) == (
        None,
        "access logs are not observed",
    )


def test_a_month_is_too_little_for_what_goes_by_week(quarter):
    done = baseline(quarter, "--window", "30d")
    assert (done.returncode, "transfer_success" in done.stdout.partition("no baseline")[0]) == (
        3,
        False,
    )
    assert "transfer_success, verification_success" in done.stdout
    assert ": 4 whole weeks, and it takes 8" in done.stdout
    assert ": 4 releases, and it takes 5" in done.stdout


def test_a_young_ledger_has_no_baseline(tmp_path):
    a_filled(tmp_path / "data", timedelta(minutes=5))
    done = baseline(tmp_path)
    assert done.returncode == 3
    assert "0 whole weeks, and it takes 8" in done.stdout
    assert yaml.safe_load(baseline(tmp_path, "--format", "yaml").stdout) == {"targets": {}}


def test_without_a_ledger_there_is_no_answer(tmp_path):
    done = baseline(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no ledger at" in done.stderr


@pytest.mark.parametrize("window", ["29d", "91d", "90", "week"])
def test_a_window_is_of_a_month_to_a_quarter(tmp_path, window):
    assert baseline(tmp_path, "--window", window).returncode == 2
