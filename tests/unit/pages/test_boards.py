"""Links from pages to the bundled dashboards."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import probe.pages
from probe.pages import Frame, Renderer
from probe.pages.boards import BOARDS, board_link
from tests.builders import NOON
from tests.dashboard_files import FILES

GRAFANA = "https://grafana.example.com/team"
PLACE = {"product": "widget", "channel": "stable", "endpoint": "cdn", "region": "eu-west-1"}
TEMPLATES = {path.stem for path in (Path(probe.pages.__file__).parent / "templates").glob("*")}


def bundled() -> dict[str, set[str]]:
    """Return the names of the variables of each bundled dashboard, by its uid."""
    boards = [json.loads(path.read_text()) for path in FILES]
    return {
        each["uid"]: {variable["name"] for variable in each["templating"]["list"]}
        for each in boards
    }


@pytest.mark.parametrize("page", BOARDS)
def test_a_page_leads_to_a_dashboard_that_there_is_and_to_variables_that_it_has(page):
    board = BOARDS[page]
    assert board.uid in bundled()
    assert set(board.chosen) <= bundled()[board.uid]


def test_every_page_with_something_to_show_leads_to_one():
    assert set(BOARDS) == TEMPLATES - {"base", "macros", "problem", "scorecard"}


def test_what_the_page_is_about_is_chosen_there():
    link = board_link(GRAFANA, "release", {**PLACE, "version": "1.4.2+b&x"})
    assert link == (
        f"{GRAFANA}/d/delivery-release?var-product=widget&var-channel=stable"
        "&var-version=1.4.2%2Bb%26x"
    )
    assert board_link(f"{GRAFANA}/", "overview", {}) == f"{GRAFANA}/d/delivery-overview"


def test_the_region_of_a_place_is_the_variable_that_dashboards_know_it_by():
    asked = parse_qs(urlsplit(board_link(GRAFANA, "target", PLACE)).query)
    assert asked["var-probe_region"] == ["eu-west-1"]


def test_an_incident_is_shown_from_an_hour_before_to_an_hour_after():
    hour_ms, noon_ms = 3_600_000, round(NOON.timestamp() * 1000)
    incident = {**PLACE, "onset_at": NOON.isoformat(), "restored_at": NOON.isoformat()}
    asked = parse_qs(urlsplit(board_link(GRAFANA, "incident", incident)).query)
    assert (asked["from"], asked["to"]) == ([f"{noon_ms - hour_ms}"], [f"{noon_ms + hour_ms}"])
    still = {**incident, "restored_at": None}
    assert board_link(GRAFANA, "incident", still).endswith("&to=now")


@pytest.mark.parametrize(("grafana", "page"), [("", "overview"), (GRAFANA, "problem")])
def test_without_a_dashboard_there_is_no_link(grafana, page):
    assert board_link(grafana, page, {}) == ""


def test_the_link_is_escaped_on_the_page():
    record = {"section": "targets", "at": NOON.isoformat(), "source": "x", "notice": None}
    rows = {"total": 0, "offset": 0, "limit": 100, "rows": []}
    html = Renderer().render(
        "targets", {**record, **rows}, Frame("", "/x", "1", NOON, 'https://g/"><script>')
    )
    assert "<script>" not in html.replace('<script src="', "")
    assert "https://g/&#34;&gt;&lt;script&gt;/d/delivery-endpoint" in html
