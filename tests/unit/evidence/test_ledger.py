"""What is recorded is on file, counted once, over restarts too."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from probe.domain.bucket import BUCKET_MS, Tally
from probe.domain.depth import LastFull
from probe.domain.evidence import (
    LastHeard,
    Pair,
    Published,
    Segment,
    SightedKind,
    Sighting,
    Window,
)
from probe.domain.moment import from_ms, to_ms
from probe.domain.target import Depth
from probe.evidence import Bounds, Ledger
from probe.sketch import bin_of
from tests.builders import NOON, a_release, a_target, an_artifact, an_endpoint
from tests.fakes.clock import FakeClock
from tests.ledgers import (
    ALL_DAY,
    TARGET,
    TIMEOUT,
    a_ledger,
    an_attempt,
    filled,
    last_full,
    read,
    total,
)


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def the_sighting(**fields: datetime):
    place = ("widget", "stable", "1.4.2", SightedKind.ASSET, TARGET.artifact.name)
    digest = TARGET.artifact.digests[0]
    return Sighting(*place, "origin", "eu-west-1", **fields, digest=digest, matched=True)


async def test_attempts_fill_the_bucket_that_they_end_in(tmp_path):
    await filled(tmp_path, an_attempt(0), an_attempt(60, passed=False), an_attempt(310))
    timeline = read(tmp_path, lambda reading: reading.timeline(TARGET.key, ALL_DAY))
    durations = {bin_of(0.5): 1}
    assert timeline == {
        NOON: Tally(2, 1, 2, 1, 0, 60_000, 180_000, 200, {TIMEOUT: 1}, durations),
        after(300): Tally(1, 1, 1, 1, 0, 0, 0, 100, {}, durations),
    }


async def test_counts_are_told_apart_by_segment(tmp_path):
    cdn = a_target(endpoint=an_endpoint("cdn", auth_mode="basic"))
    await filled(tmp_path, an_attempt(), an_attempt(target=cdn), an_attempt(target=cdn, at=1))
    counted = read(tmp_path, lambda reading: reading.tallies("widget", "stable", ALL_DAY))
    artifact = TARGET.artifact
    of_cdn = Segment(
        "widget",
        "stable",
        "1.4.2",
        "cdn",
        cdn.endpoint.kind,
        "eu-west-1",
        artifact.asset_class,
        artifact.size_tier,
        "basic",
    )
    assert {segment.endpoint: tally.attempts for segment, tally in counted.by_segment.items()} == {
        "origin": 1,
        "cdn": 2,
    }
    assert counted.by_segment[of_cdn].attempts == 2
    assert counted.total.attempts == 3


async def test_another_product_is_not_counted_in(tmp_path):
    other = a_target(product="gadget")
    await filled(tmp_path, an_attempt(), an_attempt(target=other))
    assert total(tmp_path).attempts == 1


async def test_a_bucket_goes_on_after_a_restart(tmp_path):
    await filled(tmp_path, an_attempt(0), an_attempt(60))
    await filled(tmp_path, an_attempt(120), an_attempt(180, passed=False))
    [tally] = read(tmp_path, lambda reading: reading.timeline(TARGET.key, ALL_DAY)).values()
    assert (tally.attempts, tally.verified, tally.up_ms, tally.known_ms) == (4, 3, 180_000, 180_000)
    assert tally.durations == {bin_of(0.5): 3}


async def test_the_first_sight_is_announced_once_with_the_last_miss_before_it(tmp_path):
    announced = []
    ledger = Ledger(tmp_path, FakeClock())
    ledger.start(announced.extend)
    ledger.record(an_attempt(0, passed=False))
    ledger.record(an_attempt(15))
    ledger.record(an_attempt(30))
    assert await ledger.flush()
    await asyncio.sleep(0)
    expected = the_sighting(first_at=after(15), last_miss_at=NOON)
    assert announced == [expected]
    ledger.close()
    sightings = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.4.2"))
    assert sightings == (expected,)


async def test_a_restart_invents_no_first_sight(tmp_path):
    await filled(tmp_path, an_attempt(0, passed=False), an_attempt(15))
    announced = []
    ledger = Ledger(tmp_path, FakeClock())
    ledger.start(announced.extend)
    ledger.record(an_attempt(6000))
    assert await ledger.flush()
    await asyncio.sleep(0)
    ledger.close()
    assert announced == []
    sightings = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.4.2"))
    assert sightings == (the_sighting(first_at=after(15), last_miss_at=NOON),)


async def test_a_file_that_is_published_anew_is_neither_sighted_again_nor_still_verified(tmp_path):
    anew = a_target(artifact=an_artifact(body=b"built again"))
    await filled(tmp_path, an_attempt(0))
    announced = []
    ledger = Ledger(tmp_path, FakeClock())
    ledger.start(announced.extend)
    ledger.record(an_attempt(60, depth=Depth.HEAD, target=anew))
    assert await ledger.flush()
    assert the_last_verified(tmp_path) is None
    ledger.record(an_attempt(90, target=anew))
    assert await ledger.flush()
    await asyncio.sleep(0)
    ledger.close()
    assert announced == []
    assert the_last_verified(tmp_path) == after(90)
    sightings = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.4.2"))
    digest = anew.artifact.digests[0]
    assert sightings == (replace(the_sighting(first_at=NOON), digest=digest),)


def the_last_verified(directory):
    [heard] = read(directory, lambda reading: reading.last_heard("widget", "stable", NOON))
    return heard.verified_at


async def test_misses_before_a_restart_are_remembered(tmp_path):
    await filled(tmp_path, an_attempt(0, passed=False))
    await filled(tmp_path, an_attempt(15))
    sightings = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.4.2"))
    assert sightings == (the_sighting(first_at=after(15), last_miss_at=NOON),)


async def test_state_that_ran_out_while_nobody_looked_is_known_for_two_intervals(tmp_path):
    await filled(tmp_path, an_attempt(0))
    clock = FakeClock(after(3600))
    with a_ledger(tmp_path, clock) as ledger:
        assert await ledger.flush()
    assert total(tmp_path).known_ms == 120_000


async def test_a_target_without_news_is_swept_up(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock) as ledger:
        ledger.record(an_attempt(0))
        assert await ledger.flush()
        await clock.advance(121)
        assert await ledger.flush()
        assert total(tmp_path).known_ms == 120_000


async def test_the_state_of_a_target_that_is_planned_no_more_ends_at_once(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock) as ledger:
        ledger.record(an_attempt(0))
        assert await ledger.flush()
        await clock.advance(30)
        ledger.plan([])
        assert await ledger.flush()
        await clock.advance(600)
        assert await ledger.flush()
    assert total(tmp_path).known_ms == 30_000


async def test_a_first_plan_that_lacks_a_target_does_not_end_its_state(tmp_path):
    await filled(tmp_path, an_attempt(0))
    clock = FakeClock(after(30))
    with a_ledger(tmp_path, clock) as ledger:
        ledger.plan([])
        assert await ledger.flush()
        ledger.record(an_attempt(60))
        assert await ledger.flush()
    assert total(tmp_path).known_ms == 60_000


async def test_entries_are_on_the_disk_when_keep_says_so(tmp_path):
    published = Published("widget", a_release(), (Pair("origin", "eu-west-1"),), NOON)
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(published)
        assert read(tmp_path, lambda reading: reading.release("widget", "stable", "1.4.2")) == (
            published
        )


async def test_who_stops_waiting_does_not_stop_the_writing(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.submit(Published("widget", a_release(), (), NOON)).cancel()
        assert await ledger.keep()
    assert read(tmp_path, lambda reading: reading.release("widget", "stable", "1.4.2"))


async def test_the_last_batch_is_written_at_the_end(tmp_path):
    ledger = Ledger(tmp_path, FakeClock())
    ledger.start()
    ledger.record(an_attempt())
    ledger.close()
    assert total(tmp_path).attempts == 1
    assert (ledger.status.up, ledger.status.detail) == (False, "closed")


async def test_after_the_end_nothing_is_taken(tmp_path):
    with a_ledger(tmp_path) as ledger:
        pass
    ledger.record(an_attempt())
    assert ledger.dropped == 1
    assert await ledger.keep(Published("widget", a_release(), (), NOON)) is False


def test_of_too_many_attempts_the_oldest_are_dropped_and_counted(tmp_path):
    ledger = Ledger(tmp_path, FakeClock(), Bounds(waiting=3))
    for second in range(5):
        ledger.record(an_attempt(second, size=10**second))
    ledger.start()
    ledger.close()
    assert ledger.dropped == 2
    assert total(tmp_path).bytes_received == 11_100


async def test_when_each_target_was_last_heard_of_verified_and_read_in_full(tmp_path):
    silent = a_target(artifact=an_artifact("widget.exe"))
    await filled(
        tmp_path,
        an_attempt(0),
        an_attempt(60, passed=False),
        an_attempt(90, depth=Depth.HEAD),
        an_attempt(100, passed=None),
        an_attempt(0, target=silent, passed=None),
    )
    heard = read(
        tmp_path, lambda reading: reading.last_heard("widget", "stable", after(100), "1.4.2")
    )
    segment = heard[1].segment
    assert heard[1] == LastHeard(
        key=TARGET.key,
        segment=segment,
        artifact=TARGET.artifact.name,
        platform=TARGET.artifact.platform,
        address="",
        up=True,
        heard_at=after(90),
        verified_at=NOON,
        full_at=after(60),
    )
    silence = (heard[0].up, heard[0].heard_at, heard[0].verified_at, heard[0].full_at)
    assert silence == (None, None, None, None)
    late = read(tmp_path, lambda reading: reading.last_heard("widget", "stable", after(500)))
    assert [each.up for each in late] == [None, None]
    full = LastFull(to_ms(after(60)) * 1000, passed=False)
    assert last_full(tmp_path) == {TARGET.key: full}
    assert last_full(tmp_path, since=after(101)) == {}


async def test_a_target_whose_segment_changes_is_counted_in_the_new_one(tmp_path):
    grown = a_target(endpoint=an_endpoint(auth_mode="basic"))
    await filled(tmp_path, an_attempt(0), an_attempt(310, target=grown))
    counted = read(tmp_path, lambda reading: reading.tallies("widget", "stable", ALL_DAY))
    assert {each.auth_mode: tally.attempts for each, tally in counted.by_segment.items()} == {
        "basic": 2
    }


async def test_what_is_over_is_packed_and_counted_as_before(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock) as ledger:
        for hour in range(5):
            ledger.record(an_attempt(hour * 3600, passed=hour != 3))
        assert await ledger.flush()
        before = total(tmp_path)
        timeline = read(tmp_path, lambda reading: reading.timeline(TARGET.key, ALL_DAY))
        await clock.advance(5 * 3600)
        assert await ledger.flush()
        assert await ledger.flush()
        ledger.record(an_attempt(10, size=7))
        assert await ledger.flush()
    assert total(tmp_path).attempts == before.attempts + 1
    assert total(tmp_path).faults == before.faults == {TIMEOUT: 1}
    found = read(tmp_path, lambda reading: reading.timeline(TARGET.key, ALL_DAY))
    assert found[NOON].bytes_received == timeline[NOON].bytes_received + 7
    assert {at: tally.attempts for at, tally in found.items()} == {
        after(hour * 3600): 2 if hour == 0 else 1 for hour in range(5)
    }


async def test_a_long_window_is_widened_to_whole_days_and_says_so(tmp_path):
    with a_ledger(tmp_path, FakeClock(after(86_400))) as ledger:
        for second in (0, 30_000, 50_000, 86_000):
            ledger.record(an_attempt(second))
        assert await ledger.flush()
        for _ in range(8):
            assert await ledger.flush()
    window = Window(after(40_000), after(40_000 + 3 * 86_400))
    counted = read(tmp_path, lambda reading: reading.tallies("widget", "stable", window))
    midnight = NOON - timedelta(hours=12)
    assert counted.window == Window(midnight, midnight + timedelta(days=4))
    assert counted.total.attempts == 4


async def test_a_short_window_is_exact_to_the_bucket(tmp_path):
    with a_ledger(tmp_path, FakeClock(after(86_400))) as ledger:
        for second in (0, 299, 300, 599, 600, 80_000):
            ledger.record(an_attempt(second))
        assert await ledger.flush()
        for _ in range(8):
            assert await ledger.flush()
    window = Window(after(301), after(599))
    counted = read(tmp_path, lambda reading: reading.tallies("widget", "stable", window))
    assert counted.window == Window(after(300), after(600))
    assert counted.total.attempts == 2
    since = read(tmp_path, lambda reading: reading.heard_since())
    assert since == NOON - timedelta(hours=12)


def test_a_bucket_is_five_minutes():
    assert from_ms(BUCKET_MS * 2) - from_ms(BUCKET_MS) == timedelta(minutes=5)
