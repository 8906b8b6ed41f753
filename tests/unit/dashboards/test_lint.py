"""
The 17 rules of grafana/dashboard-linter, by their names there.

Like ``dashboards/.lint`` they ask for no job and no instance of what rules have recorded.
"""

import re

import pytest
import yaml
from grafana_foundation_sdk.models import units

from tests import dashboard_files
from tests.contracts.source import ROOT
from tests.dashboard_files import panels, selectors, targets, variables

BOARDS = dashboard_files.boards()
UNITS = {value for name, value in vars(units).items() if name[0].isupper()}

# Made by a rule from many instances, or by Prometheus itself.
_WITHOUT_INSTANCE = re.compile(r"[a-z]+:|ALERTS$")
_QUERY = re.compile(r"label_values\([a-z_:]+(\{[^}]*\})?, [a-z_]+\)")

every_board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS.keys())


@every_board
def test_template_datasource_rule(board):
    source = variables(board)["datasource"]
    assert (source["type"], source["query"], source["label"]) == (
        "datasource",
        "prometheus",
        "Data source",
    )


@every_board
@pytest.mark.parametrize("name", ["job", "instance"])
def test_template_job_rule_and_template_instance_rule(board, name):
    template = variables(board)[name]
    assert template["label"] == name.title()
    assert template["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    assert (template["type"], template["multi"], template["allValue"]) == ("query", True, ".+")


@every_board
def test_template_label_promql_rule(board):
    queries = [each for each in variables(board).values() if each["type"] == "query"]
    assert [each for each in queries if not _QUERY.fullmatch(each["query"])] == []


@every_board
def test_template_on_time_change_reload_rule(board):
    queries = [each for each in variables(board).values() if each["type"] == "query"]
    assert {each["refresh"] for each in queries} == {2}


@every_board
def test_panel_datasource_rule(board):
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    for panel in panels(board):
        assert panel["datasource"] == chosen
        assert [target["datasource"] for target in panel["targets"]] == [chosen] * len(
            panel["targets"]
        )


@every_board
def test_panel_title_description_rule(board):
    for panel in panels(board):
        assert panel["title"]
        assert panel["description"].endswith("."), panel["title"]


@every_board
def test_panel_units_rule(board):
    for panel in panels(board):
        overrides = [
            each["value"]
            for override in panel["fieldConfig"]["overrides"]
            for each in override["properties"]
            if each["id"] == "unit"
        ]
        used = {*overrides, panel["fieldConfig"]["defaults"]["unit"]}
        assert used <= UNITS, panel["title"]


@every_board
def test_panel_no_targets_rule(board):
    assert [panel["title"] for panel in panels(board) if not panel["targets"]] == []


@every_board
def test_target_rate_interval_rule(board):
    for target in targets(board):
        ranges = re.findall(r"\b(?:i?rate)\([^()]*\[([^\]]+)\]\)", target.expr)
        assert len(ranges) == len(re.findall(r"\bi?rate\(", target.expr)), target
        assert set(ranges) <= {"$__rate_interval"}, target


@every_board
def test_target_job_rule_and_target_instance_rule(board):
    for target in targets(board):
        for name, matchers in selectors(target.expr):
            if not _WITHOUT_INSTANCE.match(name):
                assert {("job", "=~", "$job"), ("instance", "=~", "$instance")} <= set(matchers)


@every_board
def test_target_counter_agg_rule(board):
    for target in targets(board):
        for name in {name for name, _ in selectors(target.expr) if name.endswith("_total")}:
            uses = re.findall(rf"(\w+)\({name}\{{[^}}]*\}}\[", target.expr)
            assert len(uses) == target.expr.count(f"{name}{{"), target
            assert set(uses) <= {"rate", "irate", "increase"}, target


@every_board
def test_target_logql_rule_and_target_logql_auto_rule(board):
    assert "loki" not in str(board)


@every_board
def test_uneditable_dashboard(board):
    assert board["editable"] is False


def test_the_linter_itself_is_told_of_the_same_exceptions():
    exclusions = yaml.safe_load((ROOT / "dashboards/.lint").read_text())["exclusions"]
    assert set(exclusions) == {"target-job-rule", "target-instance-rule"}
    assert all(rule["reason"].endswith(".") for rule in exclusions.values())
