"""The rules in the project are Prometheus's to read, and read series that there are."""

import re
import subprocess
from collections.abc import Iterator

import pytest
import yaml

from probe.generate.rules import awaited, shipped_files
from probe.kpi import ALERTS, KPIS, RULES, Group, Scope
from probe.series import METRICS, Kind
from tests import real
from tests.contracts.source import ROOT

# What KPIs have a place for, and nothing exports. A name goes from here when its series comes.
AWAITED: set[str] = set()
# What Prometheus and its scrape add.
_ADDED = {"job", "instance", "le", "quantile", "sloth_window"}
_SERIES = re.compile(r"\bdelivery_\w+")

every_file = pytest.mark.parametrize("path", shipped_files())


def exported() -> set[str]:
    parts = ("_bucket", "_sum", "_count")
    histograms = (each.name for each in METRICS if each.kind is Kind.HISTOGRAM)
    return {each.name for each in METRICS} | {name + part for name in histograms for part in parts}


def written(path: str) -> Iterator[dict]:
    (group,) = yaml.safe_load(shipped_files()[path])["groups"]
    assert path == f"config/rules/{group['name']}.rules.yaml"
    yield from group["rules"]


def test_what_the_kpis_wait_for_is_known():
    awaiting = [*RULES, *(alert for _, alert in ALERTS)]
    assert set().union(*map(awaited, awaiting)) == AWAITED


@every_file
def test_no_rule_reads_a_series_that_nobody_exports(path):
    for rule in written(path):
        assert set(_SERIES.findall(rule["expr"])) <= exported()


@every_file
def test_labels_in_rules_are_labels_of_the_series(path):
    known = {label for metric in METRICS for label in metric.labels} | _ADDED
    for rule in written(path):
        lists = re.findall(r"\b(?:by|without|on|ignoring|group_left) \(([\w, \n]*)\)", rule["expr"])
        used = {label.strip() for text in lists for label in text.split(",")} - {""}
        assert used <= known, rule


@pytest.mark.parametrize("group", Group)
def test_the_file_of_a_group_says_what_the_registry_says(group):
    rules = written(f"config/rules/{group.value}.rules.yaml")
    assert [(rule["record"], rule["expr"].strip(), rule.get("labels", {})) for rule in rules] == [
        (rule.record, rule.expr, rule.labels)
        for rule in RULES
        if rule.group is group and not awaited(rule)
    ]


@pytest.mark.parametrize("scope", Scope)
def test_the_file_of_alerts_says_what_the_registry_says(scope):
    rules = written(f"config/rules/delivery.alerts.{scope.value}.rules.yaml")
    assert [
        (rule["alert"], rule["expr"].strip(), rule["labels"]["severity"]) for rule in rules
    ] == [
        (alert.name, alert.expr, alert.severity)
        for _, alert in ALERTS
        if alert.scope is scope and not awaited(alert)
    ]


def test_every_reading_of_a_kpi_is_a_rule():
    recorded = {(rule.record, *rule.labels.items()) for rule in RULES}
    wanted = {
        (each.rule.record, *each.rule.labels.items())
        for kpi in KPIS
        for each in kpi.measures
        if each.rule is not None
    }
    assert wanted <= recorded


@pytest.mark.needs("promtool")
def test_promtool_finds_no_fault():
    files = [ROOT / path for path in shipped_files()]
    command = [real.program("promtool"), "check", "rules", "--lint=all", "--lint-fatal", *files]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
