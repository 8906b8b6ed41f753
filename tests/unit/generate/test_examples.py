"""The shipped examples, as the programs that they are for read them."""

import re
import subprocess
from functools import cache

import pytest
import yaml

from probe.kpi import Group, Scope
from tests import real
from tests.contracts.source import ROOT
from tests.contracts.test_alertmanager import CDN, CONFIGURATION, EU, FAST, SLOW, TRAIN, an_alert
from tests.contracts.test_runbooks import RUNBOOKS, blocks


@cache
def told(*labels: str) -> str:
    command = [real.program("amtool"), "config", "routes", "test"]
    arguments = [f"--config.file={CONFIGURATION}", *labels]
    found = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
    return found.stdout.strip()


@pytest.mark.needs("amtool")
@pytest.mark.parametrize(
    ("alert", "receivers"),
    [
        (an_alert("DeliveryWatchdog", "none", **EU), "heartbeat"),
        (an_alert("DeliveryKpiMissed", "info", **TRAIN), "nobody"),
        (an_alert("DeliveryEndpointOutage", "critical", **CDN), "incident-register,pager"),
        (an_alert("DeliveryEndpointUnavailable", **CDN, **EU), "incident-register,tickets"),
        (an_alert("DeliveryErrorBudgetBurn", "critical", **TRAIN, **FAST), "pager"),
        (an_alert("DeliveryErrorBudgetBurn", **TRAIN, **SLOW), "tickets"),
        (an_alert("DeliveryProbeAbsent", "critical"), "pager"),
        (an_alert("DeliveryLedgerDown", owner="probe", **EU), "tickets"),
        (
            an_alert("DeliveryPropagationLate", "critical", owner="edge-team", **TRAIN),
            "pager-of-edge-team",
        ),
        (an_alert("DeliveryPropagationLate", owner="edge-team", **TRAIN), "tickets-of-edge-team"),
    ],
    ids=lambda each: each["alertname"] if isinstance(each, dict) else each,
)
def test_who_is_told(alert, receivers):
    assert told(*(f"{name}={value}" for name, value in alert.items())) == receivers


@pytest.mark.needs("amtool")
def test_alertmanager_finds_no_fault():
    command = [real.program("amtool"), "check-config", CONFIGURATION]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.needs("promtool")
def test_prometheus_finds_no_fault_in_its_example():
    command = [real.program("promtool"), "check", "config", "--lint=all", "--lint-fatal"]
    file = ROOT / "config/prometheus.yml"
    found = subprocess.run([*command, file], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.needs("promtool")
def test_queries_are_promql(tmp_path):
    groups = [
        {
            "name": name,
            "rules": [
                {"record": f"query{place}", "expr": query}
                for place, query in enumerate(blocks(name, "promql"))
            ],
        }
        for name in RUNBOOKS
    ]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": groups}))
    command = [real.program("promtool"), "check", "rules", "--lint=none", file]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def yaml_blocks() -> list[str]:
    text = (ROOT / "docs/joining.md").read_text()
    return re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("block", range(len(yaml_blocks())))
def test_what_is_said_of_joining_regions_is_a_configuration_of_prometheus(block, tmp_path):
    file = tmp_path / "prometheus.yml"
    file.write_text(yaml_blocks()[block])
    command = [real.program("promtool"), "check", "config", "--syntax-only", file]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_files_of_each_scope_are_named():
    text = (ROOT / "docs/joining.md").read_text()
    for scope in Scope:
        (named,) = re.findall(rf"^\| {scope.value} \| (.*?) \|", text, re.MULTILINE)
        groups = [group.value for group in Group if group.scope is scope]
        assert re.findall(r"`(.*?)`", named) == [*groups, f"delivery.alerts.{scope.value}"]
