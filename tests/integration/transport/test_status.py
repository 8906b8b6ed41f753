"""Which statuses are a download, and what the others say."""

import pytest

from probe.domain.failure import FailureReason, Phase
from probe.domain.target import Depth
from tests.builders import BODY
from tests.integration.transport.faults import answer, serve

EXPIRED = (
    b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message>"
    b"<X-Amz-Expires>300</X-Amz-Expires></Error>"
)


async def test_status_200_is_a_download(prober):
    async with serve(answer()) as server:
        assert (await prober.probe(server.url)).passed


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("201 Created", FailureReason.WRONG_CONTENT),
        ("206 Partial Content", FailureReason.SIZE_MISMATCH),
        ("299 Odd", FailureReason.WRONG_CONTENT),
        ("300 Multiple Choices", FailureReason.WRONG_CONTENT),
        ("304 Not Modified", FailureReason.WRONG_CONTENT),
        ("400 Bad Request", FailureReason.HTTP_4XX),
        ("401 Unauthorized", FailureReason.AUTH_DENIED),
        ("403 Forbidden", FailureReason.AUTH_DENIED),
        ("404 Not Found", FailureReason.NOT_FOUND),
        ("410 Gone", FailureReason.NOT_FOUND),
        ("416 Range Not Satisfiable", FailureReason.HTTP_4XX),
        ("429 Too Many Requests", FailureReason.RATE_LIMITED),
        ("500 Internal Server Error", FailureReason.HTTP_5XX),
        ("503 Service Unavailable", FailureReason.HTTP_5XX),
    ],
)
async def test_every_other_status_has_its_reason(prober, status, reason):
    body = b"" if status.startswith("304") else BODY
    async with serve(answer(body, status)) as server:
        attempted = await prober.probe(server.url)
    phase = Phase.TRANSFER if reason is FailureReason.SIZE_MISMATCH else Phase.WAIT
    assert attempted.failure == (reason, phase)
    assert attempted.download.status == int(status[:3])


@pytest.mark.parametrize("retry_after", ["120", "Fri, 21 Aug 2026 12:00:00 GMT"])
async def test_a_rate_limit_keeps_when_to_come_back(prober, retry_after):
    said = answer(b"", "429 Too Many Requests", retry_after=retry_after)
    async with serve(said) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.RATE_LIMITED, Phase.WAIT)
    assert attempted.download.headers["retry-after"] == retry_after
    assert len(server.requests) == 1


async def test_a_presigned_url_that_expired_is_not_a_denial(prober):
    async with serve(answer(EXPIRED, "403 Forbidden")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.AUTH_EXPIRED, Phase.WAIT)


async def test_two_ways_of_authenticating_at_once_are_a_bad_request(prober):
    said = answer(b"<Error><Code>InvalidArgument</Code></Error>", "400 Bad Request")
    async with serve(said) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.HTTP_4XX, Phase.WAIT)
    assert attempted.detail == "status 400 (InvalidArgument)"


async def test_an_endpoint_may_name_the_status_it_gives_for_what_is_missing(prober):
    async with serve(answer(b"", "403 Forbidden")) as server:
        attempted = await prober.probe(server.url, missing_status=frozenset({403}))
    assert attempted.failure == (FailureReason.NOT_FOUND, Phase.WAIT)


async def test_the_length_of_an_error_is_known_too(prober):
    async with serve(answer(b"gone", "404 Not Found")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.download.headers["content-length"] == "4"
    assert attempted.download.bytes_received == 4
    assert attempted.download.sample == b"gone"


async def test_of_an_error_no_more_than_64_kib_are_read(prober):
    async with serve(answer(b"x" * 1_000_000, "500 Internal Server Error")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.failure == (FailureReason.HTTP_5XX, Phase.WAIT)
    assert attempted.download.bytes_received == 65536
    assert not attempted.download.complete


async def test_an_error_with_a_page_is_told_by_its_title(prober):
    page = b"<html><title>Bad \x1b[31mgateway</title>"
    async with serve(answer(page, "502 Bad Gateway", content_type="text/html")) as server:
        attempted = await prober.probe(server.url)
    assert attempted.detail == "status 502 (Bad [31mgateway)"


async def test_interim_answers_are_passed_over(prober):
    interim = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
    async with serve(interim + answer()) as server:
        assert (await prober.probe(server.url)).passed


async def test_http_1_0_is_good_enough(prober):
    said = b"HTTP/1.0 200 OK\r\n\r\n" + BODY

    async def script(wire) -> None:
        await wire.request()
        await wire.send(said)

    async with serve(script) as server:
        assert (await prober.probe(server.url)).passed


async def test_what_is_asked_is_plain_http_1_1(prober):
    async with serve(answer()) as server:
        await prober.probe(server.url)
    assert server.requests[0].startswith(b"GET /1.4.2/widget_1.4.2_linux_amd64.tar.gz HTTP/1.1\r\n")


async def test_head_asks_for_no_body(prober):
    said = answer(b"", content_length=str(len(BODY)))
    async with serve(said) as server:
        attempted = await prober.probe(server.url, depth=Depth.HEAD)
    assert attempted.passed
    assert server.method() == "HEAD"
    assert Phase.TRANSFER not in attempted.phases


async def test_head_that_announces_another_length_is_a_size_mismatch(prober):
    async with serve(answer(b"", content_length="7")) as server:
        attempted = await prober.probe(server.url, depth=Depth.HEAD)
    assert attempted.failure == (FailureReason.SIZE_MISMATCH, Phase.WAIT)


@pytest.mark.parametrize("credentials", ["Basic cHJvYmU6aHVzaA==", "Bearer hush"])
async def test_credentials_are_those_that_the_server_wants(prober, credentials):
    async def script(wire):
        await wire.request()
        known = server.header("authorization", len(server.requests) - 1) == credentials
        await wire.send(answer() if known else answer(b"", "401 Unauthorized"))
        await wire.until_gone()

    async with serve(script) as server:
        with_them = await prober.probe(server.url, headers={"Authorization": credentials})
        without = await prober.probe(server.url)
    assert with_them.passed
    assert without.failure == (FailureReason.AUTH_DENIED, Phase.WAIT)
