"""One probe on demand."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families as parse

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Hop, Inconclusive, Observation
from probe.domain.role import Role
from probe.domain.target import Depth, DepthPolicy, Limits, Probe, Region, Target
from tests.builders import a_download, a_target, an_artifact, an_endpoint, an_observation, sha256

URL = "http://127.0.0.1:9/1.4.2/widget_1.4.2_linux_amd64.tar.gz"
TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds"


async def get(client, headers: dict[str, str] | None = None, **query: str) -> tuple[int, str]:
    async with client.get("/probe", params=query, headers=headers) as response:
        return response.status, await response.text()


def numbers(text: str) -> dict[str, float]:
    return {sample.name: sample.value for family in parse(text) for sample in family.samples}


def labels(text: str, name: str) -> dict[str, str]:
    (found,) = [s.labels for family in parse(text) for s in family.samples if s.name == name]
    return found


async def test_a_pass_brings_the_series_of_this_one_attempt(client, world):
    status, text = await get(client, target=world.status.planned[0].key)
    read = numbers(text)
    assert status == 200
    assert read["probe_success"] == 1
    assert read["probe_duration_seconds"] == pytest.approx(0.033)
    assert (read["probe_http_status_code"], read["probe_received_bytes"]) == (200, 18)
    assert "probe_failure_info" not in read
    assert not any(name.startswith(("delivery_", "python_")) for name in read)
    assert labels(text, "probe_info") == {
        "product": "widget",
        "channel": "stable",
        "version": "1.4.2",
        "artifact": "widget_1.4.2_linux_amd64.tar.gz",
        "endpoint": "origin",
        "probe_region": "eu-west-1",
        "depth": "full",
    }


async def test_a_failure_says_why(client, world):
    failure = Failure(FailureReason.STALE, Phase.VERIFY)

    async def observe(probe: Probe) -> Observation:
        return an_observation(Failed(failure), probe=probe)

    world.observe = observe
    _, text = await get(client, target=URL)
    assert numbers(text)["probe_success"] == 0
    assert labels(text, "probe_failure_info") == {
        "verdict": "failed",
        "reason": "stale",
        "phase": "verify",
    }


async def test_our_own_fault_is_neither_success_nor_failure(client, world):
    failure = Failure(FailureReason.UPLINK, Phase.CONNECT)

    async def observe(probe: Probe) -> Observation:
        download = a_download(b"", status=None)
        return an_observation(Inconclusive(failure), probe=probe, download=download)

    world.observe = observe
    _, text = await get(client, target=URL)
    assert not {"probe_success", "probe_http_status_code"} & numbers(text).keys()
    assert labels(text, "probe_failure_info")["verdict"] == "inconclusive"


async def test_openmetrics_is_spoken_here_too(client):
    headers = {"Accept": "application/openmetrics-text"}
    _, text = await get(client, headers, target=URL)
    assert text.endswith("# EOF\n")


async def test_a_target_is_found_by_key_or_url_and_region(client, world):
    first = world.status.planned[0]
    second = replace(first, region=Region("us-east-1"))
    world.status.planned = (first, second)
    await get(client, target=first.key)
    await get(client, target=URL)
    await get(client, target=URL, region="us-east-1")
    regions = [probe.target.region.name for probe in world.probes]
    assert regions == ["eu-west-1", "eu-west-1", "us-east-1"]


async def test_a_new_plan_is_looked_through_anew(client, world):
    await get(client, target=URL)
    world.status.planned = tuple(
        a_target(endpoint=an_endpoint(f"mirror-{number}")) for number in range(500)
    )
    status, _ = await get(client, target=world.status.planned[-1].key)
    assert status == 200
    assert world.probes[-1].target.endpoint.name == "mirror-499"


@pytest.mark.parametrize(
    ("query", "status", "line"),
    [
        ({}, 400, "say what to probe: /probe?target=KEY or /probe?target=URL\n"),
        ({"target": "nobody"}, 404, "no target has this key: /api/v1/targets lists them\n"),
        (
            {"target": "http://169.254.169.254/latest/meta-data"},
            403,
            "this URL is in no catalog, and only such may be probed\n",
        ),
        ({"target": URL, "region": "mars"}, 403, None),
        ({"target": URL, "depth": "deep"}, 400, "depth is one of head, range, full\n"),
        ({"target": URL, "debug": "yes"}, 400, "debug is one of true, 1, false, 0\n"),
    ],
)
async def test_what_cannot_be_probed_is_refused(client, world, query, status, line):
    answered, text = await get(client, **query)
    assert (answered, text) == (status, line or text)
    assert world.probes == []


async def test_a_range_needs_a_size(client, world):
    world.status.planned = (a_target(artifact=an_artifact(body=None)),)
    assert await get(client, target=world.status.planned[0].key, depth="range") == (
        400,
        "a range needs an artifact whose size is published\n",
    )


@pytest.mark.parametrize(
    ("policy", "asked", "depth"),
    [
        (DepthPolicy.AUTO, "", Depth.FULL),
        (DepthPolicy.HEAD, "", Depth.HEAD),
        (DepthPolicy.HEAD, "full", Depth.FULL),
        (DepthPolicy.AUTO, "range", Depth.RANGE),
    ],
)
async def test_the_depth_is_what_was_asked_or_what_the_endpoint_has(
    client, world, policy, asked, depth
):
    world.status.planned = (a_target(endpoint=an_endpoint(depth=policy)),)
    await get(client, target=URL, **({"depth": asked} if asked else {}))
    assert world.probes[0].depth is depth


@pytest.mark.parametrize(
    ("header", "total", "connect"),
    [
        ("", 600, 5),
        ("0", 600, 5),
        ("10", 9.5, 5),
        ("4.5", 4, 4),
        ("10000", 600, 5),
        ("1", 0.5, 0.5),
        ("0.2", 0.1, 0.1),
    ],
)
async def test_the_scrape_timeout_caps_every_wait(client, world, header, total, connect):
    await get(client, {TIMEOUT: header}, target=URL)
    limits = world.probes[0].target.endpoint.limits
    assert (limits.total_seconds, limits.connect_seconds) == (total, connect)
    assert limits.redirects == Limits().redirects


@pytest.mark.parametrize("header", ["soon", "-1", "nan", "inf", "1e999"])
async def test_a_scrape_timeout_that_is_no_time_is_refused(client, world, header):
    assert await get(client, {TIMEOUT: header}, target=URL) == (
        400,
        f"{TIMEOUT} is not a number of seconds\n",
    )
    assert world.probes == []


async def test_urls_outside_the_catalog_are_probed_where_that_is_allowed(start, world):
    def outside(url: str) -> Target:
        if not url.startswith("http"):
            raise ValueError("the scheme is 'gopher', not http or https")
        return a_target(product="", endpoint=an_endpoint(url=url))

    serving = await start(outside=lambda: outside)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as client:
        status, _ = await get(client, target="http://127.0.0.1:9/other")
        assert (status, world.probes[0].target.url) == (200, "http://127.0.0.1:9/other")
        assert await get(client, target="gopher://x/") == (
            400,
            "this URL cannot be probed: the scheme is 'gopher', not http or https\n",
        )


async def test_more_probes_at_once_than_allowed_are_put_off(start, world):
    arrived, leave = asyncio.Event(), asyncio.Event()

    async def observe(probe: Probe) -> Observation:
        arrived.set()
        await leave.wait()
        return an_observation(probe=probe)

    world.observe = observe
    serving = await start(probes_at_once=1)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as client:
        first = asyncio.create_task(get(client, target=URL))
        await arrived.wait()
        assert await get(client, target=URL) == (
            503,
            "1 probes on demand are under way: try again\n",
        )
        leave.set()
        assert (await first)[0] == 200
        assert (await get(client, target=URL))[0] == 200


async def test_a_probe_has_side_effects_so_head_is_refused(client, world):
    async with client.head("/probe", params={"target": URL}) as response:
        assert response.status == 405
    assert world.probes == []


async def test_debug_tells_everything_but_secrets(client, world):
    url = "https://user:hunter2@127.0.0.1:9/{version}/{name}?sig=hunter2"
    world.status.planned = (a_target(endpoint=an_endpoint("cdn", url=url)),)
    failure = Failure(
        FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY, "see https://x/?token=hunter2 \x1b[31m"
    )
    headers = {
        "content-type": "application/gzip",
        "set-cookie": "session=hunter2",
        "x-amz-security-token": "hunter2",
        "location": "https://cdn.example/x?X-Amz-Signature=hunter2",
        "x-odd": "a\x07b",
    }

    async def observe(probe: Probe) -> Observation:
        download = replace(
            a_download(b"the wrong bytes", headers=headers), hops=(Hop("github.com", 302, 0.25),)
        )
        return an_observation(Failed(failure), probe=probe, download=download)

    world.observe = observe
    status, text = await get(client, target=world.status.planned[0].key, debug="true")
    assert status == 200
    assert "hunter2" not in text
    assert "\x1b" not in text
    lines = [line.strip() for line in text.splitlines()]
    for line in (
        "delivery-probe 1.2.3",
        "verdict      failed",
        "reason       checksum_mismatch",
        "detail       see https://x/?… [31m",
        "url          https://127.0.0.1:9/1.4.2/widget_1.4.2_linux_amd64.tar.gz?…",
        "bytes        15 of 18",
        "wait         0.010000",
        "total        0.033000",
        "github.com answered 302 in 0.250000 s",
        "content-type: application/gzip",
        "set-cookie: [hidden]",
        "x-amz-security-token: [hidden]",
        "location: https://cdn.example/x?…",
        "x-odd: ab",
        f"received  {sha256(b'the wrong bytes')}",
        "first byte   15 s",
        "probe_success 0.0",
    ):
        assert line in lines


async def test_a_process_that_probes_nothing_says_so(start, world):
    serving = await start(role=Role.CONTROL)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as client:
        told = await get(client, target=world.status.planned[0].key)
    assert told == (403, "this process has the role control, which probes nothing\n")
    assert world.probes == []
