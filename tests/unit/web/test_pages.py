"""Metrics, health, reload, and what holds for all pages."""

import pytest

from probe import series

PAGES = (
    "/",
    "/metrics",
    "/-/healthy",
    "/-/ready",
    "/api/v1/targets",
    "/api/v1/observations",
)


async def get(client, path: str, **fields: object) -> tuple[int, str]:
    async with client.get(path, **fields) as response:
        return response.status, await response.text()


async def test_metrics_are_shown_in_the_format_asked_for(client, world):
    world.store.set(series.TARGETS, ("eu-west-1",), 7)
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    async with client.get("/metrics") as classic, client.get("/metrics", headers=accept) as modern:
        assert classic.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert 'delivery_targets{probe_region="eu-west-1"} 7.0\n' in await classic.text()
        assert modern.headers["Content-Type"].startswith("application/openmetrics-text; version=1")
        assert (await modern.text()).endswith("# EOF\n")


async def test_metrics_are_compressed_for_those_who_ask(client):
    # The client asks for gzip by itself, and undoes it.
    async with client.get("/metrics") as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert "python_info" in await response.text()
    async with client.get("/metrics", headers={"Accept-Encoding": "identity"}) as response:
        assert "Content-Encoding" not in response.headers
        assert "python_info" in await response.text()


async def test_metrics_can_be_asked_for_by_name(client, world):
    world.store.set(series.TARGETS, ("eu-west-1",), 7)
    status, text = await get(client, "/metrics?name[]=delivery_targets&name[]=process_max_fds")
    families = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert (status, families) == (200, ["delivery_targets", "process_max_fds"])


async def test_more_names_than_there_are_metrics_are_refused(client):
    query = "&".join(["name[]=up"] * 257)
    assert await get(client, f"/metrics?{query}") == (
        400,
        "name[] may be given 256 times, not 257\n",
    )


async def test_a_process_that_answers_is_healthy_even_before_its_first_catalog(client, world):
    world.status.is_ready = False
    assert await get(client, "/-/healthy") == (200, "healthy\n")
    assert await get(client, "/-/ready") == (503, "not ready: no catalog has been read yet\n")
    world.status.is_ready = True
    assert await get(client, "/-/ready") == (200, "ready\n")


async def test_reloading_takes_a_post(client, world):
    async with client.get("/-/reload") as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")
        assert await response.text() == "GET is not possible here, but POST\n"
    assert world.reloads == 0
    async with client.post("/-/reload") as response:
        assert (response.status, await response.text()) == (200, "reloaded\n")
    assert world.reloads == 1


async def test_a_configuration_that_is_refused_is_answered_with_every_fault(client, world):
    world.faults = ("probe.yaml:3: interval: not a duration", "probe.yaml:9: unknown key")
    async with client.post("/-/reload") as response:
        assert response.status == 400
        assert await response.text() == (
            "the configuration stays as it was:\n"
            "  probe.yaml:3: interval: not a duration\n"
            "  probe.yaml:9: unknown key\n"
        )


async def test_a_page_of_another_site_cannot_reload(client, world):
    async with client.post("/-/reload", headers={"Sec-Fetch-Site": "cross-site"}) as response:
        assert response.status == 403
    assert world.reloads == 0


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/api/v1/observations/none", "/probe"])
async def test_every_answer_is_sealed(client, path):
    async with client.get(path) as response:
        assert response.headers["Server"] == "delivery-probe"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Cache-Control"] in {"no-store", "private, no-cache"}
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", PAGES)
async def test_head_is_get_without_the_body(client, path):
    # What the process says of itself may differ by a digit from one rendering to the next.
    identity = {"Accept-Encoding": "identity"}
    async with client.get(path, headers=identity) as got, client.head(path, headers=identity) as r:
        assert (r.status, r.headers["Content-Type"]) == (got.status, got.headers["Content-Type"])
        assert int(r.headers["Content-Length"]) > 0
        assert await r.read() == b""


async def test_an_unknown_page_is_named_on_one_line(client):
    assert await get(client, "/nothing%0Ahere") == (404, "there is no page /nothing here\n")


async def test_an_impossible_method_is_told_what_is_possible(client):
    async with client.delete("/metrics") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")
        assert await response.text() == "DELETE is not possible here, but GET, HEAD\n"
