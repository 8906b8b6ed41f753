"""The walk along redirects: how far, where to, and what is told to whom."""

import pytest

from probe.domain.failure import FailureReason, Phase
from probe.domain.observation import Hop
from probe.domain.target import Depth, Limits
from tests.builders import BODY
from tests.integration.transport.faults import answer, redirect, routes, serve

REFUSED = (FailureReason.REDIRECT, Phase.REDIRECT)
SECRETS = {"Authorization": "Bearer hush", "Cookie": "session=hush", "X-Token": "hush"}


async def test_a_redirect_is_followed_and_timed(prober):
    async with serve(answer()) as goal, serve(redirect(f"{goal.origin}/f?a=1")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed
    (hop,) = attempted.download.hops
    assert (hop.host, hop.status) == ("127.0.0.1", 302)
    assert attempted.download.timings.redirect == hop.seconds
    assert attempted.download.url == f"{goal.origin}/f"
    assert len(server.requests) == len(goal.requests) == 1


@pytest.mark.parametrize(
    "status",
    ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"],
)
@pytest.mark.parametrize("depth", [Depth.FULL, Depth.HEAD])
async def test_each_kind_of_redirect_keeps_the_method(prober, status, depth):
    said = answer() if depth is Depth.FULL else answer(b"", content_length=str(len(BODY)))
    async with serve(said) as goal, serve(redirect(goal.origin, status)) as server:
        attempted = await prober.probe(server.url, depth=depth)
    assert attempted.passed
    assert goal.method() == ("HEAD" if depth is Depth.HEAD else "GET")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/there", "/there"),
        ("there", "/1.4.2/there"),
        ("../there?q=%2F", "/there?q=%2F"),
        ("?sig=a%2Fb+c%3D%3d", "/1.4.2/widget_1.4.2_linux_amd64.tar.gz?sig=a%2Fb+c%3D%3d"),
        ("//{host}/there", "/there"),
        ("http://{host}/a%2Fb//c/%e2?X-Sig=a%2Fb&b=~%7E#part", "/a%2Fb//c/%e2?X-Sig=a%2Fb&b=~%7E"),
        ("/\u20ac 5", "/%E2%82%AC%205"),
    ],
)  # fmt: skip
async def test_a_location_is_followed_byte_for_byte(prober, location, path):
    async def script(wire) -> None:
        head = await wire.request()
        target = location.format(host=f"127.0.0.1:{server.port}")
        first = len(server.requests) == 1
        assert head
        await wire.send(
            redirect(target).replace(target.encode(), target.encode()) if first else answer()
        )
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed, attempted
    assert server.path(1) == path


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (answer(b"", "302 Found"), "a redirect without Location"),
        (redirect("ftp://x/f"), "an invalid Location: the scheme is 'ftp', not http or https"),
        (redirect("file:///f"), "an invalid Location: the scheme is 'file', not http or https"),
        (redirect("http://"), "an invalid Location: no host"),
        (redirect("http://:80/f"), "an invalid Location: no host"),
        (redirect("http://a b/f"), "an invalid Location: no host"),
        (redirect("http://127.0.0.1:99999/f"), "an invalid Location: no such port"),
        (redirect("http://[::1/f"), "an invalid Location: no host"),
        (redirect("http://127.1/f"), "an invalid Location"),
    ],
)  # fmt: skip
async def test_a_redirect_that_leads_nowhere_ends_the_walk(prober, said, detail):
    async with serve(said) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == REFUSED
    assert attempted.detail == detail
    assert len(server.requests) == 1


async def test_a_loop_is_seen_when_it_closes(prober):
    async with serve(routes(other=redirect("/a"), a=redirect("/b"), b=redirect("/a"))) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == REFUSED
    assert attempted.detail == "a loop by way of 127.0.0.1"
    assert len(server.requests) == 3


async def test_five_redirects_are_followed_and_a_sixth_is_not(prober):
    chain = {f"n{step}": redirect(f"/n{step + 1}") for step in range(1, 8)}
    async with serve(routes(other=redirect("/n1"), **chain)) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == REFUSED
    assert attempted.detail == "more than 5 redirects"
    assert attempted.download.status == 302
    assert len(attempted.download.hops) == 5
    assert len(server.requests) == 6


async def test_a_chain_as_long_as_allowed_arrives(prober):
    chain = {f"n{step}": redirect(f"/n{step + 1}") for step in range(1, 5)} | {"n5": answer()}
    async with serve(routes(other=redirect("/n1"), **chain)) as server:
        assert (await prober.probe(server.url)).passed


async def test_redirects_can_be_forbidden(prober):
    async with serve(redirect("/there")) as server:
        attempted = await prober.probe(server.url, limits=Limits(redirects=0))
    assert attempted.failure == REFUSED
    assert attempted.download.status == 302
    assert len(server.requests) == 1


async def test_from_https_down_to_http_is_refused(prober, tls):
    async with serve(answer()) as goal, serve(redirect(f"{goal.origin}/f"), tls=tls) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == REFUSED
    assert attempted.detail == "from https down to http at 127.0.0.1"
    assert goal.connections == 0


async def test_a_downgrade_may_be_allowed(prober, tls):
    async with serve(answer()) as goal, serve(redirect(f"{goal.origin}/f"), tls=tls) as server:
        assert (await prober.probe(server.url, allow_downgrade=True)).passed


