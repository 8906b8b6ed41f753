from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from probe.clock import SystemClock
from probe.demo.site import Quirk, Shelf, Site
from tests.builders import NOON
from tests.fakes.clock import FakeClock

BODY = bytes(range(256)) * 40


@asynccontextmanager
async def a_site(clock=None) -> AsyncIterator[tuple[Site, aiohttp.ClientSession]]:
    shelf = Shelf()
    shelf.put("/a.bin", BODY, NOON)
    shelf.put("/old.bin", b"old", NOON)
    async with Site(shelf.find, clock or SystemClock()) as site, aiohttp.ClientSession() as session:
        yield site, session


async def test_a_file_is_served_whole():
    async with a_site() as (site, session), session.get(site.url + "/a.bin") as response:
        assert (response.status, await response.read()) == (200, BODY)


async def test_a_head_announces_the_length_and_sends_nothing():
    async with a_site() as (site, session), session.head(site.url + "/a.bin") as response:
        assert response.headers["Content-Length"] == str(len(BODY))
        assert await response.read() == b""


async def test_a_range_is_served():
    async with a_site() as (site, session):
        asking = session.get(site.url + "/a.bin", headers={"Range": "bytes=256-511"})
        async with asking as response:
            assert (response.status, await response.read()) == (206, BODY[256:512])


async def test_an_unknown_path_is_404():
    async with a_site() as (site, session), session.get(site.url + "/b.bin") as response:
        assert (response.status, await response.text()) == (404, "404 Not Found\n")


async def test_other_methods_are_refused():
    async with a_site() as (site, session), session.post(site.url + "/a.bin") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


async def test_a_flipped_byte_changes_one_bit_and_no_header():
    async with a_site() as (site, session):
        async with session.get(site.url + "/a.bin") as response:
            etag = response.headers["ETag"]
        site.misbehave("/a.bin", Quirk.FLIP)
        async with session.get(site.url + "/a.bin") as response:
            body = await response.read()
            assert response.headers["ETag"] == etag
    changed = [(got ^ right) for got, right in zip(body, BODY, strict=True) if got != right]
    assert changed == [1]


async def test_a_cut_body_ends_half_way_though_all_was_announced():
    async with a_site() as (site, session):
        site.misbehave("/a.bin", Quirk.CUT)
        async with session.get(site.url + "/a.bin") as response:
            assert response.headers["Content-Length"] == str(len(BODY))
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()
            assert response.content.total_bytes == len(BODY) // 2


async def test_a_login_page_comes_with_status_200():
    async with a_site() as (site, session):
        site.misbehave("/a.bin", Quirk.PAGE)
        async with session.get(site.url + "/a.bin") as response:
            assert (response.status, response.content_type) == (200, "text/html")
            assert "<title>Sign in to continue</title>" in await response.text()


async def test_a_broken_file_is_503():
    async with a_site() as (site, session):
        site.misbehave("/a.bin", Quirk.BROKEN)
        async with session.get(site.url + "/a.bin") as response:
            assert response.status == 503


async def test_a_crawling_file_comes_piece_by_piece_as_time_goes_on():
    clock = FakeClock()
    async with a_site(clock) as (site, session):
        site.misbehave("/a.bin", Quirk.CRAWL)
        async with session.get(site.url + "/a.bin") as response:
            assert await response.content.readexactly(64) == BODY[:64]
            await clock.advance(0.25)
            assert await response.content.readexactly(64) == BODY[64:128]


async def test_a_rewritten_path_serves_another_file():
    async with a_site() as (site, session):
        site.rewrite("/a.bin", "/old.bin")
        async with session.get(site.url + "/a.bin") as response:
            assert await response.read() == b"old"


async def test_a_site_that_behaves_again_serves_the_file_as_it_is():
    async with a_site() as (site, session):
        site.misbehave("/a.bin", Quirk.BROKEN)
        site.rewrite("/a.bin", "/old.bin")
        site.behave("/a.bin")
        async with session.get(site.url + "/a.bin") as response:
            assert await response.read() == BODY


async def test_two_sites_have_ports_of_their_own():
    async with a_site() as (one, _), a_site() as (other, _):
        assert one.url != other.url
