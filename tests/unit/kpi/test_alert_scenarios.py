"""Every alert fires when it should, is quiet when it should be, and ends: by promtool itself."""

import re
import subprocess
from collections.abc import Iterable

import pytest
import yaml

from probe.generate.alert_entry import Links, alert_entry, owner_by_series
from probe.generate.rules import recording_entry
from probe.kpi import ALERTS, RULES, Alert, Rule
from tests import real
from tests.unit.kpi.scenarios import availability, budget, content, performance, prober
from tests.unit.kpi.scenarios.scenario import Firing, Scenario

SCENARIOS = (
    *availability.SCENARIOS,
    *performance.SCENARIOS,
    *content.SCENARIOS,
    *budget.SCENARIOS,
    *prober.SCENARIOS,
)
LINKS = Links()

_RECORD = re.compile(r"\b(?:delivery|slo):[\w:]+")


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_what_is_told_of_a_story(scenario, tmp_path):
    rules, story = tmp_path / "rules.yaml", tmp_path / "story.yaml"
    rules.write_text(yaml.safe_dump(rules_of(scenario), sort_keys=False))
    story.write_text(yaml.safe_dump(promtool_test(scenario, rules.name), sort_keys=False))
    command = [real.program("promtool"), "test", "rules", story]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr


def rules_of(scenario: Scenario) -> dict[str, object]:
    """Return the alerts of the scenario and what they read, as the shipped files have them."""
    chosen = [
        (kpi, alert)
        for kpi, alert in ALERTS
        if alert.name == scenario.alert and scenario.kpi in ("", kpi.name if kpi else "")
    ]
    alerts = [
        alert_entry(alert, owner_by_series(kpi), LINKS.runbook(alert), LINKS.dashboard(alert))
        for kpi, alert in chosen
    ]
    kpis = {kpi.name for kpi, _ in chosen if kpi is not None}
    read = [
        rule
        for rule in recorded_for([alert for _, alert in chosen])
        if rule.labels.get("sloth_slo", rule.labels.get("kpi")) in (None, *kpis)
    ]
    return {"groups": [{"name": "all", "rules": [*map(recording_entry, read), *alerts]}]}


def recorded_for(alerts: Iterable[Alert]) -> list[Rule]:
    """Return the recording rules that *alerts* read, themselves or through others."""
    found = {name for alert in alerts for name in _RECORD.findall(alert.expr)}
    wanted: set[str] = set()
    while new := found - wanted:
        wanted |= new
        exprs = [rule.expr for rule in RULES if rule.record in new]
        found = {name for expr in exprs for name in _RECORD.findall(expr)}
    return [rule for rule in RULES if rule.record in wanted]


def promtool_test(scenario: Scenario, rules: str) -> dict[str, object]:
    """Return *scenario* as promtool reads it."""
    return {
        "rule_files": [rules],
        "evaluation_interval": scenario.step,
        "tests": [
            {
                "interval": scenario.step,
                "input_series": [
                    {"series": name, "values": values} for name, values in scenario.series.items()
                ],
                "alert_rule_test": [
                    {
                        "eval_time": moment,
                        "alertname": scenario.alert,
                        "exp_alerts": [expected(scenario, firing) for firing in firings],
                    }
                    for moment, firings in scenario.moments.items()
                ],
            }
        ],
    }


def expected(scenario: Scenario, firing: Firing) -> dict[str, object]:
    """Return labels and annotations of *firing*, of which most follow from its alert."""
    kpi, alert = next(pair for pair in ALERTS if pair[1].name == scenario.alert)
    about = f"?var-product=widget&var-channel={firing.labels['channel']}" if kpi else ""
    return {
        "exp_labels": {
            "severity": firing.severity,
            "component": alert.component.value,
            "owner": "delivery" if kpi else "probe",
            **firing.labels,
        },
        "exp_annotations": {
            "summary": alert.summary,
            "description": firing.says,
            "runbook_url": LINKS.runbook(alert),
            "dashboard_url": f"{LINKS.dashboards}/d/{alert.dashboard.value}{about}",
        },
    }


def test_every_alert_fires_in_a_story_and_is_quiet_before_and_after():
    fired = set()
    for scenario in SCENARIOS:
        moments = tuple(scenario.moments.values())
        assert moments[0] == moments[-1] == (), scenario.id
        fired |= {
            (scenario.alert, each.severity, each.labels.get("short"))
            for firings in moments
            for each in firings
        }
    assert fired == {(alert.name, alert.severity, alert.labels.get("short")) for _, alert in ALERTS}
