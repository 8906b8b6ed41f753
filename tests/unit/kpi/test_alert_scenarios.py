"""Every alert fires when it should, is quiet when it should be, and ends: by promtool itself."""

import pytest

from probe.generate.alert_entry import Links, alert_entry, owner_by_series
from probe.generate.rules import recording_entry
from probe.kpi import ALERTS, Dashboard
from tests.unit.kpi.scenarios.everything import SCENARIOS, read_by
from tests.unit.kpi.scenarios.promtool import faults
from tests.unit.kpi.scenarios.scenario import Firing, Scenario

LINKS = Links()


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_what_is_told_of_a_story(scenario, tmp_path):
    assert faults(tmp_path, scenario, shipped(scenario), expected) == ""


def shipped(scenario: Scenario) -> list[dict[str, object]]:
    """Return the alerts of the scenario and what they read, as the shipped files have them."""
    chosen = [
        (kpi, alert)
        for kpi, alert in ALERTS
        if alert.name == scenario.alert and scenario.kpi in ("", kpi.name if kpi else "")
    ]
    kpis = {kpi.name for kpi, _ in chosen if kpi is not None}
    return [
        *map(recording_entry, read_by([alert for _, alert in chosen], kpis)),
        *(
            alert_entry(alert, owner_by_series(kpi), LINKS.runbook(alert), LINKS.dashboard(alert))
            for kpi, alert in chosen
        ),
    ]


def expected(scenario: Scenario, firing: Firing) -> dict[str, object]:
    """Return labels and annotations of *firing*, of which most follow from its alert."""
    kpi, alert = next(pair for pair in ALERTS if pair[1].name == scenario.alert)
    train = f"?var-product=widget&var-channel={firing.labels.get('channel', '')}"
    about = "" if alert.dashboard is Dashboard.INTERNALS else train
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
            (scenario.alert, each.severity, each.labels.get("short"), each.labels.get("sloth_slo"))
            for firings in moments
            for each in firings
        }
    assert fired == {
        (alert.name, alert.severity, short := alert.labels.get("short"), short and kpi.name)
        for kpi, alert in ALERTS
    }
