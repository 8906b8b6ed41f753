"""Pages for people and their twins, as a real server sends them."""

import asyncio

import aiohttp
import pytest
import yarl

from probe.ports import EvidenceUnavailable, NoSuchProduct
from tests.builders import an_observation

TWINS = "/api/v1/pages"


@pytest.fixture
async def client(start):
    serving = await start(base="/base")
    async with aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as session:
        yield session


PAGES = {
    "/": ("overview ['overview']", "/overview"),
    "/products/widget/stable": ("product ['train', 'widget', 'stable']", ""),
    "/products/widget/stable/1.4.2?offset=100": (
        "release ['release', 'widget', 'stable', '1.4.2', 100]",
        "",
    ),
    "/incidents?offset=50": ("incidents ['incidents', 50]", ""),
    "/incidents/i-1": ("incident ['incident', 'i-1']", ""),
    "/targets": ("targets ['targets', 0]", ""),
    "/targets/a%2Fb%40c": ("target ['target', 'a/b@c']", ""),
    "/kpis?product=widget&channel=beta": ("kpis ['kpis', 'widget', 'beta']", ""),
}


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_drawn_of_what_its_address_asks_for(client, path):
    drawn, twin = PAGES[path]
    async with client.get(yarl.URL(path, encoded=True)) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert await answer.text() == f"{drawn} {TWINS}{twin or path}"


@pytest.mark.parametrize("path", PAGES)
async def test_each_page_has_a_twin_of_the_same_record(client, path):
    drawn, twin = PAGES[path]
    async with client.get(yarl.URL(TWINS + (twin or path), encoded=True)) as answer:
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert str((await answer.json())["asked"]) == drawn.partition(" ")[2]


@pytest.mark.parametrize("prefix", ["", "/delivery", "/targets", "/products/x", TWINS])
async def test_a_page_and_its_twin_are_told_apart_below_any_prefix(start, prefix):
    serving = await start(prefix=prefix, base="/behind/a/proxy")
    path = "/products/%2Fapi%2Fv1%2Fpages/stable"
    async with aiohttp.ClientSession() as session:
        url = yarl.URL(f"http://127.0.0.1:{serving.port}{prefix}{path}", encoded=True)
        async with session.get(url) as answer:
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert (await answer.text()).endswith(f" {TWINS}{path}")
        async with session.get(f"http://127.0.0.1:{serving.port}{prefix}/") as answer:
            assert (await answer.text()).endswith(f" {TWINS}/overview")


async def test_what_has_not_changed_is_not_sent_again(client, views):
    async with client.get("/") as answer:
        tag = answer.headers["ETag"]
    async with client.get("/", headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
        assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
    views.said = "something else"
    async with client.get("/", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 200


async def test_a_page_and_its_twin_are_not_taken_for_one_another(client):
    async with client.get("/") as page, client.get(f"{TWINS}/overview") as twin:
        assert page.headers["ETag"] != twin.headers["ETag"]


@pytest.mark.parametrize("offset", ["-1", "x", "1" * 8, "\u0663"])
async def test_an_offset_that_is_none_is_the_beginning(client, offset):
    async with client.get("/targets", params={"offset": offset}) as answer:
        assert (await answer.text()).startswith("targets ['targets', 0]")


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("targets?offset=x", "offset is a number from 0 to 9999999"),
        ("incidents?offset=", "offset is a number from 0 to 9999999"),
        ("overview?offset=1", "offset is no parameter here; there are none"),
        ("kpis?produkt=widget", "produkt is no parameter here; there are channel, product"),
    ],
)
async def test_a_twin_refuses_what_its_page_looks_past(client, path, fault):
    async with client.get(f"{TWINS}/{path}") as answer:
        assert answer.status == 400
        assert await answer.json() == {"error": f"Not possible: {fault}"}
    async with client.get("/" if "overview" in path else f"/{path}") as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    ("fault", "status", "title"),
    [
        (NoSuchProduct("no product is named x"), 404, "No such product"),
        (EvidenceUnavailable("there is no ledger"), 503, "The ledger cannot be read"),
    ],
)
async def test_what_cannot_be_shown_is_told_on_a_page(client, views, fault, status, title):
    views.fault = fault
    async with client.get("/") as answer:
        assert (answer.status, await answer.text()) == (
            status,
            f"problem {title} {TWINS}/overview",
        )
    async with client.get(f"{TWINS}/overview") as answer:
        assert answer.status == status
        assert (await answer.json())["error"] == f"{title}: {fault}"


async def test_what_is_not_known_is_not_found(client):
    async with client.get("/incidents/none") as answer:
        assert answer.status == 404
        assert (await answer.text()).startswith("problem Nothing is known of this")


async def test_an_observation_leads_to_its_target(client, world):
    world.history.record(an_observation(id="01JPROBE"))
    async with client.get("/observations/01JPROBE", allow_redirects=False) as answer:
        assert answer.status == 302
        assert answer.headers["Location"] == (
            "/base/targets/widget%2Fstable%2F1.4.2%2Fwidget_1.4.2_linux_amd64.tar.gz"
            "@origin%2Feu-west-1#probe-01JPROBE"
        )
    async with client.get("/observations/none") as answer:
        assert answer.status == 404


async def test_a_page_loads_from_nowhere_else_and_frames_nothing(client):
    async with client.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


async def test_files_of_pages_may_be_kept_for_ever(client):
    async with client.get("/static/style.0123.css") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert await answer.read() == b"body{}"
    async with client.get("/static/style.old.css") as answer:
        assert answer.status == 404


async def test_who_listens_hears_of_what_is_new(client, world):
    async with client.get("/api/v1/live") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert await answer.content.readline() == b": listening\n"
        await answer.content.readline()
        world.history.record(an_observation(id="01JNEW"))
        async with asyncio.timeout(10):
            assert await answer.content.readline() == b"event: changed\n"
            assert await answer.content.readline() == b"data: 01JNEW\n"


async def test_listening_ends_with_the_service(start):
    serving = await start()
    async with (
        aiohttp.ClientSession(f"http://127.0.0.1:{serving.port}") as session,
        session.get("/api/v1/live") as answer,
    ):
        await answer.content.readline()
        stopping = asyncio.create_task(serving.stop())
        async with asyncio.timeout(4):
            await answer.content.read()
            await stopping
