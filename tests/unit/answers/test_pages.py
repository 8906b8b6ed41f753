"""What the pages say, from a real ledger, and that every page can be drawn from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from probe.answers import Sources
from probe.answers.pages import Live, PageAnswers, WideAnswers
from probe.domain.evidence import Pair, Published
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.gate import Mode, Objective
from probe.domain.observation import Failed
from probe.domain.republished import republished
from probe.domain.target import Region
from probe.logs.redaction import HIDDEN
from probe.pages import Frame, Renderer
from probe.ports import EvidenceUnavailable, NoSuchProduct
from probe.sinks import HistorySink
from probe.web.openapi.operation import JSON
from probe.web.pages import TWIN
from tests.builders import (
    NOON,
    a_download,
    a_probe,
    a_release,
    a_target,
    an_artifact,
    an_observation,
    sha256,
)
from tests.fakes.clock import FakeClock
from tests.ledgers import INCIDENT, REVIEW, a_ledger, an_attempt
from tests.unit.answers.builders import CDN, configured

HOSTILE = '"><script>alert(1)</script>\u202egpj.tar.gz'
GATE = Objective(
    "artifact_availability",
    0.99,
    higher_is_better=True,
    mode=Mode.GATE,
    owner="release-team",
    runbook="https://example.com/runbook",
    cadence=timedelta(days=31),
)
WIDGET = configured(GATE)
RELEASE = replace(
    a_release(
        "1.4.2",
        an_artifact("widget_1.4.2_linux_amd64.tar.gz"),
        an_artifact(HOSTILE, digests=()),
        published_at=NOON - timedelta(hours=1),
    ),
    previous_known_good="1.4.1",
)
GOOD, BAD = (
    a_target(release=RELEASE, artifact=each, endpoint=CDN, region=Region("eu-west-1"))
    for each in RELEASE.artifacts
)
FAILURE = Failure(FailureReason.WRONG_CONTENT, Phase.VERIFY, f"a page: {HOSTILE}")
FAILED = an_observation(
    Failed(FAILURE),
    probe=replace(a_probe(), target=BAD),
    download=replace(
        a_download(headers={"set-cookie": "session=s3cret", "server": HOSTILE}), edge=HOSTILE
    ),
    started_at=NOON - timedelta(minutes=5),
    id="01JFAILED",
)
OPEN = replace(
    INCIDENT,
    onset_at=NOON - timedelta(minutes=6),
    detected_at=NOON - timedelta(minutes=5),
    first_failure_at=NOON - timedelta(minutes=5),
    version="1.4.2",
    cause=HOSTILE,
    report=HOSTILE,
)


class World:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = FakeClock()
        self.history = HistorySink()
        self.planned = [GOOD, BAD]
        self.trouble = ""
        self.pages = PageAnswers(
            directory,
            lambda: [WIDGET],
            self.clock,
            Live(
                regions=lambda: ["eu-west-1"],
                ready=lambda: True,
                planned=lambda: self.planned,
                latest=self.history.latest,
                ledger_trouble=lambda: self.trouble,
            ),
            WideAnswers(lambda: Sources(directory), lambda: ["eu-west-1"], self.clock),
        )

    def drawn(self, page: str, record: object) -> str:
        assert isinstance(record, dict)
        frame = Frame("/base", "/api/v1/pages/x", "1.2.3", NOON, "https://grafana.example.com")
        return Renderer().render(page, record, frame)


@pytest.fixture
async def world(tmp_path) -> World:
    with a_ledger(tmp_path) as ledger:
        pairs = (Pair("cdn", "eu-west-1"),)
        assert await ledger.keep(Published("widget", RELEASE, pairs, RELEASE.published_at))
        assert await ledger.keep(OPEN, replace(REVIEW, actor=HOSTILE))
        for minute in range(-10, 0):
            ledger.record(an_attempt(60 * minute, target=GOOD))
            ledger.record(an_attempt(60 * minute, passed=False, target=BAD))
        assert await ledger.flush()
    world = World(tmp_path)
    world.history.record(FAILED)
    return world


async def test_the_overview_says_of_each_product_whether_it_can_be_had(world):
    overview = await world.pages.overview()
    [widget] = overview["products"]
    assert widget["product"] == "widget"
    assert widget["version"] == "1.4.2"
    assert widget["ruling"] == "fail"
    assert widget["availability_24h"] == pytest.approx(0.5, abs=0.05)
    [region] = widget["regions"]
    assert region["region"] == "eu-west-1"
    assert [day["ratio"] is None for day in region["days"]] == [True] * 29 + [False]
    assert [each["id"] for each in widget["incidents"]] == [OPEN.id]
    assert [each["pending"] for each in widget["rollouts"]] == [["cdn from eu-west-1"]]
    assert overview["health"]["targets"] == 2


async def test_a_product_shows_where_its_current_release_is_and_why_not(world):
    found = await world.pages.train("widget", "stable")
    [row] = found["matrix"]["rows"]
    [cell] = row["cells"] or [None]
    assert found["matrix"]["regions"] == [] or cell is not None
    assert found["failures"]["reasons"] == ["timeout"]
    assert found["latency"]["series"][0]["endpoint"] == "cdn"
    assert [each["version"] for each in found["releases"]] == ["1.4.2"]


async def test_a_release_shows_each_file_at_each_place(world):
    found = await world.pages.release("widget", "stable", "1.4.2")
    assert found is not None
    states = {row["name"]: row["cells"][0]["state"] for row in found["files"]["rows"]}
    assert list(states.values()) == ["up", "down"]
    assert found["places"] == ["cdn from eu-west-1"]
    assert next(each["what"] for each in found["timeline"]) == "published"


async def test_a_release_tells_of_files_that_came_anew(world):
    anew = replace(RELEASE, artifacts=(replace(GOOD.artifact, digests=(sha256(b"again"),)),))
    with a_ledger(world.directory) as ledger:
        assert await ledger.keep(*republished("widget", RELEASE, anew, NOON - timedelta(hours=2)))
    found = await world.pages.release("widget", "stable", "1.4.2")
    assert found is not None
    [told] = [each for each in found["timeline"] if each["what"] == "republished"]
    assert told["detail"] == GOOD.artifact.name


async def test_what_is_not_known_is_none(world):
    assert await world.pages.release("widget", "stable", "9.9.9") is None
    assert await world.pages.incident("none") is None
    assert await world.pages.target("none") is None
    with pytest.raises(NoSuchProduct):
        await world.pages.train("widgt", "stable")


async def test_an_incident_shows_what_was_seen_beneath(world):
    found = await world.pages.incident(OPEN.id)
    assert found is not None
    assert [each["what"] for each in found["timeline"]] == [
        "onset",
        "first failure",
        "detected by probe",
    ]
    assert [each["id"] for each in found["observations"]] == ["01JFAILED"]


async def test_a_target_shows_its_last_failure_without_secrets(world):
    found = await world.pages.target(BAD.key)
    assert found is not None
    assert found["last"]["reason"] == "wrong_content"
    assert ["set-cookie", HIDDEN] in found["last_failure"]["headers"]
    assert "s3cret" not in str(found)
    assert found["curl"].startswith("curl --fail")


async def test_each_kpi_is_shown_with_what_is_asked_of_it(world):
    found = await world.pages.kpis("widget", "stable")
    by_name = {each["name"]: each for each in found["kpis"]}
    asked = by_name["artifact_availability"]
    assert (asked["target"], asked["met"], asked["owner"]) == (0.99, False, "release-team")
    assert by_name["repository_availability"]["value"] is None
    assert by_name["repository_availability"]["why"]


async def pages_of(world: World) -> Iterator[tuple[str, object]]:
    pages = world.pages
    return iter(
        [
            ("overview", await pages.overview()),
            ("product", await pages.train("widget", "stable")),
            ("release", await pages.release("widget", "stable", "1.4.2")),
            ("incidents", await pages.incidents()),
            ("incident", await pages.incident(OPEN.id)),
            ("targets", await pages.targets()),
            ("target", await pages.target(BAD.key)),
            ("target", await pages.target(GOOD.key)),
            ("kpis", await pages.kpis()),
        ]
    )


class Outline(HTMLParser):
    """What has to be so on every page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.handlers: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.handlers += [name for name in values if name.startswith("on") or name == "style"]
        if tag == "script":
            self.scripts.append(values.get("src", ""))
        if tag == "a":
            self.links.append(values["href"])
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if "id" in values:
            self.ids.append(values["id"])


