"""The engine as a whole, on fakes: what happens from start to drain."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from probe.domain.artifact import MIB
from probe.domain.observation import Passed, Proof
from probe.domain.schedule import MICROSECONDS, next_due_us, phase_us
from probe.domain.target import Depth, DepthPolicy, Endpoint, EndpointKind, Limits, Region
from probe.engine.refresh import Feed
from probe.series import (
    BUDGET_REMAINING,
    PROBE_LATE,
    PROBE_SKIPPED,
    PROBER_LAST_CYCLE,
    PROBES_IN_FLIGHT,
    TARGETS,
)
from tests.builders import (
    NOON,
    a_download,
    a_product,
    a_release,
    an_artifact,
    an_endpoint,
    sha256,
)
from tests.fakes.clock import settle
from tests.fakes.fetcher import served
from tests.unit.engine.world import EU, FakeSink, FakeSource, World, told

OLD = NOON - timedelta(days=30)
MISSING = a_download(b"", status=404)
ORIGIN = an_endpoint("origin", "http://origin/{name}", origin=True)
CDN = an_endpoint("cdn", "http://cdn/{name}", kind=EndpointKind.CDN)


def old_world(*endpoints: Endpoint, **fields: object) -> World:
    fields.setdefault("source", FakeSource(a_release(published_at=OLD)))
    return World(product=a_product(*endpoints), **fields)  # type: ignore[arg-type]


async def finish(world, engine):
    drain = asyncio.ensure_future(engine.drain(0))
    await world.clock.advance(0)
    await drain


async def test_every_target_is_probed_once_an_interval():
    world = old_world(ORIGIN, CDN)
    engine = world.engine()
    engine.start()
    await world.clock.advance(60)
    assert sorted(told(each) for each in world.sink.observations) == ["full passed"] * 2
    await world.clock.advance(120)
    assert len(world.sink.observations) == 6
    await finish(world, engine)


async def test_who_is_due_before_the_first_slot_is_asked_before_it():
    mirrors = (an_endpoint(f"mirror-{number}", "http://m/{name}") for number in range(300))
    world = old_world(ORIGIN, *mirrors)
    now = int(NOON.timestamp() * MICROSECONDS)
    slot = next_due_us(phase_us("slot", MICROSECONDS), MICROSECONDS, now)
    engine = world.engine()
    engine.start()
    await world.clock.advance((slot - now) / MICROSECONDS - 0.001)
    assert world.fetcher.requests
    await finish(world, engine)


async def test_the_engine_is_ready_with_the_first_catalog():
    world = old_world()
    engine = world.engine()
    assert not engine.ready
    engine.start()
    await settle()
    assert engine.ready
    assert [target.key for target in engine.targets] == [
        "widget/stable/1.4.2/widget_1.4.2_linux_amd64.tar.gz@origin/eu-west-1"
    ]
    assert engine.target(engine.targets[0].key) is engine.targets[0]
    assert engine.target("nobody") is None
    assert [*engine.snapshot.kept] == [("widget", "stable")]
    await finish(world, engine)


async def test_the_engine_shows_that_it_works():
    world = old_world(ORIGIN, CDN)
    engine = world.engine(bytes_per_day=MIB)
    engine.start()
    await world.clock.advance(10)
    region = EU.name
    assert world.metrics.value(TARGETS, region) == 2
    assert world.metrics.value(PROBES_IN_FLIGHT, region) == 0
    assert world.metrics.value(PROBE_LATE, region) == 0
    assert (world.metrics.value(PROBER_LAST_CYCLE, region) or 0) > NOON.timestamp() + 8
    for reason in ("overlap", "overload", "budget", "before_origin"):
        assert world.metrics.value(PROBE_SKIPPED, region, reason) == 0
    assert (world.metrics.value(BUDGET_REMAINING, "widget", "stable", "cdn") or 0) > 0
    await finish(world, engine)


async def test_a_new_release_is_watched_and_seen_within_seconds():
    world = old_world(replace(ORIGIN, interval_seconds=600.0))
    engine = world.engine()
    engine.start()
    await world.clock.advance(1)
    fresh = a_release("2.0", published_at=NOON)
    world.source.listed = (fresh, a_release(published_at=OLD))
    await engine.refresh()
    await world.clock.advance(15)
    versions = [each.probe.target.release.version for each in world.sink.observations]
    assert "2.0" in versions
    await finish(world, engine)


async def test_a_copy_is_not_asked_before_the_origin_has_the_file():
    world = World(product=a_product(ORIGIN, CDN))
    world.fetcher.answer = lambda request: MISSING
    engine = world.engine()
    engine.start()
    await world.clock.advance(120)
    assert not [url for url in world.fetcher.urls if "cdn" in url]
    assert (world.metrics.value(PROBE_SKIPPED, EU.name, "before_origin") or 0) > 1
    world.fetcher.answer = served
    await world.clock.advance(120)
    assert [url for url in world.fetcher.urls if "cdn" in url]
    await finish(world, engine)


async def test_a_dead_origin_does_not_hold_a_copy_for_ever():
    world = World(product=a_product(ORIGIN, CDN))
    world.fetcher.answer = lambda request: MISSING
    engine = world.engine()
    engine.start()
    await world.clock.advance(29 * 60)
    assert not [url for url in world.fetcher.urls if "cdn" in url]
    await world.clock.advance(3 * 60)
    assert [url for url in world.fetcher.urls if "cdn" in url]
    await finish(world, engine)


async def test_a_copy_of_an_older_release_is_not_held():
    world = old_world(ORIGIN, CDN)
    world.fetcher.answer = lambda request: MISSING
    engine = world.engine()
    engine.start()
    await world.clock.advance(61)
    assert [url for url in world.fetcher.urls if "cdn" in url]
    await finish(world, engine)


async def test_a_large_new_artifact_is_proven_in_full_at_once():
    body = b"\x1f\x8b" + bytes(3 * MIB)
    artifact = an_artifact("widget.tar.gz", body)
    world = World(
        source=FakeSource(a_release("1.4.2", artifact)),
        product=a_product(replace(ORIGIN, full_below_bytes=MIB)),
    )
    world.fetcher.answer = lambda request: replace(served(request, body), digests=(sha256(body),))
    engine = world.engine()
    engine.start()
    await world.clock.advance(16)
    assert world.sink.said() == ["head passed", "range passed", "range passed", "full passed"]
    await finish(world, engine)


async def test_a_sink_that_fails_starves_no_other():
    class Broken:
        def record(self, observation) -> None:
            raise RuntimeError("boom")

    world = old_world()
    engine = world.engine()
    with engine._fanout.listening(Broken()):
        engine._fanout._sinks.reverse()
        engine.start()
        await world.clock.advance(60)
    assert world.sink.said() == ["full passed"]
    await finish(world, engine)


async def test_the_plan_is_told_once_for_each_change():
    world = old_world()
    engine = world.engine()
    engine.start()
    await world.clock.advance(1)
    await engine.refresh()
    await engine.refresh()
    assert len(world.sink.plans) == 1
    world.source.listed = (a_release("2.0", published_at=OLD),)
    await engine.refresh()
    assert world.sink.plans[1] == (
        "widget/stable/2.0/widget_2.0_linux_amd64.tar.gz@origin/eu-west-1",
    )
    await finish(world, engine)


async def test_what_was_seen_is_told_before_the_plan_in_which_it_is_gone():
    heard: list[str] = []

    class Order(FakeSink):
        def record(self, observation) -> None:
            heard.append(observation.probe.target.release.version)

        def retarget(self, products, targets) -> None:
            heard.append(f"plan of {targets[0].release.version}")

    world = old_world(sink=Order())
    engine = world.engine()
    engine.start()
    await world.clock.advance(1)
    (state,) = engine._roster
    await world.clock.advance(state.due_us / 1e6 - world.clock.now().timestamp())
    world.source.listed = (a_release("2.0", published_at=OLD),)
    await engine.refresh()
    assert heard == ["plan of 1.4.2", "1.4.2", "plan of 2.0"]
    await finish(world, engine)


async def test_a_reload_keeps_the_state_of_what_stays():
    world = old_world(ORIGIN)
    engine = world.engine()
    engine.start()
    await world.clock.advance(30)
    (state,) = engine._roster
    due = state.due_us
    product = a_product(replace(ORIGIN, required=False), CDN)
    await engine.reassign(world.assignment(feeds=(Feed(product, world.source, "manifest"),)))
    assert engine._roster.get(state.target.key) is state
    assert not state.target.endpoint.required
    assert state.due_us == due
    assert [target.endpoint.name for target in engine.targets] == ["origin", "cdn"]
    await finish(world, engine)


async def test_a_reload_drops_products_and_regions():
    world = old_world()
    engine = world.engine()
    engine.start()
    await world.clock.advance(1)
    await engine.reassign(world.assignment(feeds=(), regions=(Region("us"),)))
    assert engine.targets == ()
    assert world.sink.plans[-1] == ()
    assert world.metrics.value(TARGETS, "eu-west-1") is None
    assert world.ticker.names == {"slot", "budget", "control targets"}
    await finish(world, engine)


async def test_a_reload_to_another_region_replans():
    world = old_world()
    engine = world.engine()
    engine.start()
    await world.clock.advance(1)
    await engine.reassign(world.assignment(regions=(EU, Region("us"))))
    assert [target.region.name for target in engine.targets] == ["eu-west-1", "us"]
    assert world.metrics.value(TARGETS, "us") == 1
    await finish(world, engine)


async def test_probing_once_needs_no_schedule():
    world = old_world(ORIGIN, CDN)
    engine = world.engine()
    await engine.refresh()
    seen: list[str] = []
    held = await engine.probe_all(lambda each: seen.append(each.probe.target.endpoint.name))
    assert (sorted(seen), held) == (["cdn", "origin"], ())
    assert len(world.sink.observations) == 2
    await finish(world, engine)


async def test_probing_once_asks_the_origins_of_a_new_release_first():
    world = World(product=a_product(CDN, ORIGIN))
    engine = world.engine()
    await engine.refresh()
    seen: list[str] = []
    await engine.probe_all(lambda each: seen.append(each.probe.target.endpoint.name))
    assert seen == ["origin", "cdn"]
    await finish(world, engine)


async def test_probing_once_names_the_copies_that_must_wait():
    world = World(product=a_product(CDN, ORIGIN))
    world.fetcher.answer = lambda request: MISSING
    engine = world.engine()
    await engine.refresh()
    held = await engine.probe_all(lambda each: None)
    assert [target.endpoint.name for target in held] == ["cdn"]
    assert world.metrics.value(PROBE_SKIPPED, EU.name, "before_origin") == 1
    await finish(world, engine)


async def test_a_probe_on_demand_is_for_the_caller_alone():
    world = old_world(ORIGIN)
    engine = world.engine(bytes_per_day=1000)
    await engine.refresh()
    observation = await engine.probe_now(engine.targets[0], limits=Limits(total_seconds=3.0))
    assert observation.verdict == Passed(Proof.DIGEST)
    assert world.fetcher.requests[0].endpoint.limits.total_seconds == 3.0
    assert world.sink.observations == []
    engine._ration.publish()
    left = world.metrics.value(BUDGET_REMAINING, "widget", "stable", "origin")
    assert left == 1000 - observation.download.bytes_received
    await finish(world, engine)


async def test_a_probe_on_demand_goes_as_deep_as_it_is_told():
    world = old_world(ORIGIN)
    engine = world.engine()
    await engine.refresh()
    observation = await engine.probe_now(engine.targets[0], Depth.HEAD)
    assert told(observation) == "head passed"
    await finish(world, engine)


async def test_a_drain_records_what_it_cancels():
    world = old_world()
    engine = world.engine()
    engine.start()
    world.fetcher.gate.clear()
    await world.clock.advance(60)
    drain = asyncio.ensure_future(engine.drain(30))
    await world.clock.advance(30)
    await drain
    assert world.sink.said() == ["full inconclusive cancelled"]


async def test_a_drain_lets_what_is_under_way_end():
    world = old_world()
    engine = world.engine()
    engine.start()
    world.fetcher.gate.clear()
    await world.clock.advance(60)
    drain = asyncio.ensure_future(engine.drain(30))
    await world.clock.advance(5)
    world.fetcher.gate.set()
    await drain
    assert world.sink.said() == ["full passed"]
    assert world.metrics.value(PROBE_SKIPPED, EU.name, "overlap") == 0


async def test_control_targets_are_asked_at_intervals():
    world = old_world()
    engine = world.engine(controls=("http://control/",))
    engine.start()
    await world.clock.advance(65)
    assert 3 <= world.fetcher.urls.count("http://control/") <= 4
    await finish(world, engine)


async def test_a_reload_to_a_policy_of_full_reads_large_artifacts_in_full_at_once():
    body = b"\x1f\x8b" + bytes(3 * MIB)
    release = a_release("1.4.2", an_artifact("widget.tar.gz", body), published_at=OLD)
    light = replace(ORIGIN, full_below_bytes=MIB)
    world = World(source=FakeSource(release), product=a_product(light))
    world.fetcher.answer = lambda request: replace(served(request, body), digests=(sha256(body),))
    engine = world.engine()
    engine.start()
    await world.clock.advance(60)
    assert world.sink.said() == ["head passed", "range passed", "range passed"]
    product = a_product(replace(light, depth=DepthPolicy.FULL))
    await engine.reassign(world.assignment(feeds=(Feed(product, world.source, "manifest"),)))
    await world.clock.advance(60)
    assert world.sink.said()[3:] == ["head passed", "range passed", "range passed", "full passed"]
    await finish(world, engine)


async def test_a_reload_of_nothing_but_the_budget_changes_the_budget():
    world = old_world()
    engine = world.engine(bytes_per_day=MIB)
    await engine.refresh()
    assert world.metrics.value(BUDGET_REMAINING, "widget", "stable", "origin") == MIB
    await engine.reassign(world.assignment(bytes_per_day=2 * MIB))
    assert world.metrics.value(BUDGET_REMAINING, "widget", "stable", "origin") == 2 * MIB
    await engine.reassign(world.assignment())
    assert world.metrics.value(BUDGET_REMAINING, "widget", "stable", "origin") is None
    await finish(world, engine)
