"""Every KPI stands once, with all that a target, a page and a rule need of it."""

import re

import pytest

from probe.kpi import BY_NAME, KPIS, RULES, STARTER_SET, Category, Group, Unit, Unknown
from tests.unit.kpi.builders import the_evidence

CODES = [
    *("C1", "C2", "C3"),
    *("A1", "A2", "A3", "A4"),
    *("P1", "P2", "P3", "P4"),
    *("I1", "I2", "I3", "I4"),
    *("R1", "R2", "R3", "R4"),
    *("X1.1", "X1.2", "X1.3", "X1.4", "X1.5"),
    *("X2.1", "X2.2", "X2.3", "X2.4"),
    *("X3.1", "X3.2", "X3.3", "X3.4", "X3.5"),
]
_RECORD = re.compile(r"delivery:[\w:]+")

every_kpi = pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.code)


def test_all_are_there_in_order():
    assert [kpi.code for kpi in KPIS] == CODES


def test_names_are_given_once():
    assert len(BY_NAME) == len(KPIS)


@every_kpi
def test_names_are_what_a_target_can_be_called(kpi):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kpi.name)
    assert kpi.question.endswith("?")


@every_kpi
def test_a_target_is_of_the_unit(kpi):
    assert kpi.target >= 0
    assert kpi.unit is not Unit.RATIO or kpi.target <= 1


@every_kpi
def test_of_no_evidence_nothing_is_known(kpi):
    assert isinstance(kpi.value(the_evidence()), Unknown)


@every_kpi
def test_an_answer_is_unknown_for_a_reason_that_is_said(kpi):
    assert bool(kpi.awaits) == (kpi.headline is None)


@every_kpi
def test_the_target_itself_meets_the_target(kpi):
    assert kpi.meets(kpi.target, kpi.target)
    assert kpi.meets(kpi.target + 1, kpi.target) != kpi.meets(kpi.target - 1, kpi.target)


def test_the_starter_set_has_one_of_each_category():
    assert [kpi.category for kpi in STARTER_SET] == list(Category)


def test_a_rule_reads_what_its_group_has_recorded_before_or_another_group_records():
    groups = {rule.record: rule.group for rule in RULES}
    recorded: set[str] = set()
    for rule in RULES:
        read = set(_RECORD.findall(rule.expr))
        assert read <= groups.keys(), rule.record
        assert {name for name in read if groups[name] is rule.group} <= recorded, rule.record
        recorded.add(rule.record)


def test_regional_rules_read_nothing_that_joins_regions():
    for rule in RULES:
        if rule.group is Group.SLI:
            read = set(_RECORD.findall(rule.expr))
            assert all(each.group is Group.SLI for each in RULES if each.record in read)
            assert "probe_region" in rule.expr, rule.record
            assert "region" not in re.sub("probe_region", "", rule.expr)


def test_no_kpi_takes_a_build_for_a_delivery():
    read = [*(rule.expr for rule in RULES), *(alert.expr for kpi in KPIS for alert in kpi.alerts)]
    assert [expr for expr in read if re.search(r"\bci_", expr)] == []
