"""The dashboards in the project are Grafana's to read, and name series that there are."""

import itertools
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards import DASHBOARDS
from dashboards.ask import LABELS_OF_RULES
from dashboards.links import TAG
from probe.generate import stale
from probe.generate.rules import ready, shipped_files
from probe.kpi import ALERTS, RULES, Scope
from probe.series import METRICS, Kind
from probe.web.api import _OBSERVATION_FILTERS, _TARGET_FILTERS
from tests import dashboard_files
from tests.contracts.source import ROOT
from tests.dashboard_files import panels, selectors, targets, variables

BOARDS = dashboard_files.boards()
PARTS = ("_bucket", "_sum", "_count")
# Made by Prometheus itself, and by its client library.
OTHERS = {"ALERTS", "up", "process_resident_memory_bytes"}

every_board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS.keys())

EXPORTED = {each.name: {*each.labels, "job", "instance"} for each in METRICS}
EXPORTED |= {
    each.name + part: {*EXPORTED[each.name], "le"}
    for each in METRICS
    for part in PARTS
    if each.kind is Kind.HISTOGRAM
}


def recorded() -> set[str]:
    """Return what the rules in the project record."""
    files = [yaml.safe_load((ROOT / path).read_text()) for path in shipped_files()]
    return {
        rule["record"]
        for file in files
        for group in file["groups"]
        for rule in group["rules"]
        if "record" in rule
    }


def test_the_dashboards_in_the_project_are_what_would_be_written():
    assert stale(ROOT, DASHBOARDS) == [], "run make generate"
    assert {str(path.relative_to(ROOT)) for path in dashboard_files.FILES} == set(DASHBOARDS)


@every_board
def test_a_dashboard_names_no_series_that_nobody_exports_or_records(board):
    there = EXPORTED.keys() | recorded() | OTHERS
    for target in targets(board):
        names = {name for name, _ in selectors(target.expr)}
        assert names <= there, target
        bare = re.sub(r'"[^"]*"', "", target.expr)
        assert set(re.findall(r"\b(?:delivery|slo)[_:][\w:]+", bare)) <= names, target


@every_board
def test_a_selector_asks_for_labels_that_the_series_has(board):
    for target in targets(board):
        for name, matchers in selectors(target.expr):
            if name not in OTHERS:
                labels = EXPORTED.get(name) or {*LABELS_OF_RULES[name], "quantile"}
                assert {label for label, _, _ in matchers} <= labels, target


@pytest.mark.parametrize(
    "pattern",
    [r"""^ +- '(?:\{__name__=~")?([^"{]+)["{]""", r"^ +regex: (.+\|ALERTS)$"],
    ids=["federation", "remote write"],
)
def test_what_joins_regions_lets_through_all_that_dashboards_and_rules_read(pattern):
    page = (ROOT / "docs/joining.md").read_text()
    let_through = "|".join(re.findall(pattern, page, re.MULTILINE))
    there = EXPORTED.keys() | recorded() | OTHERS
    assert [name for name in there if not re.fullmatch(let_through, name)] == []


def shown() -> set[str]:
    """Return every series that some panel or variable asks for."""
    queries = [each["query"] for board in BOARDS.values() for each in variables(board).values()]
    asked = {name for query in queries for name in re.findall(r"label_values\(([\w:]+)", query)}
    return asked | {
        name
        for board in BOARDS.values()
        for target in targets(board)
        for name, _ in selectors(target.expr)
    }


def read_by_rules() -> set[str]:
    """Return every series that some rule reads, those of alerts included."""
    exprs = " ".join(each.expr for each in (*RULES, *(alert for _, alert in ALERTS)))
    return set(re.findall(r"\b(?:delivery|slo)[_:][\w:]+", exprs))


def test_every_series_that_is_exported_is_on_a_dashboard_or_made_into_one_that_is():
    parts = {f"{each.name}{part}": each.name for each in METRICS for part in PARTS}
    seen = {parts.get(name, name) for name in shown() | read_by_rules()}
    # Of a KPI that is a number of things there is no reading to hold against it.
    assert {each.name for each in METRICS} - seen == {"delivery_slo_target_number"}


