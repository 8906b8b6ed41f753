"""Who reads sees one moment, or is told why there is nothing to be seen."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.evidence import Window
from probe.domain.target import Region
from probe.evidence import Ledger, open_reading
from probe.evidence.connection import FILE_NAME
from probe.evidence.schema import steps
from probe.ports import EvidenceUnavailable
from tests.builders import NOON
from tests.fakes.clock import FakeClock
from tests.ledgers import (
    ALL_DAY,
    EVENT,
    HOUR,
    TARGET,
    a_ledger,
    an_attempt,
    filled,
    last_full,
    read,
)


def attempts_in(reading):
    return reading.tallies("widget", "stable", ALL_DAY).total.attempts


async def test_a_reading_sees_one_moment(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.record(an_attempt(0))
        assert await ledger.flush()
        with ledger.reading() as reading:
            assert attempts_in(reading) == 1
            ledger.record(an_attempt(1))
            assert await ledger.flush()
            assert attempts_in(reading) == 1
        with ledger.reading() as reading:
            assert attempts_in(reading) == 2


async def test_an_empty_ledger_has_an_answer_to_everything(tmp_path):
    await filled(tmp_path)
    assert read(tmp_path, attempts_in) == 0
    assert read(tmp_path, lambda reading: reading.timeline(TARGET.key, ALL_DAY)) == {}
    assert read(tmp_path, lambda reading: reading.heard_since()) is None
    assert read(tmp_path, lambda reading: reading.release("widget", "stable", "1")) is None
    assert read(tmp_path, lambda reading: reading.incident("i-1")) is None
    assert last_full(tmp_path) == {}


def test_where_there_is_no_ledger_nothing_is_read(tmp_path):
    with (
        pytest.raises(EvidenceUnavailable, match="there is no ledger at"),
        Ledger(tmp_path, FakeClock()).reading(),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_garbage_is_not_read(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"garbage" * 1000)
    with (
        pytest.raises(EvidenceUnavailable, match="file is not a database"),
        open_reading(tmp_path),
    ):
        pass


@pytest.mark.parametrize("version", [len(steps()) - 1, len(steps()) + 1])
async def test_another_versions_ledger_is_not_read(tmp_path, version):
    await filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with (
        pytest.raises(EvidenceUnavailable, match=f"schema version {version}, not {len(steps())}"),
        open_reading(tmp_path),
    ):
        pass


async def test_a_row_that_no_program_writes_is_not_read(tmp_path):
    await filled(tmp_path, an_attempt())
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE bucket SET durations = '1,2,3'")
    with pytest.raises(EvidenceUnavailable, match="the counts of a row cannot be read"):
        read(tmp_path, attempts_in)


async def test_events_are_of_the_kinds_that_are_asked_for(tmp_path):
    others = [replace(EVENT, id=kind, kind=kind) for kind in ("block", "override")]
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(EVENT, *others)

    def kinds(*asked):
        found = read(tmp_path, lambda kept: kept.events("widget", "stable", ALL_DAY, *asked))
        return {each.kind for each in found}

    assert kinds() == {"approval", "block", "override"}
    assert kinds("block") == {"block"}
    assert kinds("block", "approval") == {"approval", "block"}
    assert kinds("cache") == set()


async def test_uptime_by_region_is_that_of_all_segments(tmp_path):
    elsewhere = replace(TARGET, region=Region("us-east-1"))
    clock = FakeClock(NOON - timedelta(days=3))
    with a_ledger(tmp_path, clock) as ledger:
        for hour in range(-60, 1):
            await clock.advance(3600)
            ledger.record(an_attempt(3600 * hour, hour % 7 != 0))
            ledger.record(an_attempt(3600 * hour, hour % 5 != 0, target=elsewhere))
            assert await ledger.flush()
    window = Window(NOON - timedelta(days=3), NOON + HOUR)

    def both(reading):
        [(packed,)] = reading._connection.execute("SELECT count(*) FROM rollup")
        assert packed > 0
        daily = reading.daily("widget", "stable", window)
        return daily, reading.uptime("widget", "stable", window)

    daily, uptime = read(tmp_path, both)
    assert len(daily) == 3
    assert {
        day: {region: [(tally.up_ms, tally.known_ms)] for region, tally in regions.items()}
        for day, regions in uptime.items()
    } == {
        day: {
            segment.region: [(tally.up_ms, tally.known_ms)] for segment, tally in segments.items()
        }
        for day, segments in daily.items()
    }


async def test_who_reads_lets_others_run_meanwhile(tmp_path, monkeypatch):
    breaths = []
    monkeypatch.setattr("probe.evidence.connection.breathe", lambda: breaths.append(1))
    await filled(tmp_path)
    many = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000)
        SELECT sum(i) FROM n"""
    read(tmp_path, lambda reading: reading._connection.execute(many).fetchall())
    assert breaths