async def test_every_page_is_drawn_and_runs_nothing_that_came_from_outside(world):
    for page, record in await pages_of(world):
        html = world.drawn(page, record)
        outline = Outline()
        outline.feed(html)
        assert [each.partition(".")[0] for each in outline.scripts] == ["/base/static/live"], page
        assert outline.handlers == [], page
        assert "<script>alert" not in html, page
        assert "\u202e" not in html, page


async def test_every_page_says_what_is_described_of_its_twin(world):
    for page, record in await pages_of(world):
        schema = TWIN[page].replies[200].body[JSON]
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        assert [each.message for each in validator.iter_errors(record)] == [], page


async def test_every_page_has_one_heading_at_its_top_and_no_name_twice(world):
    for page, record in await pages_of(world):
        outline = Outline()
        outline.feed(world.drawn(page, record))
        assert outline.headings.count("h1") == 1, page
        assert len(set(outline.ids)) == len(outline.ids), page


async def test_links_stay_below_the_base_or_lead_where_the_configuration_says(world):
    for page, record in await pages_of(world):
        outline = Outline()
        outline.feed(world.drawn(page, record))
        for link in outline.links:
            assert link.startswith(("/base/", "#", "https://example.com/", "https://grafana.")), (
                link
            )


async def test_pages_are_drawn_before_anything_was_seen(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
    world = World(tmp_path)
    world.planned = []
    html = world.drawn("overview", await world.pages.overview())
    assert "No release is known yet." in html
    assert "No release is known yet." in world.drawn(
        "product", await world.pages.train("widget", "stable")
    )
    assert "No catalog was read yet." in world.drawn("targets", await world.pages.targets())
    assert "No incident." in world.drawn("incidents", await world.pages.incidents())
    assert "unknown" in world.drawn("kpis", await world.pages.kpis())


async def test_a_ledger_in_trouble_is_told_on_the_overview(world):
    world.trouble = "the disk is full"
    assert "the disk is full" in world.drawn("overview", await world.pages.overview())


async def test_where_there_is_no_ledger_nothing_can_be_told(tmp_path):
    with pytest.raises(EvidenceUnavailable):
        await World(tmp_path).pages.overview()


async def test_the_ledger_is_read_at_most_every_three_seconds(world, monkeypatch):
    reads = []
    ask = PageAnswers._ask

    def counted(self, question):
        reads.append(1)
        return ask(self, question)

    monkeypatch.setattr(PageAnswers, "_ask", counted)
    for _ in range(3):
        await world.pages.overview()
    await world.clock.advance(3)
    await world.pages.overview()
    assert len(reads) == 2


@contextmanager
def many(world: World, count: int) -> Iterator[None]:
    planned = [a_target(artifact=an_artifact(f"widget-{number}.tar.gz")) for number in range(count)]
    before, world.planned = world.planned, planned
    yield
    world.planned = before


async def test_a_long_list_comes_in_parts(world):
    with many(world, 250):
        first = await world.pages.targets()
        last = await world.pages.targets(200)
    assert (first["total"], len(first["rows"]), len(last["rows"])) == (250, 100, 50)
    html = world.drawn("targets", first)
    assert 'href="/base/targets?offset=100">Next</a>' in html
    assert "Previous" not in html
