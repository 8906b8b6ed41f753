"""Rollouts and incidents over a real ledger: what one process saw, the next one goes on from."""

import asyncio
from datetime import timedelta

from probe import series
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Failed, Passed, Proof
from probe.domain.target import Depth, EndpointKind, Probe, Region
from probe.evidence import Ledger, open_reading
from probe.evidence.remembering import remember_incidents, remember_rollouts
from probe.sinks import IncidentSink, LedgerSink, Register, RolloutSink
from tests.builders import NOON, a_product, a_release, a_target, an_endpoint, an_observation
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics

WIDGET = ("widget", "stable")
CDN = an_endpoint("cdn", kind=EndpointKind.CDN)
RELEASE = a_release(published_at=NOON - timedelta(hours=1))
TARGET = a_target(release=RELEASE, endpoint=CDN, region=Region("eu"))
VERDICTS = {
    "p": Passed(Proof.DIGEST),
    "F": Failed(Failure(FailureReason.TIMEOUT, Phase.WAIT)),
}


async def live(directory, clock, verdicts):
    """Run one process that sees *verdicts*, a minute apart; return its metrics and its register."""
    metrics, ledger = FakeMetrics(), Ledger(directory, clock)
    register, rollouts = Register(metrics, clock, ledger), RolloutSink(metrics, clock)
    incidents, book = IncidentSink(register, clock, ledger), LedgerSink(ledger, clock)
    ledger.start(rollouts.sighted)
    try:
        assert await ledger.flush()
        with open_reading(directory) as reading:
            rollouts.restore(remember_rollouts(reading, [WIDGET]))
            incidents.restore(remember_incidents(reading, [WIDGET], clock.now()))
        book.regions = (TARGET.region,)
        book.listed(a_product(CDN), [RELEASE], [RELEASE])
        for sink in (book, rollouts, incidents):
            sink.retarget((a_product(CDN),), [TARGET])
        for letter in verdicts:
            seen = an_observation(
                VERDICTS[letter], probe=Probe(TARGET, Depth.FULL), started_at=clock.now()
            )
            for sink in (book, rollouts, incidents):
                sink.record(seen)
            clock.stall(60)
        incidents.tick()
        assert await ledger.flush()
        # First sights are told of in a turn of the loop of their own.
        await asyncio.sleep(0)
        incidents.tick()
        rollouts.tick()
    finally:
        ledger.close()
    return metrics, list(register.select(lambda _: True))


async def test_processes_one_after_the_other_see_what_one_would(tmp_path):
    verdicts = ["FFp", "FF", "F", "p", "pp", "F" * 2]
    clock = FakeClock()
    for part in verdicts:
        metrics, incidents = await live(tmp_path / "parts", clock, part)
    whole_metrics, whole = await live(tmp_path / "whole", FakeClock(), "".join(verdicts))
    assert incidents == whole
    [incident] = incidents
    assert incident.onset_at == NOON + timedelta(seconds=150, milliseconds=33)
    assert incident.restored_at == NOON + timedelta(seconds=360, milliseconds=33)
    place = (*WIDGET, "1.4.2", "cdn", "eu", "asset")
    for metric in (series.RELEASE_FIRST_AVAILABLE, series.RELEASE_UNCERTAINTY):
        assert metrics.value(metric, *place) == whole_metrics.value(metric, *place)
    first = metrics.value(series.RELEASE_FIRST_AVAILABLE, *place)
    assert first == NOON.timestamp() + 120.033
    counted = (*WIDGET, "timeout:cdn", "false", "probe")
    assert metrics.value(series.INCIDENTS, *counted) == 1.0


async def test_a_release_that_was_there_before_a_restart_did_not_come_later(tmp_path):
    clock = FakeClock()
    before, _ = await live(tmp_path, clock, "Fp")
    clock.stall(86_400)
    after, _ = await live(tmp_path, clock, "p")
    place = (*WIDGET, "1.4.2", "cdn", "eu", "asset")
    first = before.value(series.RELEASE_FIRST_AVAILABLE, *place)
    assert after.value(series.RELEASE_FIRST_AVAILABLE, *place) == first is not None


async def test_the_required_pairs_are_those_of_the_first_process(tmp_path):
    clock = FakeClock()
    await live(tmp_path, clock, "p")
    with open_reading(tmp_path) as reading:
        [published] = remember_rollouts(reading, [WIDGET]).published
    assert published.release == RELEASE
    assert [each.endpoint for each in published.required] == ["cdn"]
