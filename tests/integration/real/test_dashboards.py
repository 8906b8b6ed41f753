"""Each panel of each dashboard, asked of a Prometheus that has seen the demo."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from dashboards.ask import LABELS_OF_RULES
from probe.clock import SystemClock
from probe.kpi import Scope
from tests import dashboard_files
from tests.daemon import until
from tests.dashboard_files import Target, panels, targets
from tests.integration.real.demo import Demo
from tests.integration.real.prometheus import Prometheus

pytestmark = [pytest.mark.needs("prometheus"), pytest.mark.timeout(300)]

_CLOCK = SystemClock()
_SPAN_SECONDS = 600
# On a busy machine a scrape may fail, and then nothing is known for a moment.
_LATELY_SECONDS = 20

BOARDS = dashboard_files.boards()

every_board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS.keys())


@dataclass(frozen=True)
class Silence:
    """Panels that have nothing to show, and PromQL that is true if that is why."""

    because: str
    shown_by: str


_NO_PASSWORD = Silence(
    "no endpoint of the demo asks for credentials",
    'count(delivery_download_attempts_total) unless count({__name__="delivery_download_'
    'attempts_total", auth_mode!="none"})',
)
_NO_TLS = Silence(
    "no endpoint of the demo has a certificate",
    'sum(delivery_download_phase_seconds_count{phase="connect"}) > 0'
    ' unless sum(delivery_download_phase_seconds_count{phase="tls"}) > 0',
)
_NO_GITHUB = Silence(
    "the demo's catalog is no release page of GitHub",
    "count(delivery_catalog_last_success_timestamp_seconds) unless "
    'count(delivery_catalog_last_success_timestamp_seconds{source="github"})',
)
_NO_SIGNATURES = Silence(
    "nothing says whether the releases of the demo are signed",
    'count(delivery_release_assets_covered{control="checksum"}) unless '
    'count(delivery_release_assets_covered{control=~"signature|provenance"})',
)
_NO_OVERRIDE = Silence(
    "nobody lets a release of the demo pass a gate",
    "count(delivery_gate_result) unless count(delivery_gate_override_until_timestamp_seconds)",
)
_NO_REVIEW = Silence(
    "nobody reviews the targets of the demo",
    "count(delivery_kpi_info) unless count(delivery_kpi_last_review_timestamp_seconds)",
)
SILENT: Mapping[tuple[str, str, str], Silence] = {
    ("delivery-endpoint", "Authorization, 30 d", "A"): _NO_PASSWORD,
    ("delivery-endpoint", "Availability of 30 days, by pair", "D"): _NO_PASSWORD,
    ("delivery-endpoint", "Certificates expire in", "A"): _NO_TLS,
    ("delivery-integrity", "Verified signatures, 30 d", "A"): _NO_SIGNATURES,
    ("delivery-integrity", "Releases with provenance, 30 d", "A"): _NO_SIGNATURES,
    ("delivery-release", "Gates", "B"): _NO_OVERRIDE,
    ("delivery-slo", "Reviews", "B"): _NO_REVIEW,
    ("delivery-internals", "GitHub's rate limit", "A"): _NO_GITHUB,
    ("delivery-internals", "GitHub's rate limit", "B"): _NO_GITHUB,
}


@dataclass(frozen=True)
class Seen:
    """What Prometheus has of the demo, by the moment at which its script was over."""

    prometheus: Prometheus
    at: float

    def expr(self, target: Target) -> str:
        """Return what Grafana would ask, with all chosen that can be chosen at once."""
        chosen = {
            "__rate_interval": "15s",
            "__range": f"{_SPAN_SECONDS}s",
            **{name: self._choice(each) for name, each in _asked(target.uid).items()},
        }
        return _filled(target.expr, chosen)

    def count(self, target: Target) -> int:
        span = _SPAN_SECONDS if target.course else _LATELY_SECONDS
        return self.prometheus.count(self.expr(target), self.at - span, self.at)

    def labels(self, target: Target) -> set[str]:
        """Return the labels that any series of the answer has."""
        return self.prometheus.labels(self.expr(target), self.at - _LATELY_SECONDS, self.at)

    def _choice(self, variable: Mapping[str, Any]) -> str:
        if variable["multi"]:
            return str(variable["allValue"])
        return self.offered(variable)[-1]

    def offered(self, variable: Mapping[str, Any]) -> list[str]:
        """Return the values that a variable offers where everything else is open."""
        found = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"])
        assert found is not None
        selector = re.sub(r'=~?"\$\w+"', '=~".+"', found[1])
        return self.prometheus.values(selector, found[2])


def _asked(uid: str) -> dict[str, dict[str, Any]]:
    variables = dashboard_files.variables(BOARDS[uid])
    return {name: each for name, each in variables.items() if each["type"] == "query"}


def _filled(expr: str, chosen: Mapping[str, str]) -> str:
    return re.sub(r"\$\{?(\w+)\}?", lambda found: chosen[found[1]], expr)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("dashboards")
    with (
        Demo(folder / "demo") as demo,
        Prometheus(folder / "prometheus", demo.port, scopes=tuple(Scope)) as prometheus,
    ):
        until(lambda: demo.is_over, 180)
        # Gates are asked each minute.
        until(lambda: prometheus.query('delivery_gate_result{version="1.2.0"}'), 120)
        until(lambda: prometheus.query("delivery:mean_time_to_restore_overall_seconds"), 60)
        until(lambda: prometheus.query("delivery:mean_time_to_restore_seconds"), 60)
        # How long an incident took is counted once it can flap no more.
        counted = "increase(delivery_incident_restore_seconds_count[10m]) > 0"
        until(lambda: prometheus.query(counted), 60)
        yield Seen(prometheus, _CLOCK.now().timestamp())


@every_board
def test_every_query_is_answered_but_for_those_whose_silence_is_explained(seen, board):
    silent = {
        (target.uid, target.panel, target.letter)
        for target in targets(board)
        if not seen.count(target)
    }
    assert silent == {place for place in SILENT if place[0] == board["uid"]}


@pytest.mark.parametrize("silence", dict.fromkeys(SILENT.values()), ids=lambda each: each.because)
def test_a_panel_is_silent_for_the_reason_that_is_given(seen, silence):
    assert seen.prometheus.count(silence.shown_by, seen.at - _LATELY_SECONDS, seen.at) == 1


@every_board
def test_every_variable_offers_something(seen, board):
    for name, variable in _asked(board["uid"]).items():
        assert seen.offered(variable), name


@every_board
def test_the_columns_of_a_table_are_the_labels_of_what_it_asks(seen, board):
    tables = [panel for panel in panels(board) if panel["type"] == "table"]
    queries = {(each.panel, each.letter): each for each in targets(board)}
    for panel in tables:
        for target in panel["targets"]:
            query = queries[panel["title"], target["refId"]]
            found = seen.labels(query)
            assert found <= _columns(panel), query


def _columns(panel: Mapping[str, Any]) -> set[str]:
    last = panel["transformations"][-1]["options"]
    if "rowField" in last:
        return {last["rowField"], last["columnField"]}
    return {name for name in last["includeByName"] if not name.startswith("Value")}


@every_board
def test_legends_and_links_name_labels_that_the_series_have(seen, board):
    for panel in panels(board):
        links = str([panel["fieldConfig"]["defaults"]["links"], panel["fieldConfig"]["overrides"]])
        linked = set(re.findall(r"__(?:field\.labels|data\.fields)\.(\w+)", links))
        for each in panel["targets"]:
            named = set(re.findall(r"\{\{(\w+)\}\}", each["legendFormat"])) - {"le"}
            query = Target(board["uid"], panel["title"], each["refId"], each["expr"], course=False)
            found = seen.labels(query)
            # Budgets of a whole product have no region.
            assert not found or linked | named <= found | {"probe_region"}, query


@every_board
def test_releases_are_marked_when_they_were_published(seen, board):
    (releases,) = board["annotations"]["list"]
    expr = releases["expr"].replace("${__from} < ${__to}", "0")
    target = Target(board["uid"], "", "", expr, course=False)
    published = until(lambda: seen.prometheus.query(seen.expr(target), "version"))
    if "version" not in _asked(board["uid"]):
        assert set(published) == {("1.0.0",), ("1.1.0",), ("1.2.0",)}
    assert all(1.7e12 < value < 4e12 for value in published.values())
    assert published


def test_an_exemplar_of_a_failure_leads_to_its_record(seen):
    # The link is the data source's: dashboards/provisioning/datasources.yaml.
    found = seen.prometheus.exemplars('delivery_download_failures_total{reason="stale"}')
    assert all(re.fullmatch(r"[0-9a-f-]{16,}", each["labels"]["probe_id"]) for each in found)
    assert found


def test_what_is_recorded_has_the_labels_that_dashboards_choose_by(seen):

    for record, labels in LABELS_OF_RULES.items():
        found = seen.prometheus.labels(record, seen.at - _LATELY_SECONDS, seen.at) - {
            "__name__",
            "quantile",
        }
        assert not found or set(labels) - {"probe_region"} <= found, record
