"""Scenarios as files for promtool, and what it says of them."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import yaml

from tests import real
from tests.unit.kpi.scenarios.scenario import Firing, Scenario

Expected = Callable[[Scenario, Firing], Mapping[str, object]]


def faults(
    folder: Path, scenario: Scenario, rules: Sequence[Mapping[str, object]], expected: Expected
) -> str:
    """Return what promtool finds wrong with *rules* by the scenario; empty if nothing."""
    group = {"name": "all", "rules": [dict(rule) for rule in rules]}
    (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": [group]}, sort_keys=False))
    story = folder / "story.yaml"
    story.write_text(yaml.safe_dump(_story(scenario, expected), sort_keys=False))
    command = [real.program("promtool"), "test", "rules", story]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return found.stdout + found.stderr if found.returncode else ""


def _story(scenario: Scenario, expected: Expected) -> Mapping[str, object]:
    given = [{"series": name, "values": values} for name, values in scenario.series.items()]
    told = [
        {
            "eval_time": moment,
            "alertname": scenario.alert,
            "exp_alerts": [dict(expected(scenario, firing)) for firing in firings],
        }
        for moment, firings in scenario.moments.items()
    ]
    return {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": scenario.step,
        "tests": [
            {"interval": scenario.step, "input_series": given, "alert_rule_test": told},
        ],
    }
