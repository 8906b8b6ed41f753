"""What takes too long, where; and that no time is lost or made up."""

import asyncio
import socket
from dataclasses import replace
from datetime import timedelta

import pytest

from probe.clock import SystemClock
from probe.domain.failure import FailureReason, Phase
from probe.domain.observation import Timings
from probe.domain.target import Depth, Egress, Limits
from probe.transport import open_transport
from tests.builders import BODY, an_artifact
from tests.integration.transport.faults import answer, redirect, serve
from tests.integration.transport.prober import HASTY, Prober

HUGE = an_artifact("widget.bin", size=10_000_000, digests=())


def timeout_in(phase: Phase) -> tuple[FailureReason, Phase]:
    return (FailureReason.TIMEOUT, phase)


class StepClock(SystemClock):
    """Every reading is one second after the one before, while the wall clock runs backwards."""

    def __init__(self) -> None:
        self.seconds = 0

    def monotonic(self) -> float:
        self.seconds += 1
        return float(self.seconds)

    def now(self):
        return super().now() - timedelta(days=self.seconds)


@pytest.fixture
async def stepped(trust):
    async with open_transport(StepClock(), trust) as transport:
        yield Prober(transport.fetcher)


@pytest.fixture
def full_backlog():
    """A port whose queue of connections is full: the system drops every further SYN."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        address = server.getsockname()
        waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(address)
            waiting.append(client)
        yield address[1]
        for client in waiting:
            client.close()


@pytest.fixture
def silent_nameserver():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{server.getsockname()[1]}"


async def test_a_name_that_takes_too_long_is_a_timeout_of_resolving(prober, silent_nameserver):
    egress = Egress(nameservers=(silent_nameserver,))
    attempted = await prober.probe("http://slow.test/f", egress=egress, limits=HASTY)
    assert attempted.failure == timeout_in(Phase.RESOLVE)
    assert attempted.detail == "no address within 0.3 s"
    assert attempted.phases == {Phase.RESOLVE}


async def test_a_packet_dropped_is_a_timeout_of_connecting(prober, full_backlog):
    url = f"http://127.0.0.1:{full_backlog}/f"
    attempted = await prober.probe(url, limits=HASTY)
    assert attempted.failure == timeout_in(Phase.CONNECT)
    assert attempted.detail == "no connection within 0.3 s"
    assert attempted.phases == {Phase.CONNECT}


async def test_a_handshake_that_takes_too_long_is_a_timeout_of_tls(prober):
    async def script(wire) -> None:
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url.replace("http:", "https:"), limits=HASTY)
    assert attempted.failure == timeout_in(Phase.TLS)
    assert attempted.detail == "no end of the TLS handshake within 0.3 s"
    assert attempted.phases == {Phase.CONNECT, Phase.TLS}


async def test_no_first_byte_is_a_timeout_of_waiting(prober):
    async def script(wire) -> None:
        await wire.request()
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url, limits=HASTY)
    assert attempted.failure == timeout_in(Phase.WAIT)
    assert attempted.detail == "no answer within 0.3 s"
    assert attempted.phases == {Phase.CONNECT, Phase.WAIT}
    assert len(server.requests) == 1


async def test_headers_that_never_end_are_a_timeout_of_waiting(prober):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(b"HTTP/1.1 200 OK\r\nX-A: 1\r\n")
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url, limits=HASTY)
    assert attempted.failure == timeout_in(Phase.WAIT)


async def test_a_body_that_stands_still_is_a_timeout_of_the_transfer(prober):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(answer(BODY, content_length="10000000"))
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url, HUGE, limits=HASTY)
    assert attempted.failure == timeout_in(Phase.TRANSFER)
    assert attempted.detail == "no byte for 0.4 s"
    assert attempted.download.bytes_received == len(BODY)
    assert attempted.download.status == 200
    assert attempted.download.timings.transfer is not None


async def drip(wire) -> None:
    await wire.request()
    await wire.send(answer(b"", content_length="10000000"))
    gone = asyncio.ensure_future(wire.until_gone())
    while not gone.done():
        await wire.send(b"x")
        await asyncio.wait([gone], timeout=0.02)


async def test_a_body_that_drips_is_a_timeout_of_the_transfer(prober):
    async with serve(drip) as server:
        limits = replace(HASTY, minimum_rate=10_000)
        attempted = await prober.probe(server.url, HUGE, limits=limits)
    assert attempted.failure == timeout_in(Phase.TRANSFER)
    assert attempted.detail == "under 10000 bytes/s for 0.4 s"
    assert attempted.download.bytes_received > 0


async def test_a_body_may_drip_where_no_rate_is_asked_for_until_all_time_is_up(prober):
    async with serve(drip) as server:
        limits = replace(HASTY, total_seconds=0.7)
        attempted = await prober.probe(server.url, HUGE, limits=limits)
    assert attempted.failure == timeout_in(Phase.TRANSFER)
    assert attempted.detail == "not done within 0.7 s"


async def test_all_time_may_be_up_before_a_phase_is(prober):
    async def script(wire) -> None:
        await wire.request()
        await wire.until_gone()

    async with serve(script) as server:
        limits = Limits(first_byte_seconds=60, total_seconds=0.3)
        attempted = await prober.probe(server.url, limits=limits)
    assert attempted.failure == timeout_in(Phase.WAIT)
    assert attempted.detail == "not done within 0.3 s"


async def test_an_error_page_that_stands_still_does_not_hide_the_status(prober):
    async def script(wire) -> None:
        await wire.request()
        await wire.send(answer(b"", "503 Service Unavailable", content_length="100"))
        await wire.until_gone()

    async with serve(script) as server:
        attempted = await prober.probe(server.url, limits=HASTY)
    assert attempted.failure == (FailureReason.HTTP_5XX, Phase.WAIT)


async def test_the_phases_sum_to_the_whole(stepped, tls):
    """The clock ticks once for each mark, so an attempt lasts its marks less one."""
    async with serve(answer(), tls=tls) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        attempted = await stepped.probe(url)
    timings = attempted.download.timings
    assert timings == Timings(resolve=1, connect=1, tls=1, wait=1, transfer=1)
    assert timings.total == 5 == stepped.fetcher._clock.seconds - 1


async def test_earlier_hops_are_counted_once_in_the_whole(stepped):
    async with serve(answer()) as goal, serve(redirect(f"{goal.origin}/f")) as server:
        attempted = await stepped.probe(server.url)
    timings = attempted.download.timings
    assert timings == Timings(connect=1, wait=1, redirect=2, transfer=1)
    assert timings.total == stepped.fetcher._clock.seconds - 1


async def test_a_failed_attempt_has_the_time_it_took(stepped):
    attempted = await stepped.probe("http://127.0.0.1:9/f")
    assert attempted.download.timings == Timings(connect=1)


async def test_without_a_body_nothing_is_transferred(stepped):
    async with serve(answer(b"", content_length=str(len(BODY)))) as server:
        attempted = await stepped.probe(server.url, depth=Depth.HEAD)
    assert attempted.download.timings == Timings(connect=1, wait=1)


async def test_phases_that_were_not_reached_are_absent(prober):
    attempted = await prober.probe("http://127.0.0.1:9/f")
    assert attempted.phases == {Phase.CONNECT}
    assert attempted.download.timings.resolve is None
    assert attempted.download.timings.wait is None


async def test_an_attempt_cancelled_is_neither_success_nor_failure(prober):
    """It gives no download at all; whoever cancels says what became of the target."""
    begun = asyncio.Event()

    async def script(wire) -> None:
        await wire.request()
        begun.set()
        await wire.until_gone()

    async with serve(script) as server:
        attempt = asyncio.ensure_future(prober.probe(server.url))
        await begun.wait()
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
