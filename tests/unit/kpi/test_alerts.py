"""Every alert is fit to wake somebody: what pint finds offline, and what a pager needs."""

import re
from datetime import timedelta

import pytest

from probe.domain.failure import FailureReason
from probe.kpi import ALERTS, RULES, Alert, Component, Scope, Severity
from tests.unit.kpi.scenarios.everything import SCENARIOS

_RECORD = re.compile(r'\b((?:delivery|slo):[\w:]+)(?:\{sloth_slo="(\w+)"\})?')
_LABELS = re.compile(r"\$labels\.(\w+)")
_FUNCTIONS = {"humanizeDuration", "humanizePercentage"}

ALL = [alert for _, alert in ALERTS]
every_alert = pytest.mark.parametrize(
    "alert", ALL, ids=lambda each: "-".join([each.name, each.severity, *each.labels.values()])
)


@every_alert
def test_names_are_in_camel_case_and_begin_alike(alert: Alert):
    assert re.fullmatch(r"Delivery([A-Z][a-z]+)+", alert.name)


@every_alert
def test_what_is_said_is_whole_sentences(alert: Alert):
    assert alert.summary.endswith(".")
    assert alert.description.endswith(".")
    assert "{{" not in alert.summary
    assert "\n" not in alert.summary + alert.description


@every_alert
def test_what_is_said_fits_a_pager(alert: Alert):
    assert len(alert.summary) <= 100
    assert len(re.sub(r"\{\{.*?\}\}", "", alert.description)) <= 160


@every_alert
def test_no_label_changes_while_it_fires(alert: Alert):
    # Another label is another alert: it would resolve and fire again with each evaluation.
    assert "$value" not in "".join(alert.labels.values())


@every_alert
def test_labels_that_are_said_are_labels_that_it_has(alert: Alert):
    said = set(_LABELS.findall(alert.description))
    fired = [
        firing.labels.keys()
        for scenario in SCENARIOS
        if scenario.alert == alert.name
        for firings in scenario.moments.values()
        for firing in firings
    ]
    assert fired
    assert all(said <= labels or alert.name in _OF_EITHER for labels in fired)


# Two conditions with labels of their own: of what is not there nothing is said.
_OF_EITHER = {"DeliveryProbeInternalError"}


@every_alert
def test_something_is_compared(alert: Alert):
    # pint, alerts/comparison: without one it would fire for as long as the series is there.
    assert re.search(r"(^| )(==|!=|<|<=|>|>=) |\bunless\b|^absent\(", alert.expr, re.MULTILINE)


@every_alert
def test_what_is_absent_for_a_moment_wakes_nobody(alert: Alert):
    # pint, alerts/absent: a restart of Prometheus has no series at first.
    assert "absent(" not in alert.expr or alert.after >= timedelta(minutes=15)


@every_alert
def test_times_are_whole_minutes_and_no_longer_than_somebody_could_wait(alert: Alert):
    # pint, alerts/for.
    for time in (alert.after, alert.keep):
        assert time % timedelta(minutes=1) == timedelta()
        assert time <= timedelta(hours=6)


@every_alert
def test_what_wakes_somebody_at_once_is_about_integrity_alone(alert: Alert):
    if alert.severity is Severity.CRITICAL and not alert.after:
        assert alert.name == "DeliveryIntegrityMismatch"


@every_alert
def test_ranges_hold_four_scrapes_of_a_minute(alert: Alert):
    ranges = re.findall(r"\[(\d+)m\]", alert.expr)
    assert all(int(minutes) >= 5 for minutes in ranges)


@every_alert
def test_rates_are_said_as_shares_and_times_as_durations(alert: Alert):
    # pint, alerts/template: a bare number of many digits says nothing at night.
    said = re.findall(r"\{\{ \$value(?: \| ([^}]*))? \}\}", alert.description)
    assert set(said) <= {"humanizePercentage", "humanizeDuration", 'printf "%.0f"', ""}
    if " / " in alert.expr or ":ratio" in alert.expr.partition("\n")[0]:
        assert set(said) <= {"humanizePercentage", "humanizeDuration"}


@every_alert
def test_reasons_that_are_named_are_those_of_the_classifier(alert: Alert):
    named = re.findall(r'(?<!_)reason=~?"([\w|]+)"', alert.expr)
    assert {reason for text in named for reason in text.split("|")} <= {
        *map(str, FailureReason),
        "overload",
        "budget",
    }


@every_alert
def test_what_is_read_is_recorded_where_it_is_read(alert: Alert):
    scopes = {(rule.record, rule.labels.get("sloth_slo", "")): rule.group.scope for rule in RULES}
    read = {scopes[each] for each in _RECORD.findall(alert.expr)}
    assert alert.scope is Scope.GLOBAL or Scope.GLOBAL not in read


@every_alert
def test_regional_alerts_name_no_region_that_is_not_theirs(alert: Alert):
    # External labels are in no rule; the label of the series is probe_region.
    assert not re.search(r"\bregion\b", alert.expr)


def test_one_name_is_of_one_component_and_one_scope():
    of_a_name = {(alert.name, alert.component, alert.scope, alert.summary) for alert in ALL}
    assert len(of_a_name) == len({alert.name for alert in ALL})


def test_no_two_alerts_are_the_same():
    assert len({(alert.name, alert.expr) for alert in ALL}) == len(ALL)


def test_the_kpi_of_an_alert_is_who_is_told():
    assert all(kpi is not None or alert.component is Component.PROBE for kpi, alert in ALERTS)
