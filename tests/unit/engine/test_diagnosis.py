"""Edge or origin?"""

import pytest

from probe.domain.artifact import MIB
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Download, Failed, Origin
from probe.domain.target import EndpointKind, Probe
from probe.engine.diagnosis import Diagnosis
from probe.engine.lag import LoopLag
from probe.engine.prober import Prober
from probe.engine.ration import Ration
from probe.engine.uplink import Uplink
from tests.builders import (
    a_download,
    a_product,
    a_target,
    an_artifact,
    an_endpoint,
    an_observation,
)
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher, refused, served
from tests.fakes.metrics import FakeMetrics
from tests.fakes.ticker import FakeTicker

MISSING = a_download(b"", status=404)
ORIGIN = an_endpoint("store", "http://origin/{name}", origin=True)
KEYED = {"cache_key_query": True}


class World:
    def __init__(self, *, origin: object = None, past_cache: object = None) -> None:
        clock, metrics = FakeClock(), FakeMetrics()
        self.answers = {"origin": origin, "past cache": past_cache}
        self.fetcher = FakeFetcher(self._answer)
        prober = Prober(
            fetcher=self.fetcher,
            clock=clock,
            uplink=Uplink(self.fetcher, clock, metrics),
            overload=LoopLag(clock, FakeTicker(clock), metrics),
        )
        self.diagnosis = Diagnosis(prober, Ration(clock, metrics))

    def _answer(self, request) -> Download:
        return self.answers["origin" if "origin" in request.url else "past cache"] or served(
            request
        )

    async def locate(
        self, reason=FailureReason.NOT_FOUND, origins=(ORIGIN,), size=None, **fields: object
    ):
        fields = {"kind": EndpointKind.CDN} | fields
        endpoint = an_endpoint("cdn", "http://cdn/{name}", **fields)
        self.diagnosis.retarget([a_product(*origins, endpoint)])
        artifact = an_artifact(size=size) if size else an_artifact()
        probe = Probe(a_target(artifact=artifact, endpoint=endpoint))
        failed = Failed(Failure(reason, Phase.WAIT))
        return await self.diagnosis.origin_of(an_observation(failed, probe=probe))


async def test_an_origin_that_is_good_puts_the_fault_at_the_edge():
    assert await World().locate() is Origin.EDGE


async def test_an_origin_that_fails_too_has_the_fault():
    assert await World(origin=MISSING).locate() is Origin.ORIGIN


async def test_a_copy_that_is_good_past_its_cache_has_the_fault():
    world = World(origin=MISSING)
    assert await world.locate(**KEYED) is Origin.EDGE
    assert world.fetcher.urls == ["http://cdn/widget_1.4.2_linux_amd64.tar.gz?probe=01JPROBE"]


async def test_a_copy_that_is_bad_past_its_cache_leaves_it_to_the_origin():
    assert await World(past_cache=MISSING).locate(**KEYED) is Origin.EDGE
    assert await World(past_cache=MISSING, origin=MISSING).locate(**KEYED) is Origin.ORIGIN


async def test_without_an_origin_nothing_is_known():
    world = World()
    assert await world.locate(origins=()) is Origin.UNKNOWN
    assert world.fetcher.requests == []


async def test_an_origin_that_this_region_does_not_probe_is_not_asked():
    elsewhere = an_endpoint("store", "http://origin/{name}", origin=True, regions=("us",))
    assert await World().locate(origins=(elsewhere,)) is Origin.UNKNOWN


async def test_a_failure_at_the_origin_itself_needs_no_asking():
    world = World()
    assert await world.locate(kind=EndpointKind.S3) is Origin.UNKNOWN
    assert world.fetcher.requests == []


async def test_a_bug_on_our_side_proves_nothing():
    assert await World(origin=RuntimeError("boom")).locate() is Origin.UNKNOWN


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (FailureReason.NOT_FOUND, Origin.EDGE),
        (FailureReason.CHECKSUM_MISMATCH, Origin.UNKNOWN),
        (FailureReason.STALE, Origin.UNKNOWN),
    ],
)
async def test_a_large_artifact_is_asked_for_its_head_which_clears_no_bytes(reason, expected):
    world = World(origin=a_download(b""))
    assert await world.locate(reason, size=20 * MIB) is expected
    assert [request.method for request in world.fetcher.requests] == ["HEAD"]


async def test_an_unreachable_origin_is_a_failing_origin():
    assert await World(origin=refused()).locate() is Origin.ORIGIN
