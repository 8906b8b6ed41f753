"""Whatever becomes of the file, the ledger goes on, or says why it does not."""

import sqlite3
from contextlib import closing

from probe.domain.evidence import Published
from probe.evidence import Bounds, LedgerStatus, Trouble, examine
from probe.evidence.connection import FILE_NAME, Lock
from probe.evidence.schema import steps
from tests.builders import NOON, a_release
from tests.fakes.clock import FakeClock
from tests.ledgers import a_first_turn, a_ledger, an_attempt, filled, read, total

ASIDE = f"{FILE_NAME}.damaged-20260820T120000.000000Z"
KNOWN = len(steps())


async def test_garbage_is_put_aside_and_a_fresh_ledger_begun(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"no ledger at all" * 1000)
    async with a_first_turn(tmp_path, None, Bounds(), an_attempt()) as (ledger, opened):
        assert not opened
        assert ledger.status == LedgerStatus(
            up=False,
            trouble=Trouble.DAMAGED,
            detail="the ledger is damaged and was put aside: file is not a database",
            aside=str(tmp_path / ASIDE),
        )
        assert await ledger.flush() is True
        assert (ledger.status.up, ledger.status.aside) == (True, str(tmp_path / ASIDE))
    assert (tmp_path / ASIDE).read_bytes() == b"no ledger at all" * 1000
    assert total(tmp_path).attempts == 1
    assert examine(tmp_path).aside == (str(tmp_path / ASIDE),)


async def test_a_truncated_file_is_put_aside(tmp_path):
    await filled(tmp_path, an_attempt())
    file = tmp_path / FILE_NAME
    file.write_bytes(file.read_bytes()[: 3 * 4096])
    async with a_first_turn(tmp_path) as (ledger, opened):
        assert not opened
        assert ledger.status.trouble is Trouble.DAMAGED
        assert await ledger.flush() is True
    assert (tmp_path / ASIDE).stat().st_size == 3 * 4096


async def test_a_file_that_is_damaged_while_it_is_in_use_costs_no_first_sight(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.record(an_attempt(0, passed=False))
        ledger.record(an_attempt(15))
        assert await ledger.flush()
        with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        with (tmp_path / FILE_NAME).open("r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * 60 * 4096)
        for second in range(16, 26):
            ledger.record(an_attempt(second))
            if not await ledger.flush():
                break
        assert ledger.status.trouble is Trouble.DAMAGED
        assert await ledger.flush()
        ledger.record(an_attempt(30))
        assert await ledger.flush()
    [sighting] = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.4.2"))
    assert (sighting.last_miss_at, sighting.first_at is None) == (NOON, False)
    assert examine(tmp_path).sound
    assert total(tmp_path).attempts == 2 + (second - 15) + 1


async def test_a_newer_ledger_is_refused_and_left_as_it_is(tmp_path):
    await filled(tmp_path, an_attempt())
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = (tmp_path / FILE_NAME).read_bytes()
    async with a_first_turn(tmp_path, None, Bounds(), an_attempt(60)) as (ledger, opened):
        assert not opened
        assert ledger.status == LedgerStatus(
            up=False,
            trouble=Trouble.NEWER,
            detail=(
                "a later release wrote the ledger: the ledger has schema version 99, this program "
                f"knows up to {KNOWN}: use the program that wrote it, or another data directory"
            ),
        )
    assert (tmp_path / FILE_NAME).read_bytes() == before


async def test_a_second_writer_is_kept_out_until_the_first_is_gone(tmp_path):
    lock = Lock(tmp_path)
    async with a_first_turn(tmp_path) as (ledger, opened):
        assert not opened
        assert ledger.status.trouble is Trouble.IN_USE
        lock.release()
        assert await ledger.flush() is True


async def test_a_data_directory_that_is_a_file_is_said_to_be_unwritable(tmp_path):
    place = tmp_path / "data"
    place.write_text("in the way")
    async with a_first_turn(place) as (ledger, opened):
        assert not opened
        assert ledger.status.trouble is Trouble.UNWRITABLE
        assert ledger.status.detail.startswith("the data directory cannot be written to: ")
        place.unlink()
        ledger.record(an_attempt())
        assert await ledger.flush() is True
    assert total(place).attempts == 1


async def test_entries_wait_until_the_ledger_is_up(tmp_path):
    lock = Lock(tmp_path)
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(a_published()) is False
        lock.release()
        assert await ledger.flush() is True
    assert read(tmp_path, lambda reading: reading.remembered_releases("widget", "stable"))


async def test_attempts_that_come_while_the_ledger_is_down_are_counted_as_far_as_they_fit(tmp_path):
    lock = Lock(tmp_path)
    async with a_first_turn(tmp_path, None, Bounds(waiting=2)) as (ledger, opened):
        assert not opened
        for second in range(5):
            ledger.record(an_attempt(second))
        lock.release()
        assert await ledger.flush() is True
        assert ledger.dropped == 3
    assert total(tmp_path).attempts == 2


async def test_the_file_is_not_tried_at_every_turn(tmp_path):
    clock = FakeClock()
    lock = Lock(tmp_path)
    async with a_first_turn(tmp_path, clock) as (ledger, opened):
        assert not opened
        lock.release()
        assert await ledger.keep(a_published()) is False
        await clock.advance(2)
        assert await ledger.keep(a_published()) is True


async def test_a_disk_that_damages_every_file_is_not_filled_with_them(tmp_path):
    for number in range(5):
        (tmp_path / f"{FILE_NAME}.damaged-{number}Z").touch()
    (tmp_path / FILE_NAME).write_bytes(b"garbage" * 1000)
    async with a_first_turn(tmp_path) as (ledger, opened):
        assert not opened
        assert await ledger.flush() is False
        assert (ledger.status.trouble, ledger.status.aside) == (Trouble.DAMAGED, "")
    assert (tmp_path / FILE_NAME).read_bytes() == b"garbage" * 1000


async def test_a_row_that_no_program_writes_is_damage(tmp_path):
    await filled(tmp_path, an_attempt(0))
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE bucket SET faults = 'nonsense'")
    async with a_first_turn(tmp_path, None, Bounds(), an_attempt(60)) as (ledger, opened):
        assert not opened
        assert ledger.status.trouble is Trouble.DAMAGED
        assert await ledger.flush() is True
    assert total(tmp_path).attempts == 1


def a_published():
    return Published("widget", a_release(), (), NOON)