async def test_from_http_up_to_https_is_followed(prober, tls):
    async with serve(answer(), tls=tls) as goal, serve(redirect(f"{goal.origin}/f")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed
    assert attempted.download.certificate_expires_at is not None


async def test_a_walk_may_end_on_an_allowed_host_only(prober):
    async with (
        serve(answer()) as goal,
        serve(redirect(f"http://localhost:{goal.port}/f")) as server,
    ):
        refused = await prober.probe(server.url, allowed_hosts=("dl.example.com", "*.example.org"))
        allowed = await prober.probe(server.url, allowed_hosts=("LOCALHOST",))
    assert refused.failure == REFUSED
    assert refused.detail == "ends at localhost, which is not allowed"
    assert refused.download.bytes_received == 0
    assert allowed.passed


async def test_without_a_redirect_the_endpoint_itself_is_allowed(prober):
    async with serve(answer()) as server:
        assert (await prober.probe(server.url, allowed_hosts=("dl.example.com",))).passed


async def test_what_the_caller_says_stays_within_the_origin(prober):
    async with serve(routes(other=redirect("/there"), there=answer())) as server:
        assert (await prober.probe(server.url, headers=SECRETS)).passed
    assert server.header("authorization", 1) == "Bearer hush"
    assert server.header("cookie", 1) == "session=hush"


async def test_no_secret_goes_to_another_origin(prober):
    async with serve(answer()) as goal, serve(redirect(f"{goal.origin}/f")) as server:
        assert (await prober.probe(server.url, headers=SECRETS)).passed
    assert server.header("authorization") == "Bearer hush"
    assert b"hush" not in goal.requests[0]
    assert goal.header("accept-encoding") == "identity"


async def test_another_port_or_scheme_is_another_origin(prober, tls):
    async with (
        serve(answer(), tls=tls) as secure,
        serve(redirect(f"https://127.0.0.1:{secure.port}/f")) as server,
    ):
        assert (await prober.probe(server.url, headers=SECRETS)).passed
    assert b"hush" not in secure.requests[0]


async def test_secrets_do_not_come_back_with_the_walk(prober):
    """A stranger's redirect back to the origin must not make it act with our credentials."""

    async def home(wire) -> None:
        await wire.request()
        back = len(server.requests) > 1
        await wire.send(answer() if back else redirect(f"{stranger.origin}/x"))
        await wire.until_gone()

    async def away(wire) -> None:
        await wire.request()
        await wire.send(redirect(f"{server.origin}/delete"))
        await wire.until_gone()

    async with serve(home) as server, serve(away) as stranger:
        assert (await prober.probe(server.url, headers=SECRETS)).passed
    assert b"hush" in server.requests[0]
    assert b"hush" not in server.requests[1]


async def test_credentials_in_a_location_are_not_used(prober):
    async def script(wire) -> None:
        await wire.request()
        first = len(server.requests) == 1
        where = f"http://user:hush@127.0.0.1:{server.port}/f"
        await wire.send(redirect(where) if first else answer())
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url)
    assert attempted.passed
    assert server.header("authorization", 1) is None
    assert "hush" not in attempted.download.url


async def test_cookies_are_not_kept_on_the_way(prober):
    """As curl has it, and as a package manager does: no hop's cookie is sent to the next."""
    hop = redirect("/there", set_cookie="session=1; Path=/")
    async with serve(routes(other=hop, there=answer())) as server:
        assert (await prober.probe(server.url)).passed
    assert server.header("cookie", 1) is None


async def test_the_body_of_a_redirect_is_not_read(prober):
    async def script(wire) -> None:
        await wire.request()
        if len(server.requests) > 1:
            await wire.send(answer())
            await wire.until_gone()
            return
        await wire.send(redirect("/there", content_length="1000000000"))
        while True:
            await wire.send(b"x" * 65536)

    async with serve(script) as server:
        assert (await prober.probe(server.url)).passed


async def test_the_range_goes_along(prober):
    said = answer(BODY, "206 Partial Content", content_range=f"bytes 0-{len(BODY) - 1}/{len(BODY)}")
    async with serve(said) as goal, serve(redirect(f"{goal.origin}/f")) as server:
        assert (await prober.probe(server.url, depth=Depth.RANGE)).passed
    assert goal.header("range") == f"bytes=0-{len(BODY) - 1}"


async def test_a_hop_that_fails_says_where_it_was(prober):
    async with serve(redirect("http://127.0.0.1:9/f")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.CONNECT, Phase.CONNECT)
    assert attempted.download.status is None
    assert attempted.download.url == "http://127.0.0.1:9/f"
    assert [type(hop) for hop in attempted.download.hops] == [Hop]


async def test_a_presigned_goal_that_expired_is_told_apart(prober):
    expired = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
    async with (
        serve(answer(expired, "403 Forbidden")) as goal,
        serve(redirect(f"{goal.origin}/f?X-Amz-Expires=300")) as server,
    ):
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.AUTH_EXPIRED, Phase.WAIT)


async def test_a_captive_portal_is_no_artifact(prober):
    page = answer(b"<html><title>Welcome to the hotel</title>", content_type="text/html")
    async with (
        serve(page) as portal,
        serve(redirect(f"http://localhost:{portal.port}/login")) as server,
    ):
        attempted = await prober.probe(server.url)
        kept_to = await prober.probe(server.url, allowed_hosts=("dl.example.com",))
    assert attempted.failure == (FailureReason.WRONG_CONTENT, Phase.TRANSFER)
    assert attempted.detail == "an HTML page titled 'Welcome to the hotel'"
    assert kept_to.failure == REFUSED
