"""Pages where a Prometheus sees all regions, and where it does not say what it sees."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from probe.answers import Sources
from probe.answers.pages import Live, PageAnswers, WideAnswers
from probe.answers.pages.flights import GOOD_SECONDS
from probe.domain.evidence import Pair, Published, Window
from probe.domain.promql import Sample, Series
from probe.pages import Frame, Renderer
from probe.ports import EvidenceUnavailable
from probe.sinks import HistorySink
from probe.transport import PrometheusAccess
from probe.web.openapi.operation import JSON
from probe.web.pages import TWIN
from tests.builders import NOON
from tests.fakes.clock import FakeClock, settle
from tests.ledgers import a_ledger, an_attempt
from tests.unit.answers.builders import configured
from tests.unit.answers.test_pages import GATE, GOOD, RELEASE

HERE, THERE = "eu-west-1", "us-east-1"
TRAIN = {"product": "widget", "channel": "stable"}
WIDGET = replace(configured(GATE), regions=(HERE, THERE))
FILE = {
    "endpoint": "cdn",
    "version": "1.4.2",
    "artifact": GOOD.artifact.name,
    "platform": "linux/amd64",
}
OURS = f"this region ({HERE}) only"
DAY = timedelta(days=1)
MIDNIGHT = NOON.replace(hour=0)
URL = "http://prometheus:9090"


class FakePrometheus:
    """Answers a query with what is set for a part of it, and else with nothing."""

    def __init__(self) -> None:
        self.samples: dict[str, tuple[Sample, ...]] = {}
        self.series: dict[str, tuple[Series, ...]] = {}
        self.asked = 0
        self.fault = ""
        self.may = asyncio.Event()
        self.may.set()

    async def at(self, query: str, moment: datetime) -> tuple[Sample, ...]:
        return await self._found(query, self.samples)

    async def over(self, query: str, window: Window, step: timedelta) -> tuple[Series, ...]:
        return await self._found(query, self.series)

    async def _found(self, query: str, known: Mapping[str, tuple]) -> tuple:
        self.asked += 1
        await self.may.wait()
        if self.fault:
            raise EvidenceUnavailable(self.fault)
        return next((each for part, each in known.items() if part in query), ())

    @asynccontextmanager
    async def open(self, access: PrometheusAccess) -> AsyncIterator["FakePrometheus"]:
        assert access.url == URL
        yield self


class World:
    def __init__(self, directory: Path) -> None:
        self.clock = FakeClock()
        self.prometheus = FakePrometheus()
        self.directory = directory

    def pages(self, patience_seconds: float = 60) -> PageAnswers:
        sources = Sources(self.directory, PrometheusAccess(URL))
        wide = WideAnswers(
            lambda: sources, lambda: [HERE], self.clock, self.prometheus.open, patience_seconds
        )
        live = Live(lambda: [HERE], lambda: True, lambda: [GOOD], HistorySink().latest)
        return PageAnswers(self.directory, lambda: [WIDGET], self.clock, live, wide)


@pytest.fixture
async def world(tmp_path) -> World:
    with a_ledger(tmp_path) as ledger:
        pairs = (Pair("cdn", HERE), Pair("cdn", THERE))
        assert await ledger.keep(Published("widget", RELEASE, pairs, RELEASE.published_at))
        for minute in range(-10, 0):
            ledger.record(an_attempt(60 * minute, target=GOOD))
        assert await ledger.flush()
    return World(tmp_path)


def drawn(page: str, record: object) -> str:
    assert isinstance(record, dict)
    return Renderer().render(page, record, Frame("", "/api/v1/pages/x", "1.2.3", NOON))


async def all_pages(pages: PageAnswers) -> dict[str, object]:
    return {
        "overview": await pages.overview(),
        "product": await pages.train("widget", "stable"),
        "release": await pages.release("widget", "stable", "1.4.2"),
        "kpis": await pages.kpis("widget", "stable"),
    }


async def test_a_prometheus_that_does_not_answer_leaves_this_region_and_says_why(world):
    world.prometheus.may.clear()
    pages = world.pages(patience_seconds=0)
    for page, record in (await all_pages(pages)).items():
        html = drawn(page, record)
        assert f"Seen from {OURS}" in html, page
        assert "The other regions are unknown: no answer within 0 s" in html, page
        assert "widget" in html, page


async def test_a_prometheus_that_is_gone_leaves_this_region_and_says_why(world):
    world.prometheus.fault = "Prometheus at http://prometheus:9090: connection refused"
    found = await all_pages(world.pages())
    for page, record in found.items():
        assert record["source"] == OURS, page
        assert record["notice"] == f"The other regions are unknown: {world.prometheus.fault}"
    [widget] = found["overview"]["products"]
    assert widget["availability_24h"] == 1
    assert widget["open"] is None


async def test_it_is_asked_no_more_often_for_a_page_that_is_looked_at_more_often(world):
    pages = world.pages()
    await pages.overview()
    asked = world.prometheus.asked
    for _ in range(5):
        await world.clock.advance((GOOD_SECONDS - 1) / 5)
        await pages.overview()
    assert world.prometheus.asked == asked
    await world.clock.advance(1)
    await asyncio.gather(*(pages.overview() for _ in range(5)))
    await settle()
    assert world.prometheus.asked == 2 * asked


async def test_of_a_release_that_nobody_knows_nothing_is_asked(world):
    assert await world.pages().release("widget", "stable", "9.9.9") is None
    assert world.prometheus.asked == 0


async def test_what_is_known_here_alone_says_so(world):
    pages = world.pages()
    for record in (await pages.incidents(), await pages.targets(), await pages.target(GOOD.key)):
        assert record is not None
        assert (record["source"], record["notice"]) == (OURS, None)
    assert world.prometheus.asked == 0


async def test_the_overview_is_of_all_regions_and_a_silent_one_is_unknown(world):
    there = {**TRAIN, "probe_region": THERE}
    held = {**TRAIN, "version": "1.4.2", "gate": "artifact_availability"}
    world.prometheus.samples = {
        "delivery_gate_result": (Sample(held, 0.0),),
        "delivery:regional_availability:ratio_30d": (Sample(there, 0.25),),
        "delivery_incidents_open": (Sample({**there, "endpoint": "cdn"}, 1.0),),
    }
    world.prometheus.series = {
        "delivery:artifacts_up:sum": (Series(there, ((MIDNIGHT, 0.5),)),),
    }
    overview = await world.pages().overview()
    [widget] = overview["products"]
    assert overview["source"] == "all regions (2) through Prometheus"
    assert widget["ruling"] == "fail"
    assert widget["open"] == [{"endpoint": "cdn", "region": THERE, "count": 1}]
    here, elsewhere = widget["regions"]
    assert (here["region"], here["availability_30d"]) == (HERE, None)
    assert {each["ratio"] for each in here["days"]} == {None}
    assert (elsewhere["region"], elsewhere["availability_30d"]) == (THERE, 0.25)
    assert elsewhere["days"][-2] == {"day": (MIDNIGHT - DAY).isoformat(), "ratio": 0.5}
    assert "1 open over all regions" in drawn("overview", overview)


def heard_from(region: str, seconds_ago: float) -> tuple[Sample, ...]:
    at = (NOON - timedelta(seconds=seconds_ago)).timestamp()
    return (Sample({**FILE, "probe_region": region}, at),)


async def test_a_matrix_has_this_region_as_it_is_here_and_the_others_as_they_say(world):
    pair = {"endpoint": "cdn", "probe_region": THERE, "reason": "not_found"}
    published = {**TRAIN, "version": "1.4.2"}
    world.prometheus.samples = {
        # In queries for files what is asked of the newest release stands behind, in the same text.
        "delivery_artifact_last_failure": heard_from(THERE, 30),
        "delivery_artifact_last_success": heard_from(HERE, 400),
        "delivery_artifact_available": (Sample({**FILE, "probe_region": THERE}, 0.0),),
        "delivery_release_published": (Sample(published, RELEASE.published_at.timestamp()),),
        "increase(delivery_download_failures_total{product": (Sample(pair, 3.0),),
    }
    found = await world.pages().train("widget", "stable")
    [row] = found["matrix"]["rows"]
    here, there = row["cells"]
    assert (here["state"], here["target"]) == ("up", GOOD.key)
    assert (there["state"], there["reason"], there["target"]) == ("down", "not_found", None)
    assert found["scorecard"]["source"] == "prometheus"
    assert set(found["rollout"]["pending"]) == {f"cdn from {HERE}", f"cdn from {THERE}"}
    assert "not_found" in drawn("product", found)


async def test_a_release_is_judged_by_what_all_regions_say(world):
    found = await world.pages().release("widget", "stable", "1.4.2")
    assert found is not None
    assert found["gate"]["source"] == "prometheus"
    [judged] = found["gate"]["objectives"]
    assert judged["why"].startswith("Prometheus has recorded nothing of it")
    assert drawn("release", found)


async def test_kpis_are_what_is_recorded_of_all_regions(world):
    found = await world.pages().kpis("widget", "stable")
    asked = next(each for each in found["kpis"] if each["name"] == "artifact_availability")
    assert (asked["value"], asked["met"]) == (None, None)
    assert asked["why"].startswith("Prometheus has recorded nothing of it")
    assert drawn("kpis", found)


async def test_what_is_told_of_all_regions_is_what_the_api_describes(world):
    latency = {"endpoint": "cdn", "size_tier": "m"}
    failed = {"reason": "not_found"}
    world.prometheus.samples = {
        "histogram_quantile": (Sample(latency, 0.5),),
        "sum by (reason) (increase": (Sample(failed, 3.2),),
        "delivery_incidents_open": (
            Sample({**TRAIN, "endpoint": "cdn", "probe_region": THERE}, 1),
        ),
        "delivery_artifact_last_success": heard_from(THERE, 30),
        "delivery_release_published": (
            Sample({**TRAIN, "version": "1.4.2"}, RELEASE.published_at.timestamp()),
        ),
    }
    for page, record in (await all_pages(world.pages())).items():
        assert record["source"].startswith("all regions (2)"), page
        schema = TWIN[page].replies[200].body[JSON]
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        assert [each.message for each in validator.iter_errors(record)] == [], page
        assert drawn(page, record)
