"""Rules for one configuration tell the same stories as those for every product."""

from datetime import timedelta
from typing import Any

import pytest
import yaml

from probe.domain.gate import Objective
from probe.generate.alert_entry import Links
from probe.generate.asked import Asked
from probe.generate.own_rules import own_rules
from probe.generate.rules import recording_entry
from probe.kpi import ALERTS, KPIS, Direction, Scope
from tests.builders import a_product, an_endpoint
from tests.unit.kpi.scenarios.everything import SCENARIOS, read_by
from tests.unit.kpi.scenarios.promtool import faults
from tests.unit.kpi.scenarios.scenario import Firing, Scenario
from tests.unit.kpi.test_alert_scenarios import expected

# Who is told is the KPI itself, so that it is seen of which KPI an alert is.
OBJECTIVES = {
    kpi.name: Objective(
        kpi.name,
        kpi.target,
        higher_is_better=kpi.direction is Direction.HIGHER,
        owner=kpi.name,
        runbook=f"https://wiki/{kpi.name}",
        cadence=timedelta(days=31),
    )
    for kpi in KPIS
}
ASKED = Asked(a_product(an_endpoint("cdn", interval_seconds=1.0)), OBJECTIVES, ("eu-west-1",))
MADE = own_rules([ASKED], tuple(Scope), Links(), "probe")
ENTRIES = [
    rule for file in MADE.files for rule in yaml.safe_load(file.text(""))["groups"][0]["rules"]
]
KPI_OF = {alert.name: kpi for kpi, alert in ALERTS}
TOLD = [
    scenario
    for scenario in SCENARIOS
    if KPI_OF[scenario.alert] is not None
    and not any("slo_target" in name for name in scenario.series)
    and not any("nightly" in name for name in scenario.series)
    and any(entry.get("alert") == scenario.alert for entry in ENTRIES)
]


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("scenario", TOLD, ids=lambda scenario: scenario.id)
def test_what_is_told_of_a_story(scenario, tmp_path):
    alerts = [
        entry
        for entry in ENTRIES
        if entry.get("alert") == scenario.alert and scenario.kpi in ("", entry["labels"]["owner"])
    ]
    kpis = {entry["labels"]["owner"] for entry in alerts}
    chosen = [alert for kpi, alert in ALERTS if alert.name == scenario.alert]
    shared = [each for each in read_by(chosen, kpis) if "sloth_slo" not in each.labels]
    budgets = [entry for entry in ENTRIES if entry.get("labels", {}).get("sloth_slo") in kpis]
    rules = [*map(recording_entry, shared), *budgets, *alerts]
    assert faults(tmp_path, scenario, rules, expected_of_own) == ""


def expected_of_own(scenario: Scenario, firing: Firing) -> dict[str, Any]:
    told = expected(scenario, firing)
    labels, annotations = dict(told["exp_labels"]), dict(told["exp_annotations"])
    kpi = labels.get("sloth_slo") or labels.get("kpi") or KPI_OF[scenario.alert].name
    labels["owner"] = kpi
    annotations["runbook_url"] = f"https://wiki/{kpi}"
    if "sloth_slo" in labels:
        labels |= {"sloth_service": "widget-stable", "sloth_id": f"widget-stable-{kpi}"}
    return {"exp_labels": labels, "exp_annotations": annotations}


def test_stories_are_told_of_every_alert_about_deliveries_that_is_written():
    of_kpis = {name for name, kpi in KPI_OF.items() if kpi is not None}
    written = {entry["alert"] for entry in ENTRIES if "alert" in entry}
    assert {scenario.alert for scenario in TOLD} == of_kpis & written
