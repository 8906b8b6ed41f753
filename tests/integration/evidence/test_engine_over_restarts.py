"""What one process read in full, the next one does not read again before it is due."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.artifact import KIB
from probe.domain.target import EndpointKind
from probe.evidence import Ledger, open_reading
from probe.evidence.remembering import remember_last_full
from probe.sinks import LedgerSink
from tests.builders import NOON, a_product, a_release, an_artifact, an_endpoint, sha256
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import served
from tests.unit.engine.world import FakeSource, World

BODY = b"\x1f\x8b" + bytes(3 * KIB)
BOUNDS = {"full_below_bytes": KIB, "interval_seconds": 60.0}
ORIGIN = an_endpoint("origin", "http://origin/{name}", origin=True, **BOUNDS)
CDN = an_endpoint("cdn", "http://cdn/{name}", kind=EndpointKind.CDN, **BOUNDS)
FILES = tuple(an_artifact(f"widget-{number}.tar.gz", BODY) for number in range(12))
URLS = [f"http://{host}/{file.name}" for host in ("origin", "cdn") for file in FILES]
DAY, MINUTES = timedelta(days=1), timedelta(minutes=3)


class Service:
    """An engine with a ledger, one process after the other on one clock."""

    def __init__(self, directory, published_at):
        self.directory, self.clock = directory, FakeClock()
        self.release = a_release("1.4.2", *FILES, published_at=published_at)
        self.answer = right

    async def live(self, time):
        """Run one process for *time*; return how often each URL was asked for in full."""
        world = World(
            source=FakeSource(self.release), product=a_product(ORIGIN, CDN), clock=self.clock
        )
        world.fetcher.answer = self.answer
        ledger = Ledger(self.directory, self.clock)
        ledger.start()
        assert await ledger.flush()
        book = LedgerSink(ledger, self.clock)
        world.sink.record, world.sink.retarget = book.record, book.retarget
        engine = world.engine()
        with open_reading(self.directory) as reading:
            known = remember_last_full(reading, [world.product.key], self.clock.now())
        engine.remember({}, known)
        engine.start()
        await self.clock.advance(time.total_seconds())
        await engine.drain(0)
        ledger.close()
        asked = world.fetcher.requests
        return Counter(
            each.url for each in asked if each.method == "GET" and each.byte_range is None
        )


def right(request):
    return replace(served(request, BODY), digests=(sha256(BODY),))


def broken(request):
    return replace(right(request), digests=(sha256(b"another"),))


@pytest.fixture
def service(tmp_path):
    return Service(tmp_path, NOON)


async def test_a_new_release_that_was_proven_is_not_read_again(service):
    assert await service.live(MINUTES) == dict.fromkeys(URLS, 1)
    assert await service.live(MINUTES) == {}


async def test_each_file_is_read_once_a_day_and_what_was_missed_is_made_up_for(service):
    await service.live(MINUTES)
    read = Counter()
    for _ in range(3):
        service.clock.stall(DAY.total_seconds() / 3)
        some = await service.live(MINUTES)
        assert 0 < len(some) < len(URLS)
        read += some
    assert read == dict.fromkeys(URLS, 1)


async def test_what_failed_is_read_again_before_its_day_is_over(service):
    service.answer = broken
    assert (await service.live(MINUTES)).keys() == set(URLS)
    service.clock.stall(DAY.total_seconds())
    assert (await service.live(MINUTES)).keys() == set(URLS)
    service.answer = right
    assert await service.live(MINUTES) == {}
    service.clock.stall(3600)
    assert await service.live(MINUTES) == dict.fromkeys(URLS, 1)
