"""Incidents and rollouts over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import pytest

from probe.domain.gate_record import Record
from probe.domain.incident_record import IncidentSearch
from probe.domain.part import Part
from probe.ports import EvidenceUnavailable, NoSuchProduct


@dataclass
class FakeAnswers:
    asked: list[object] = field(default_factory=list)
    fault: Exception | None = None

    async def incidents(self, search: IncidentSearch) -> Record:
        return self._said(search)

    async def incident(self, id: str) -> Record | None:
        return self._said(id) if id == "i-1" else None

    async def rollouts(self, product: str, channel: str, version: str, part: Part) -> Record:
        return self._said((product, channel, version, part))

    def _said(self, asked: object) -> Record:
        self.asked.append(asked)
        if self.fault is not None:
            raise self.fault
        return {"said": "\ud800ü"}


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


NOON = datetime(2026, 8, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("incidents", IncidentSearch()),
        (
            "incidents?product=widget&channel=beta&endpoint=cdn&region=eu",
            IncidentSearch(
                {"product": "widget", "channel": "beta", "endpoint": "cdn", "region": "eu"}
            ),
        ),
        ("incidents?state=open&limit=5&offset=10", IncidentSearch({}, True, None, Part(5, 10))),
        ("incidents?state=closed", IncidentSearch(is_open=False)),
        ("incidents?since=2026-08-20T12:00:00Z", IncidentSearch(since=NOON)),
        ("incidents?since=2026-08-20T14:00:00%2B02:00", IncidentSearch(since=NOON)),
        ("incidents?since=2026-08-20", IncidentSearch(since=NOON.replace(hour=0))),
        ("incidents/i-1", "i-1"),
        ("rollouts?product=widget", ("widget", "", "", Part())),
        (
            "rollouts?product=widget&channel=beta&version=1.4.2&limit=1",
            ("widget", "beta", "1.4.2", Part(1)),
        ),
    ],
)
async def test_a_list_is_of_what_its_address_asks_for(asking, answers, path, asked):
    assert await get(asking, path) == (200, {"said": "?ü"})
    assert answers.asked == [asked]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("incidents?state=ended", "state is one of open, closed"),
        ("incidents?since=", "since is a day or a moment, as in 2026-08-20T12:00:00Z"),
        ("incidents?since=yesterday", "since is a day or a moment, as in 2026-08-20T12:00:00Z"),
        ("incidents?since=0001-01-01T00:00%2B10:00", "since is a day or a moment, as in"),
        ("incidents?limit=0", "limit is a number from 1 to 1000"),
        ("incidents?version=1", "version is no parameter here; there are channel, endpoint"),
        ("rollouts", "say of which product: /api/v1/rollouts?product=NAME"),
        ("rollouts?product=widget&region=eu", "region is no parameter here; there are channel,"),
    ],
)
async def test_a_parameter_that_cannot_be_is_refused(asking, answers, path, told):
    status, said = await get(asking, path)
    assert (status, said["error"][: len(told)]) == (400, told)
    assert answers.asked == []


async def test_an_incident_that_is_not_there_is_not_found(asking):
    assert await get(asking, "incidents/i-2") == (404, {"error": "no incident has this id"})


@pytest.mark.parametrize(
    ("fault", "status"), [(NoSuchProduct("no widgt"), 404), (EvidenceUnavailable("gone"), 503)]
)
async def test_why_there_is_no_list_is_said(asking, answers, fault, status):
    answers.fault = fault
    assert await get(asking, "rollouts?product=widgt") == (status, {"error": str(fault)})


async def test_where_nothing_is_kept_there_are_no_lists(client):
    expected = {"error": "there is no ledger, so nothing is known of releases"}
    assert await get(client, "incidents") == (503, expected)
