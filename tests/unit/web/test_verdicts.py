"""Scorecards and gates over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from yarl import URL

from probe.domain.gate_record import Record
from probe.ports import EvidenceUnavailable, NoSuchProduct


@dataclass
class FakeAnswers:
    asked: list[tuple[object, ...]] = field(default_factory=list)
    fault: Exception | None = None

    async def scorecard(self, product: str, channel: str, version: str) -> Record:
        return self._said("scorecard", product, channel, version)

    async def gate(self, product: str, channel: str, version: str, regions: int) -> Record:
        return self._said("gate", product, channel, version, regions)

    async def review(self, product: str, channel: str) -> Record:
        return self._said("review", product, channel)

    def _said(self, *asked: object) -> Record:
        self.asked.append(asked)
        if self.fault is not None:
            raise self.fault
        return {"schema": asked[0]}


@pytest.fixture
def answers() -> FakeAnswers:
    return FakeAnswers()


@pytest.fixture
async def asking(start, answers) -> AsyncIterator[aiohttp.ClientSession]:
    serving = await start(answers=answers)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as session:
        yield session


async def get(client: aiohttp.ClientSession, path: str) -> tuple[int, dict]:
    async with client.get(f"/api/v1/{path}") as response:
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        return response.status, await response.json()


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("scorecard/widget", ("scorecard", "widget", "", "")),
        ("scorecard/widget/1.4.2?channel=beta", ("scorecard", "widget", "beta", "1.4.2")),
        ("reviews/widget", ("review", "widget", "")),
        ("reviews/widget?channel=beta", ("review", "widget", "beta")),
        ("gate/widget/1.4.2", ("gate", "widget", "", "1.4.2", 1)),
        ("gate/widget/1.4.2?regions=3&channel=stable", ("gate", "widget", "stable", "1.4.2", 3)),
    ],
)
async def test_a_page_asks_what_its_address_says(asking, answers, path, asked):
    assert await get(asking, path) == (200, {"schema": asked[0]})
    assert answers.asked == [asked]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("scorecard/widget?since=1d", "since is no parameter here; there are channel"),
        ("gate/widget/1?region=eu", "region is no parameter here; there are channel, regions"),
        ("gate/widget/1?regions=0", "regions is a number from 1 to 1000"),
        ("gate/widget/1?regions=1001", "regions is a number from 1 to 1000"),
        ("gate/widget/1?regions=many", "regions is a number from 1 to 1000"),
    ],
)
async def test_a_parameter_that_cannot_be_is_refused(asking, answers, path, told):
    assert await get(asking, path) == (400, {"error": told})
    assert answers.asked == []


@pytest.mark.parametrize("path", ["scorecard/widgt", "gate/widgt/1.4.2"])
async def test_a_product_that_is_not_configured_is_not_found(asking, answers, path):
    answers.fault = NoSuchProduct("no product is named widgt; did you mean widget?")
    assert await get(asking, path) == (404, {"error": str(answers.fault)})


@pytest.mark.parametrize("path", ["scorecard/widget", "gate/widget/1.4.2"])
async def test_without_a_ledger_there_is_no_answer(asking, answers, path):
    answers.fault = EvidenceUnavailable("there is no ledger at data/ledger.db")
    assert await get(asking, path) == (503, {"error": "there is no ledger at data/ledger.db"})


async def test_where_nothing_is_kept_nothing_is_known(client):
    expected = {"error": "there is no ledger, so nothing is known of releases"}
    assert await get(client, "gate/widget/1.4.2") == (503, expected)


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml", "*/*", ""])
async def test_a_scorecard_is_a_page_for_people(asking, answers, accept):
    path = "/scorecard/widget/1.4%2F2?channel=beta"
    async with asking.get(URL(path, encoded=True), headers={"Accept": accept}) as response:
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Vary"] == "Accept"
        assert response.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'sha256-abc'; frame-ancestors 'none'"
        )
        assert await response.text() == f"<p>{{'schema': 'scorecard'}} /api/v1{path}"
    assert answers.asked == [("scorecard", "widget", "beta", "1.4/2")]


async def test_a_scorecard_is_json_for_who_asks_for_that(asking):
    async with asking.get("/scorecard/widget", headers={"Accept": "application/json"}) as response:
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        assert await response.json() == {"schema": "scorecard"}


@pytest.mark.parametrize(
    ("fault", "status"), [(NoSuchProduct("no <b>"), 404), (EvidenceUnavailable("it is gone"), 503)]
)
async def test_a_page_that_there_is_not_is_said_in_a_line(asking, answers, fault, status):
    answers.fault = fault
    async with asking.get("/scorecard/widget") as response:
        assert (response.status, await response.text()) == (status, f"{fault}\n")
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


async def test_the_address_of_the_same_as_json_is_below_the_prefix(start, answers):
    serving = await start(answers=answers, base="/probe", prefix="/inner")
    session = aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}")
    async with session, session.get("/inner/scorecard/widget") as response:
        assert (await response.text()).endswith(" /probe/api/v1/scorecard/widget")
