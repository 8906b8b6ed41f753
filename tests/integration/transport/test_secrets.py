"""What must not be told to anybody is in nothing that an attempt leaves behind."""

import pytest

from probe.domain.failure import FailureReason
from tests.integration.transport.faults import answer, redirect, serve

TOKEN = "hush-hush-hush"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Cookie": f"session={TOKEN}"}


def leaves_no_trace(attempted) -> bool:
    return TOKEN not in repr(attempted) and TOKEN not in str(attempted.download.headers)


@pytest.mark.parametrize(
    "said",
    [
        answer(set_cookie=f"session={TOKEN}"),
        answer(b"", "403 Forbidden", x_echo=f"Bearer {TOKEN}", authorization=TOKEN),
        answer(b"", "302 Found", x_nothing="no Location"),
        redirect(f"ftp://{TOKEN}@127.0.0.1/?{TOKEN}"),
        redirect(f"http://127.0.0.1:9/f?X-Amz-Signature={TOKEN}"),
        redirect(f"https://127.0.0.1:9/f?X-Amz-Signature={TOKEN}"),
        redirect(f"http://user:{TOKEN}@127.0.0.1:9/f#{TOKEN}"),
        f"HTTP/1.1 200 OK\r\nSet-Cookie {TOKEN}\r\n\r\n".encode(),
        f"HTTP/1.1 200 OK\r\nSet-Cookie: {TOKEN * 9000}\r\n\r\n".encode(),
        f"{TOKEN}\r\n\r\n".encode(),
    ],
)
async def test_no_secret_stays_in_what_is_shown(prober, said):
    async with serve(said) as server:
        url = server.url.replace("http://", f"http://user:{TOKEN}@") + f"?sig={TOKEN}"
        attempted = await prober.probe(url, headers=HEADERS)
    assert server.requests
    assert leaves_no_trace(attempted), attempted


async def test_a_presigned_query_stays_out_of_a_failure_to_connect(prober):
    attempted = await prober.probe(f"http://user:{TOKEN}@127.0.0.1:9/f?sig={TOKEN}")
    assert attempted.failure[0] is FailureReason.CONNECT
    assert leaves_no_trace(attempted)
    assert attempted.download.url == "http://127.0.0.1:9/f"


async def test_what_a_server_says_is_bounded_and_fit_to_be_shown(prober):
    said = answer(b"", "500 Oops", server="\x1b[31m" + "a" * 5000, etag='"' + "b" * 5000 + '"')
    async with serve(said) as server:
        attempted = await prober.probe(server.url)
    headers = attempted.download.headers
    assert {len(headers["server"]), len(headers["etag"])} == {256}
    assert "\x1b" not in headers["server"]


async def test_headers_that_do_not_matter_are_not_kept(prober):
    async with serve(answer(x_anything="1", set_cookie="a=b", location="/x")) as server:
        attempted = await prober.probe(server.url)
    assert set(attempted.download.headers) == {"content-length"}


async def test_a_challenge_is_kept_whole_and_repeated_headers_joined(prober):
    challenge = 'Bearer realm="https://auth.example/token",scope="' + "s" * 600 + '"'
    said = answer(b"", "401 Unauthorized", www_authenticate=challenge)
    said = said.replace(b"\r\n\r\n", b"\r\nWWW-Authenticate: Basic\r\n\r\n", 1)
    async with serve(said) as server:
        attempted = await prober.probe(server.url)
    assert attempted.download.headers["www-authenticate"] == f"{challenge}, Basic"


async def test_caches_on_the_way_are_known_by_a_word_and_a_name(prober):
    said = answer(cf_cache_status="HIT", cf_ray="8a1b2c3d4e5f-AMS")
    async with serve(said) as server:
        attempted = await prober.probe(server.url)
    assert (attempted.download.cache, attempted.download.edge) == ("hit", "AMS")