def test_every_series_that_is_recorded_is_on_a_dashboard_or_made_into_one_that_is():
    # What Sloth's own dashboards join by.
    sloth = {"sloth_slo_info", "slo:time_period:days"}
    # Shown by region, with the worst one by its name.
    finer = {"delivery:release_availability_worst_region:ratio_30d"}
    assert recorded() - shown() - read_by_rules() == sloth | finer


@pytest.mark.parametrize("scope", Scope)
def test_an_alert_is_explained_on_the_dashboard_that_it_leads_to(scope):
    for _, alert in ready(scope):
        text = json.dumps([panel.get("links") for panel in panels(BOARDS[alert.dashboard.value])])
        assert f"/{alert.name}.md" in text, alert.name


@every_board
def test_grafana_knows_every_key(board):
    register_default_plugins()
    again = json.loads(JSONEncoder().encode(Dashboard.from_json(board)))
    assert without_placement(again) == board


def without_placement(node: object) -> object:
    if isinstance(node, dict):
        return {key: without_placement(value) for key, value in node.items() if key != "placement"}
    return [without_placement(each) for each in node] if isinstance(node, list) else node


@every_board
def test_a_dashboard_can_be_provisioned_anywhere(board):
    assert len(board["uid"]) <= 40
    assert board["schemaVersion"] <= 42
    assert not {"id", "__inputs", "__requires", "version"} & board.keys()
    assert (board["timezone"], board["refresh"], board["graphTooltip"]) == ("utc", "1m", 1)
    assert board["tags"] == [TAG]
    assert board["links"][0]["tags"] == [TAG]
    assert board["links"][0]["includeVars"]
    assert board["links"][0]["keepTime"]


@every_board
def test_variables_stand_in_the_order_in_which_they_narrow(board):
    order = [
        "datasource", "probe_region", "job", "instance", "product", "channel", "endpoint",
        "size_tier", "sloth_slo", "version", "probe_url", "runbook_url",
    ]  # fmt: skip
    names = list(variables(board))
    assert names == [name for name in order if name in names]


@every_board
def test_every_variable_that_is_used_is_there(board):
    text = json.dumps([board["panels"], board["annotations"], board["templating"]])
    used = set(re.findall(r"\$\{?([a-z]\w*)", text))
    assert used <= variables(board).keys()


@every_board
def test_panels_have_names_of_their_own_and_do_not_cover_one_another(board):
    flat = [each for row in board["panels"] for each in (row, *row.get("panels", ()))]
    assert len({each["id"] for each in flat}) == len(flat)
    titles = [each["title"] for each in flat]
    assert [title for title in titles if titles.count(title) > 1] == []
    cells: set[tuple[int, int]] = set()
    for each in flat:
        place = each["gridPos"]
        columns = range(place["x"], place["x"] + place["w"])
        mine = set(itertools.product(columns, range(place["y"], place["y"] + place["h"])))
        assert not mine & cells, each["title"]
        assert max(columns) < 24
        cells |= mine


@every_board
def test_a_link_leads_to_a_dashboard_and_sets_variables_that_it_has(board):
    links = re.findall(r'"/d/([a-z-]+)\?([^"]*)"', json.dumps(board))
    for uid, query in links:
        chosen = {name.removeprefix("var-") for name in re.findall(r"var-\w+", query)}
        assert chosen <= variables(BOARDS[uid]).keys(), query


@every_board
def test_a_link_to_the_probe_leads_to_a_page_and_filters_by_what_it_knows(board):
    for url in re.findall(r'"\$\{probe_url\}([^"]*)"', json.dumps(board)):
        path = urlsplit(url)
        assert path.path in {"/api/v1/observations", "/api/v1/scorecard/${product}/${version}"}
        assert set(parse_qs(path.query)) <= _TARGET_FILTERS.keys() | _OBSERVATION_FILTERS.keys()


@every_board
def test_the_letters_of_a_panels_queries_differ(board):
    for panel in panels(board):
        letters = [target["refId"] for target in panel["targets"]]
        assert len(set(letters)) == len(letters) == len(panel["targets"])
