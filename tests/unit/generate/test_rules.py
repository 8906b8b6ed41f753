"""The rules in the project are Prometheus's to read, and read series that there are."""

import re
import subprocess

import pytest
import yaml

from probe.generate.rules import awaited, rules_file, rules_path
from probe.kpi import KPIS, RULES, Group
from probe.series import METRICS, Kind
from tests import real
from tests.contracts.source import ROOT

# What KPIs have a place for, and nothing exports. A name goes from here when its series comes.
AWAITED = {
    "delivery_release_assets_covered",
    "delivery_release_complete",
    "delivery_release_missing_assets",
    "delivery_rollback_ready",
}
_SERIES = re.compile(r"\bdelivery_\w+")


def exported() -> set[str]:
    parts = ("_bucket", "_sum", "_count")
    histograms = (each.name for each in METRICS if each.kind is Kind.HISTOGRAM)
    return {each.name for each in METRICS} | {name + part for name in histograms for part in parts}


def test_what_the_kpis_wait_for_is_known():
    assert set().union(*map(awaited, RULES)) == AWAITED


@pytest.mark.parametrize("group", Group)
def test_no_rule_reads_a_series_that_nobody_exports(group):
    assert set(_SERIES.findall(rules_file(group))) <= exported()


@pytest.mark.parametrize("group", Group)
def test_labels_in_rules_are_labels_of_the_series(group):
    known = {label for metric in METRICS for label in metric.labels} | {"le", "quantile"}
    for rule in RULES:
        if rule.group is group:
            lists = re.findall(r"\b(?:by|on|group_left) \(([\w, \n]*)\)", rule.expr)
            used = {label.strip() for text in lists for label in text.split(",")} - {""}
            assert used <= known | {"control"}, rule.record


@pytest.mark.parametrize("group", Group)
def test_the_file_says_what_the_registry_says(group):
    (written,) = yaml.safe_load(rules_file(group))["groups"]
    assert written["name"] == group.value
    assert [
        (rule["record"], rule["expr"].strip(), rule.get("labels", {})) for rule in written["rules"]
    ] == [
        (rule.record, rule.expr, rule.labels)
        for rule in RULES
        if rule.group is group and not awaited(rule)
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
    files = [ROOT / rules_path(group) for group in Group]
    command = [real.program("promtool"), "check", "rules", "--lint=all", "--lint-fatal", *files]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
