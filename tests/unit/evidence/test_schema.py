"""A ledger of any earlier version is taken to the current one with all that is in it."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from probe.domain.bucket import Tally
from probe.domain.depth import LastFull
from probe.domain.evidence import Pair, Window
from probe.domain.moment import to_ms
from probe.evidence.connection import FILE_NAME
from probe.evidence.ledger_file import LedgerFile
from probe.evidence.schema import NewerSchema, migrate, steps, version_of
from probe.sketch import bin_of
from tests.builders import NOON, sha256
from tests.ledgers import ALL_DAY, DAY, EVENT, INCIDENT, REVIEW, TIMEOUT, a_ledger, last_full, read

SNAPSHOTS = Path(__file__).parent / "snapshots"
EARLIER = sorted(SNAPSHOTS.glob("v*.sql"))
KEY = "widget/stable/1.4.2/w.tgz@cdn/eu-west-1"

every_earlier_version = pytest.mark.parametrize("snapshot", EARLIER, ids=lambda path: path.stem)


def restore(snapshot, directory):
    with closing(sqlite3.connect(directory / FILE_NAME)) as connection:
        connection.executescript(snapshot.read_text())


def schema_of(connection):
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
    return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows]


def test_there_is_a_snapshot_of_every_earlier_version():
    assert [path.stem for path in EARLIER] == [f"v{number}" for number in range(1, len(steps()))]


@every_earlier_version
def test_the_tables_become_those_of_a_new_ledger(snapshot, tmp_path):
    restore(snapshot, tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as old:
        migrate(old)
        with closing(sqlite3.connect(":memory:")) as new:
            migrate(new)
            assert schema_of(old) == schema_of(new)
            assert version_of(old) == version_of(new) == len(steps())


@every_earlier_version
async def test_what_was_counted_is_still_there_and_goes_on(snapshot, tmp_path):
    restore(snapshot, tmp_path)
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(INCIDENT)
    durations = {bin_of(0.5): 1}
    assert read(tmp_path, lambda reading: reading.timeline(KEY, ALL_DAY)) == {
        NOON - timedelta(hours=4): Tally(1, 1, 1, 1, 0, 0, 0, 100, {}, durations),
        NOON: Tally(2, 1, 2, 1, 0, 60_000, 120_000, 200, {TIMEOUT: 1}, durations),
    }
    days = Window(NOON - 2 * DAY, NOON + DAY)
    counted = read(tmp_path, lambda reading: reading.tallies("widget", "stable", days))
    assert counted.total.durations == {bin_of(0.5): 10}
    day = read(tmp_path, lambda reading: reading.tallies("widget", "stable", ALL_DAY))
    assert day.total.attempts == 3
    assert last_full(tmp_path) == {KEY: LastFull(to_ms(NOON) * 1000, passed=True)}
    assert read(tmp_path, lambda reading: reading.open_incidents()) == (INCIDENT,)


async def test_releases_of_the_second_version_are_still_there(tmp_path):
    restore(SNAPSHOTS / "v2.sql", tmp_path)
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
    release = read(tmp_path, lambda reading: reading.release("widget", "stable", "1.4.2"))
    assert (release.required, release.started_at) == ((Pair("cdn", "eu-west-1"),), NOON)
    assert (release.watched, release.elsewhere, release.files) == (True, (), ())
    [sighting] = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.4.2"))
    assert (sighting.first_at, sighting.last_miss_at) == (NOON + timedelta(seconds=15), NOON)


async def test_durations_that_cannot_be_read_are_none_in_the_new_form(tmp_path):
    restore(SNAPSHOTS / "v6.sql", tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("UPDATE rollup SET durations = 'x'")
        connection.commit()
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
    days = Window(NOON - 2 * DAY, NOON + DAY)
    counted = read(tmp_path, lambda reading: reading.tallies("widget", "stable", days))
    assert (counted.total.attempts, counted.total.durations) == (12, {bin_of(0.5): 1})


LISTED = """{"artifacts": [{"name": "other", "digests": []},
    {"name": "w.tgz", "digests": [{"algorithm": "sha256", "hex": "%s"}]}]}"""


@pytest.mark.parametrize(
    ("document", "proof"),
    [
        (LISTED % sha256(b"w").hex, (sha256(b"w"), True)),
        ('{"artifacts": [{"name": "w.tgz", "digests": []}]}', (None, None)),
        ("{", (None, None)),
    ],
    ids=["listed with a digest", "listed without", "damaged"],
)
async def test_what_was_ever_right_is_taken_to_have_the_digest_of_the_catalog(
    tmp_path, document, proof
):
    restore(SNAPSHOTS / "v7.sql", tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("UPDATE release SET document = ?", (document,))
        connection.commit()
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
    [sighting] = read(tmp_path, lambda reading: reading.sightings("widget", "stable", "1.4.2"))
    assert (sighting.digest, sighting.matched) == proof
    [heard] = read(tmp_path, lambda reading: reading.last_heard("widget", "stable", NOON))
    assert heard.heard_at == NOON


def test_a_step_that_fails_leaves_the_version_that_was(tmp_path):
    restore(EARLIER[0], tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE sighting (in_the_way)")
        connection.commit()
    with pytest.raises(sqlite3.OperationalError, match="sighting already exists"):
        LedgerFile(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        assert version_of(connection) == 1
        assert "release" not in [name for _, name, _ in schema_of(connection)]


def test_a_newer_schema_is_left_alone(tmp_path):
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
        with pytest.raises(NewerSchema, match="schema version 99"):
            migrate(connection)
        assert schema_of(connection) == []


async def test_the_register_of_the_third_version_is_still_there(tmp_path):
    restore(SNAPSHOTS / "v3.sql", tmp_path)
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
    assert read(tmp_path, lambda reading: reading.events("widget", "stable", ALL_DAY)) == (EVENT,)
    assert read(tmp_path, lambda reading: reading.reviews("widget", "stable")) == (REVIEW,)
    [incident] = read(tmp_path, lambda reading: reading.incidents("widget", "stable", ALL_DAY))
    assert (incident.id, incident.restored_at) == ("old", NOON + timedelta(minutes=10))
