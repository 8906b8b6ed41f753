"""``rules`` as a user runs it: files for Prometheus, and none of somebody else's lost."""

import subprocess
from pathlib import Path

import pytest

from tests import real
from tests.integration.cli.test_cli import run

EVERYWHERE = "regions: [{name: eu-west-1}, {name: us-east-1}]"
TARGET = (
    "artifact_availability: {slo: 99%, owner: release-team, cadence: 31d, "
    'runbook: "https://wiki.example.com/widget"}'
)
ALERTS = "delivery.alerts.global.rules.yaml"


def a_config(folder: Path, interval: str = "30s", target: str = TARGET) -> Path:
    path = folder / "probe.yaml"
    path.write_text(f"""
{EVERYWHERE}
defaults: {{interval: {interval}}}
products:
  - name: widget
    owner: release-team
    source: {{kind: manifest, url: "file:///absent.json"}}
    endpoints: [{{name: cdn, kind: cdn, url: "https://dl.example.com/{{name}}"}}]
    targets:
      {target}
""")
    return path


def rules(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    out = folder / "rules"
    return run("rules", f"--config={folder / 'probe.yaml'}", f"--out={out}", *options)


def written(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in (folder / "rules").iterdir()}


def test_what_is_written_is_said_and_written_once(tmp_path):
    a_config(tmp_path)
    first = rules(tmp_path)
    assert first.returncode == 0, first.stderr
    files = written(tmp_path)
    assert first.stdout.splitlines() == [
        f"wrote {tmp_path}/rules/{name}" for name in sorted(files, key=_order)
    ]
    assert "# For widget (stable)." in files[ALERTS]
    assert "owner: release-team" in files[ALERTS]
    again = rules(tmp_path)
    assert (again.returncode, again.stdout) == (0, "")


def _order(name: str) -> int:
    return [
        "delivery.targets.rules.yaml",
        "delivery.sli.rules.yaml",
        "delivery.cross_region.rules.yaml",
        "delivery.slo.global.rules.yaml",
        "delivery.slo.global.long.rules.yaml",
        "delivery.recoverability.rules.yaml",
        "delivery.alerts.regional.rules.yaml",
        ALERTS,
    ].index(name)


@pytest.mark.needs("promtool")
def test_prometheus_takes_what_is_written(tmp_path):
    a_config(tmp_path)
    assert rules(tmp_path).returncode == 0
    command = [real.program("promtool"), "check", "rules", "--lint=all", "--lint-fatal"]
    files = sorted((tmp_path / "rules").iterdir())
    found = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_a_check_writes_nothing_and_fails_until_the_rules_are_up_to_date(tmp_path):
    a_config(tmp_path)
    before = rules(tmp_path, "--check")
    assert before.returncode == 1
    assert f"would write {tmp_path}/rules/{ALERTS}\n" in before.stdout
    assert not (tmp_path / "rules").exists()
    rules(tmp_path)
    assert rules(tmp_path, "--check").returncode == 0
    a_config(tmp_path, target=TARGET.replace("release-team", "edge-team"))
    after = rules(tmp_path, "--check")
    assert after.returncode == 1
    assert f"would write {tmp_path}/rules/{ALERTS}\n" in after.stdout


def test_a_file_that_somebody_changed_stays_until_it_may_be_overwritten(tmp_path):
    a_config(tmp_path)
    rules(tmp_path)
    file = tmp_path / "rules" / ALERTS
    changed = file.read_text().replace("for: 2m", "for: 3m")
    file.write_text(changed)
    refused = rules(tmp_path)
    assert refused.returncode == 2
    assert refused.stderr == f"delivery-probe: {file} was written or changed by somebody else\n"
    assert file.read_text() == changed
    assert rules(tmp_path, "--check").returncode == 1
    assert rules(tmp_path, "--overwrite").returncode == 0
    assert "for: 3m" not in file.read_text()


def test_what_is_wanted_no_more_is_removed_and_other_files_stay(tmp_path):
    a_config(tmp_path)
    rules(tmp_path)
    (tmp_path / "rules" / "mine.yaml").write_text("groups: []\n")
    regional = rules(tmp_path, "--scope=regional")
    assert f"removed {tmp_path}/rules/{ALERTS}\n" in regional.stdout
    assert written(tmp_path).keys() == {
        "mine.yaml",
        "delivery.targets.rules.yaml",
        "delivery.sli.rules.yaml",
        "delivery.alerts.regional.rules.yaml",
    }


def test_a_page_that_one_failure_could_cause_is_refused(tmp_path):
    a_config(tmp_path, interval="5m", target=TARGET.replace("99%", "99.9%"))
    refused = rules(tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.splitlines() == [
        (
            "delivery-probe: widget (stable): artifact_availability of 99.9% may not page by 5m "
            "and 1h, because fewer than 3 failures could: it takes 209 attempts an hour, and 24 "
            "are sure; an interval of 34s at every endpoint would do"
        ),
        (
            "delivery-probe: widget (stable): artifact_availability of 99.9% may not page by 30m "
            "and 6h, because fewer than 3 failures could: it takes 84 attempts an hour, and 24 are"
            " sure; an interval of 86s at every endpoint or an objective of 99.65% would do"
        ),
        "delivery-probe: nothing is written; --without-thin-pages goes without these",
    ]
    assert not (tmp_path / "rules").exists()
    assert rules(tmp_path, "--without-thin-pages").returncode == 0


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    a_config(tmp_path)
    (tmp_path / "rules").write_text("a file")
    found = rules(tmp_path)
    assert found.returncode == 2
    assert found.stderr == f"delivery-probe: no rules in {tmp_path}/rules: Not a directory\n"


def test_a_configuration_with_a_fault_is_refused(tmp_path):
    a_config(tmp_path).write_text("regions: []\n")
    assert rules(tmp_path).returncode == 2
