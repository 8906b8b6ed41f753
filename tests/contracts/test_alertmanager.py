"""Who is told by the shipped configuration of Alertmanager, and who is spared what."""

import re
from collections.abc import Mapping

import pytest
import yaml

from probe.kpi import ALERTS
from tests.contracts.source import ROOT
from tests.unit.kpi.scenarios.everything import SCENARIOS

CONFIGURATION = ROOT / "config/alertmanager.yml"
INHIBITIONS = yaml.safe_load(CONFIGURATION.read_text())["inhibit_rules"]
COMPONENTS = {alert.name: alert.component.value for _, alert in ALERTS}

_MATCHER = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')

Labels = Mapping[str, str]

EU, US = {"probe_region": "eu-west-1"}, {"probe_region": "us-east-1"}
TRAIN = {"product": "widget", "channel": "stable"}
CDN = {**TRAIN, "endpoint": "cdn"}


def an_alert(name: str, severity: str = "warning", **labels: str) -> Labels:
    about = {"alertname": name, "severity": severity, "component": COMPONENTS[name]}
    return {**about, **labels}


def matches(matchers: list[str], labels: Labels) -> bool:
    return all(_holds(*_MATCHER.fullmatch(each).groups(), labels) for each in matchers)


def _holds(name: str, operator: str, value: str, labels: Labels) -> bool:
    found = labels.get(name, "")
    same = bool(re.fullmatch(value, found)) if "~" in operator else found == value
    return same != operator.startswith("!")


def silences(source: Labels, target: Labels) -> bool:
    """Tell whether *source* silences *target*, as Alertmanager does: what both lack is the same."""
    return any(
        matches(rule["source_matchers"], source)
        and matches(rule["target_matchers"], target)
        and all(source.get(label, "") == target.get(label, "") for label in rule["equal"])
        for rule in INHIBITIONS
    )


BLIND = [
    an_alert("DeliveryProbeEgressBroken", **EU),
    an_alert("DeliveryProbeDown", job="delivery-probe", instance="eu:29464", **EU),
]
FAST = {"sloth_slo": "artifact_availability", "short": "5m", "long": "1h"}
SLOW = {"sloth_slo": "artifact_availability", "short": "6h", "long": "3d"}


@pytest.mark.parametrize("source", BLIND, ids=lambda source: source["alertname"])
def test_a_blind_prober_silences_what_it_says_of_deliveries_from_its_region(source):
    assert silences(source, an_alert("DeliveryEndpointUnavailable", **CDN, **EU))
    assert silences(source, an_alert("DeliveryCertificateExpiring", "critical", **CDN, **EU))
    assert not silences(source, an_alert("DeliveryEndpointUnavailable", **CDN, **US))


@pytest.mark.parametrize("source", BLIND, ids=lambda source: source["alertname"])
def test_a_blind_prober_silences_no_alert_about_all_regions_and_none_about_probers(source):
    assert not silences(source, an_alert("DeliveryEndpointOutage", "critical", **CDN))
    assert not silences(source, an_alert("DeliveryPropagationLate", **TRAIN, version="1.4.2"))
    assert not silences(source, an_alert("DeliveryLedgerDown", **EU))
    assert not any(silences(source, each) for each in BLIND)


def test_a_prober_without_a_region_silences_nothing():
    source = an_alert("DeliveryProbeDown", job="delivery-probe", instance="eu:29464")
    assert not silences(source, an_alert("DeliveryEndpointOutage", "critical", **CDN))
    assert not silences(source, an_alert("DeliveryEndpointUnavailable", **CDN, **EU))


def test_an_outage_for_all_silences_that_of_each_region_at_the_same_endpoint():
    source = an_alert("DeliveryEndpointOutage", "critical", **CDN)
    assert silences(source, an_alert("DeliveryEndpointUnavailable", **CDN, **EU))
    other = {**CDN, "endpoint": "s3"}
    assert not silences(source, an_alert("DeliveryEndpointUnavailable", **other, **EU))
    assert not silences(source, an_alert("DeliveryErrorBudgetBurn", "critical", **TRAIN, **FAST))


def test_a_page_for_all_regions_silences_that_of_one_and_a_ticket_does_not():
    regional = an_alert("DeliveryRegionalErrorBudgetBurn", "critical", **TRAIN, **EU)
    page = an_alert("DeliveryErrorBudgetBurn", "critical", **TRAIN, **FAST)
    ticket = an_alert("DeliveryErrorBudgetBurn", **TRAIN, **SLOW)
    assert silences(page, regional)
    assert not silences(ticket, regional)


def test_the_worse_of_two_severities_silences_the_other_of_the_same_thing():
    version = {**TRAIN, "version": "1.4.2"}
    critical = an_alert("DeliveryPropagationLate", "critical", **version)
    assert silences(critical, an_alert("DeliveryPropagationLate", **version))
    assert not silences(
        critical, an_alert("DeliveryPropagationLate", **{**version, "version": "1"})
    )
    assert not silences(critical, an_alert("DeliveryLatestPointerStale", **version))


def test_wrong_bytes_are_silenced_by_nothing():
    fired = [
        an_alert(scenario.alert, firing.severity, **firing.labels)
        for scenario in SCENARIOS
        for firings in scenario.moments.values()
        for firing in firings
    ]
    wrong = [each for each in fired if each["alertname"] == "DeliveryIntegrityMismatch"]
    assert wrong
    assert not [(source, each) for source in fired for each in wrong if silences(source, each)]


def test_nothing_silences_itself():
    for scenario in SCENARIOS:
        for firings in scenario.moments.values():
            for firing in firings:
                alert = an_alert(scenario.alert, firing.severity, **firing.labels)
                assert not silences(alert, alert)


def test_alerts_that_are_named_are_there():
    text = CONFIGURATION.read_text()
    assert set(re.findall(r"\bDelivery[A-Z]\w+", text)) <= COMPONENTS.keys()
