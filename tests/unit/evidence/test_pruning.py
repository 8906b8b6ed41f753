"""What is kept is bounded, in days and in bytes."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from probe.domain.evidence import Published, Window
from probe.domain.moment import to_ms
from probe.evidence import Bounds, examine
from probe.evidence.connection import FILE_NAME, open_reader, transaction
from probe.evidence.ledger_file import LedgerFile
from probe.evidence.pruning import shrink_some, used_bytes
from tests.builders import NOON, a_release, a_target
from tests.fakes.clock import FakeClock
from tests.ledgers import EVENT, HOUR, INCIDENT, POINTER, a_ledger, an_attempt, read

DAY = timedelta(days=1)
OLD = a_target(release=a_release("1.0"))
KEPT = 10


async def turns(ledger, count=12):
    for _ in range(count):
        assert await ledger.flush()


async def test_what_is_older_than_is_kept_goes_and_its_names_with_it(tmp_path):
    clock = FakeClock()
    over = replace(INCIDENT, restored_at=NOON + HOUR)
    going_on = replace(INCIDENT, id="i-2", onset_at=NOON + HOUR)
    with a_ledger(tmp_path, clock, Bounds(days=KEPT, incidents=1)) as ledger:
        ledger.record(an_attempt(0, target=OLD))
        ledger.record(an_attempt(0))
        await ledger.keep(EVENT, over, going_on, POINTER, published("1.0"), published("1.4.2"))
        await turns(ledger)
        await clock.advance(DAY.total_seconds())
        await turns(ledger)
        assert examine(tmp_path).rows["chunk"] == 2
        await clock.advance((KEPT + 1) * DAY.total_seconds())
        assert await ledger.flush()
        ledger.record(an_attempt(clock.now()))
        await turns(ledger)
    rows = examine(tmp_path).rows
    assert {name: rows[name] for name in ("chunk", "rollup", "bucket", "event", "target")} == {
        "chunk": 0, "rollup": 0, "bucket": 1, "event": 0, "target": 1,
    }  # fmt: skip
    [open_still] = read(tmp_path, lambda reading: reading.open_incidents())
    assert (open_still.id, rows["incident"]) == ("i-2", 1)
    seen = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.0"))
    assert seen == ()


async def test_sums_of_chunks_go_after_days_and_are_asked_for_no_more(tmp_path):
    clock = FakeClock(NOON + 5 * HOUR)
    with a_ledger(tmp_path, clock) as ledger:
        ledger.record(an_attempt(0))
        await turns(ledger)
        assert chunks_summed(tmp_path) == 1
        await clock.advance(5 * DAY.total_seconds())
        await turns(ledger)
    assert chunks_summed(tmp_path) == 0
    noon = Window(NOON - HOUR, NOON + 23 * HOUR)
    counted = read(tmp_path, lambda reading: reading.tallies("widget", "stable", noon))
    assert counted.total.attempts == 1


def chunks_summed(directory):
    with closing(open_reader(directory / FILE_NAME)) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM chunk_rollup")
    return count


async def test_incidents_that_counters_go_on_from_stay_however_old_they_are(tmp_path):
    clock = FakeClock()
    over = [replace(INCIDENT, id=f"i-{n}", restored_at=NOON + HOUR) for n in range(3)]
    with a_ledger(tmp_path, clock, Bounds(days=KEPT)) as ledger:
        await ledger.keep(*over)
        await clock.advance((KEPT + 1) * DAY.total_seconds())
        await turns(ledger)
    assert examine(tmp_path).rows["incident"] == 3


async def test_what_is_still_asked_for_keeps_its_first_sight(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock, Bounds(days=KEPT)) as ledger:
        ledger.record(an_attempt(0))
        await turns(ledger)
        for _ in range(KEPT + 5):
            await clock.advance(DAY.total_seconds())
            ledger.record(an_attempt(clock.now()))
            await turns(ledger, 3)
    [sighting] = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.4.2"))
    assert sighting.first_at == NOON


async def test_the_newest_releases_are_remembered_however_old(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock, Bounds(days=KEPT)) as ledger:
        assert await ledger.keep(*(published(f"0.{number}", number) for number in range(205)))
        await turns(ledger)
        await clock.advance((KEPT + 1) * DAY.total_seconds())
        await turns(ledger)
    found = read(tmp_path, lambda reading: reading.remembered_releases("widget", "stable"))
    assert len(found) == examine(tmp_path).rows["release"] == 200
    assert (found[0].version, found[-1].version) == ("0.204", "0.5")


async def test_a_ledger_that_is_too_large_gives_up_its_oldest_buckets_first(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock) as ledger:
        for _ in range(48):
            await clock.advance(3600)
            ledger.record(an_attempt(clock.now()))
            await turns(ledger, 2)
    window = Window(NOON, NOON + 3 * DAY)
    file = LedgerFile(tmp_path)
    used = used_bytes(file.connection)
    file.connection.execute("DELETE FROM chunk WHERE number > (SELECT min(number) FROM chunk) + 3")
    with transaction(file.connection):
        assert not shrink_some(file.connection, Bounds(max_bytes=used), to_ms(clock.now()))
        assert shrink_some(file.connection, Bounds(max_bytes=1), to_ms(clock.now()))
    file.close()
    assert examine(tmp_path).rows["chunk"] == 0
    counted = read(tmp_path, lambda reading: reading.tallies("widget", "stable", window))
    assert counted.total.attempts == 48


async def test_space_that_is_not_used_is_given_back(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock, Bounds(days=KEPT)) as ledger:
        for number in range(20):
            await ledger.keep(*(event(number * 100 + place) for place in range(100)))
        await clock.advance((KEPT + 1) * DAY.total_seconds())
        await turns(ledger, 20)
    assert examine(tmp_path).rows["event"] == 0
    assert (tmp_path / FILE_NAME).stat().st_size < 2 * 1024 * 1024


def event(number):
    return replace(EVENT, id=f"e-{number}", detail="x" * 4000)


def published(version, day=0):
    release = a_release(version, published_at=NOON - 300 * DAY + day * DAY)
    return Published("widget", release, (), NOON)


async def test_other_bounds_hold_from_then_on(tmp_path):
    clock = FakeClock()
    with a_ledger(tmp_path, clock, Bounds(days=400)) as ledger:
        ledger.record(an_attempt(0))
        await turns(ledger)
        await clock.advance((KEPT + 1) * DAY.total_seconds())
        await turns(ledger)
        assert examine(tmp_path).rows["chunk"] == 1
        ledger.bound(Bounds(days=KEPT))
        await clock.advance(60)
        await turns(ledger)
    assert examine(tmp_path).rows["chunk"] == 0
