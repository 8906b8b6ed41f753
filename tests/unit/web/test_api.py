"""Lists and single observations, as JSON."""

import pytest

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed
from probe.domain.record import as_page
from probe.domain.target import Depth, Probe, Region
from tests.builders import a_target, an_endpoint, an_observation

KNOWN = "artifact, channel, endpoint, limit, offset, product, region, target, version"
NOT_FOUND = Failed(Failure(FailureReason.NOT_FOUND, Phase.WAIT, "said so"))


async def get(client, path: str, **query: object) -> tuple[int, dict]:
    params = {name: str(value) for name, value in query.items()}
    async with client.get(f"/api/v1/{path}", params=params) as response:
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        return response.status, await response.json()


async def test_a_target_is_listed_with_what_was_last_seen_of_it(client, world):
    world.history.record(an_observation(id="a"))
    world.history.record(an_observation(NOT_FOUND, id="b"))
    status, page = await get(client, "targets")
    target = world.status.planned[0]
    assert status == 200
    assert page == {
        "total": 1,
        "limit": 100,
        "offset": 0,
        "targets": [
            {
                "target": target.key,
                "product": "widget",
                "channel": "stable",
                "version": "1.4.2",
                "artifact": "widget_1.4.2_linux_amd64.tar.gz",
                "platform": "linux/amd64",
                "size_bytes": 18,
                "digests": [str(target.artifact.digests[0])],
                "endpoint": "origin",
                "endpoint_kind": "repository",
                "region": "eu-west-1",
                "address": None,
                "url": "http://127.0.0.1:9/1.4.2/widget_1.4.2_linux_amd64.tar.gz",
                "interval_seconds": 60.0,
                "last": {
                    "id": "b",
                    "verdict": "failed",
                    "reason": "not_found",
                    "depth": "full",
                    "started_at": "2026-08-20T12:00:00.000+00:00",
                },
            }
        ],
    }


async def test_secrets_in_a_url_are_not_listed(client, world):
    world.status.planned = (a_target(endpoint=an_endpoint(url="http://u:pw@h/{name}?sig=x")),)
    _, page = await get(client, "targets")
    assert page["targets"][0]["url"] == "http://h/widget_1.4.2_linux_amd64.tar.gz?…"
    assert page["targets"][0]["last"] is None


async def test_targets_are_filtered_and_paged(client, world):
    world.status.planned = tuple(
        a_target(endpoint=an_endpoint(f"mirror-{number}"), region=Region(region))
        for number in range(60)
        for region in ("eu", "us")
    )
    _, page = await get(client, "targets", region="us", offset=55, limit=3)
    assert (page["total"], page["offset"], page["limit"]) == (60, 55, 3)
    assert [row["endpoint"] for row in page["targets"]] == ["mirror-55", "mirror-56", "mirror-57"]
    _, page = await get(client, "targets", endpoint="mirror-7")
    assert [row["region"] for row in page["targets"]] == ["eu", "us"]
    _, page = await get(client, "targets", limit=1000)
    assert len(page["targets"]) == 120
    _, page = await get(client, "targets", product="nothing")
    assert (page["total"], page["targets"]) == (0, [])


async def test_observations_come_newest_first(client, world):
    world.history.record(an_observation(id="a"))
    world.history.record(an_observation(NOT_FOUND, id="b"))
    status, page = await get(client, "observations")
    assert (status, page["total"]) == (200, 2)
    assert [row["id"] for row in page["observations"]] == ["b", "a"]
    assert page["observations"][0] == as_page(world.history.find("b"))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"verdict": "failed"}, ["c", "b"]),
        ({"reason": "not_found", "endpoint": "cdn"}, ["c"]),
        ({"depth": "head"}, ["c"]),
        ({"product": "widget", "region": "eu-west-1", "limit": 1}, ["c"]),
        ({"offset": 2}, ["a"]),
        ({"verdict": "inconclusive"}, []),
    ],
)
async def test_observations_are_filtered_and_paged(client, world, query, ids):
    cdn = a_target(endpoint=an_endpoint("cdn"))
    world.history.record(an_observation(id="a"))
    world.history.record(an_observation(NOT_FOUND, id="b"))
    world.history.record(an_observation(NOT_FOUND, id="c", probe=Probe(cdn, Depth.HEAD)))
    _, page = await get(client, "observations", **query)
    assert [row["id"] for row in page["observations"]] == ids


async def test_observations_of_one_target_are_asked_for_by_its_key(client, world):
    cdn = a_target(endpoint=an_endpoint("cdn"))
    world.history.record(an_observation(id="a"))
    world.history.record(an_observation(id="b", probe=Probe(cdn)))
    _, page = await get(client, "observations", target=cdn.key)
    assert [row["id"] for row in page["observations"]] == ["b"]


async def test_one_observation_has_an_address(client, world):
    world.history.record(an_observation(id="01J"))
    assert await get(client, "observations/01J") == (200, as_page(world.history.find("01J")))
    assert await get(client, "observations/01K") == (
        404,
        {"error": "no observation of this id is kept"},
    )


@pytest.mark.parametrize(
    ("path", "query", "error"),
    [
        ("targets", {"limit": 0}, "limit is a number from 1 to 1000"),
        ("targets", {"limit": 1001}, "limit is a number from 1 to 1000"),
        ("targets", {"limit": "many"}, "limit is a number from 1 to 1000"),
        ("observations", {"offset": "-1"}, "offset is a number from 0 to 999999999"),
        ("observations", {"offset": "9" * 5000}, "offset is a number from 0 to 999999999"),
        ("observations", {"verdict": "fine"}, "verdict is one of passed, failed, inconclusive"),
        ("observations", {"depth": ""}, "depth is one of head, range, full"),
        ("targets", {"reason": "stale"}, f"reason is no parameter here; there are {KNOWN}"),
    ],
)
async def test_a_parameter_that_cannot_be_is_refused(client, path, query, error):
    assert await get(client, path, **query) == (400, {"error": error})
