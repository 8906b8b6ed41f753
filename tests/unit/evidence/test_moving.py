"""A ledger moves house as lines; what is no ledger is refused whole."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from probe.domain.depth import LastFull
from probe.domain.evidence import Published
from probe.domain.moment import to_ms
from probe.evidence import ImportRefused, examine, export_lines, import_lines
from probe.evidence.connection import FILE_NAME, Lock
from probe.evidence.reading import reading_connection
from probe.evidence.schema import migrate, steps
from probe.ports import EvidenceUnavailable
from tests.builders import NOON, a_release, a_target, an_endpoint
from tests.fakes.clock import FakeClock
from tests.ledgers import (
    HOUR,
    RECORDS,
    TARGET,
    a_ledger,
    an_attempt,
    filled,
    last_full,
    total,
)


@pytest.fixture
async def house(tmp_path):
    """A ledger with something of every kind in it."""
    directory = tmp_path / "old"
    cdn = a_target(endpoint=an_endpoint("cdn"))
    with a_ledger(directory, FakeClock(NOON + 10 * HOUR)) as ledger:
        for hour in range(10):
            ledger.record(an_attempt(hour * 3600, passed=hour % 3 != 1))
            ledger.record(an_attempt(hour * 3600, target=cdn, passed=hour % 2 == 0))
        ledger.record(an_attempt(0, passed=None))
        assert await ledger.keep(Published("widget", a_release(), (), NOON), *RECORDS)
        for _ in range(4):
            assert await ledger.flush()
    return directory


def lines_of(directory):
    return list(export_lines(directory, NOON))


async def test_everything_arrives(house, tmp_path):
    lines, new = lines_of(house), tmp_path / "new"
    kinds = {json.loads(line)["kind"] for line in lines}
    assert kinds == {
        "ledger", "segment", "target", "bucket", "chunk", "day", "release", "incident", "event",
        "health", "review", "sighting", "index_digest", "naming", "verification", "end",
    }  # fmt: skip
    assert import_lines(new, lines) == len(lines)
    assert lines_of(new) == lines
    assert total(new) == total(house)
    assert examine(new).rows == examine(house).rows
    assert sorted(each.name for each in new.iterdir() if "-" not in each.name) == [
        "ledger.db",
        "ledger.lock",
    ]


async def test_counting_goes_on_in_the_new_house(house, tmp_path):
    new = tmp_path / "new"
    import_lines(new, lines_of(house))
    for directory in (house, new):
        await filled(directory, an_attempt(9 * 3600 + 60), clock=FakeClock(NOON + 10 * HOUR))
    assert total(new) == total(house)
    at_us = to_ms(NOON + 9 * HOUR + HOUR / 60) * 1000
    assert last_full(new)[TARGET.key] == LastFull(at_us, passed=True)
    assert last_full(new) == last_full(house)


async def test_a_ledger_in_use_is_exported_as_of_one_moment(house):
    with a_ledger(house, FakeClock(NOON + 10 * HOUR)) as ledger:
        assert await ledger.flush()
        before = lines_of(house)
        export = export_lines(house, NOON)
        first = next(export)
        ledger.record(an_attempt(36_000))
        assert await ledger.flush()
        assert [first, *export] == before


async def test_a_ledger_with_something_in_it_is_not_overwritten(house):
    before = lines_of(house)
    with pytest.raises(ImportRefused, match="is a ledger with something in it"):
        import_lines(house, before)
    assert lines_of(house) == before


async def test_an_empty_ledger_makes_room(house, tmp_path):
    new = tmp_path / "new"
    with a_ledger(new) as ledger:
        assert await ledger.flush()
    import_lines(new, lines_of(house))
    assert lines_of(new) == lines_of(house)


def test_what_is_no_ledger_is_not_overwritten(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"garbage" * 1000)
    with pytest.raises(ImportRefused, match="is in the way"):
        import_lines(tmp_path, [])
    assert (tmp_path / FILE_NAME).read_bytes() == b"garbage" * 1000


def test_a_directory_in_use_is_let_be(tmp_path):
    lock = Lock(tmp_path)
    with pytest.raises(BlockingIOError):
        import_lines(tmp_path, [])
    lock.release()


def line(kind, **record: object):
    return json.dumps({"kind": kind, "record": record}).encode()


HEADER = line("ledger", format=1, schema=4, exported_at="2026-08-20T12:00:00Z")
PLACE = {
    "product": "widget", "channel": "stable", "version": "1", "endpoint": "cdn",
    "endpoint_kind": "cdn", "region": "eu", "asset_class": "binary", "size_tier": "xs",
    "auth_mode": "none",
}  # fmt: skip
SEGMENT = line("segment", id=1, segment=PLACE)
NAMES = {"segment": 1, "artifact": "w", "platform": "", "address": ""}
TARGET_LINE = line("target", id=1, key="w@cdn", standing=None, **NAMES)
GOOD = [5, 1, 1, 1, 1, 0, 0, 0, 0, None, None]


def standing(**fields: object):
    known = {"up": None, "settled_ms": 0, "until_ms": 0, "reason": None, "depth": "head"}
    times = {"attempt_ms": 0, "verified_ms": None, "full_ms": None}
    return {**known, **times, **fields}


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], "the lines end after 0: the export was cut short"),
        ([HEADER], "the lines end after 1: the export was cut short"),
        ([HEADER, b"{"], "line 2: not JSON"),
        ([HEADER, b"[" * 100_000], "line 2: not JSON"),
        ([HEADER, b"[]"], "line 2: unknown kind ''"),
        ([HEADER, line("cake")], "line 2: unknown kind 'cake'"),
        ([HEADER, HEADER], "line 2: an export begins with one line of kind ledger"),
        ([SEGMENT], "line 1: an export begins with one line of kind ledger"),
        ([HEADER, line("end", lines=7)], "line 2: 7 lines should come before it"),
        ([HEADER, line("end", lines=1), SEGMENT], "line 3: comes after the end"),
        (
            [line("ledger", format=2, schema=4, exported_at="2026-08-20T12:00:00Z")],
            "line 1: format 2 of schema version 4; this program reads format 1 up to version 8",
        ),
        (
            [HEADER, line("segment", id=1, segment={**PLACE, "version": 3})],
            "line 2: record.segment.version: Input should be a valid string",
        ),
        (
            [HEADER, line("segment", id=1, segment={**PLACE, "colour": "red"})],
            "line 2: record.segment.colour: Unexpected keyword argument",
        ),
        ([HEADER, TARGET_LINE], "line 2: no line before it describes 1"),
        ([HEADER, SEGMENT, TARGET_LINE, TARGET_LINE], "line 4: a target that is there already"),
        (
            [HEADER, SEGMENT, line("target", id=1, key="w", standing=standing(depth="x"), **NAMES)],
            "line 3: 'x' is not a valid Depth",
        ),
        ([HEADER, line("bucket", target=1, bucket=GOOD)], "line 2: no line before it describes 1"),
        (
            [HEADER, SEGMENT, TARGET_LINE, *[line("bucket", target=1, bucket=GOOD)] * 2],
            "line 5: counts that are there already",
        ),
        (
            [HEADER, SEGMENT, TARGET_LINE, line("bucket", target=1, bucket=[*GOOD[:9], "x", None])],
            "line 4: the counts of a row cannot be read: 'x' is not a valid FailureReason",
        ),
        (
            [HEADER, SEGMENT, TARGET_LINE, line("bucket", target=1, bucket=[5, 1, 2, *GOOD[3:]])],
            "line 4: a part is more than its whole",
        ),
        (
            [HEADER, SEGMENT, TARGET_LINE, line("chunk", target=1, number=0, buckets=[GOOD, GOOD])],
            "line 4: a bucket stands twice in its chunk",
        ),
        (
            [HEADER, SEGMENT, TARGET_LINE, line("chunk", target=1, number=7, buckets=[GOOD])],
            "line 4: a bucket is not in its chunk",
        ),
        (
            [HEADER, SEGMENT, TARGET_LINE, line("bucket", target=1, bucket=[*GOOD[:10], "999,1"])],
            "line 4: the counts of a row cannot be read: no duration is in bins 999 to 999",
        ),
        (
            [HEADER, SEGMENT, line("day", segment=1, day=0, sums=[*GOOD[1:10], f"1,{2**40}"])],
            "line 3: counts cannot be added up: no bin has so many durations",
        ),
        (
            [HEADER, SEGMENT, line("day", segment=1, day=-1, sums=GOOD[1:])],
            "line 3: record.day: Input should be greater than or equal to 0",
        ),
    ],
)
def test_lines_that_are_no_ledger_are_refused_whole(tmp_path, lines, fault):
    with pytest.raises(ImportRefused) as refused:
        import_lines(tmp_path, lines)
    assert str(refused.value) == fault
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.lock"]


def test_a_line_without_end_is_not_read(tmp_path):
    with pytest.raises(ImportRefused, match="line 2: longer than 16777216 bytes"):
        import_lines(tmp_path, [HEADER, b" " * (16 * 1024 * 1024 + 1)])


def test_there_is_nothing_to_export_or_examine_where_there_is_no_ledger(tmp_path):
    with pytest.raises(EvidenceUnavailable, match="there is no ledger at"):
        lines_of(tmp_path)
    with pytest.raises(EvidenceUnavailable, match="there is no ledger at"):
        examine(tmp_path)


async def test_a_look_at_a_ledger_finds_what_is_wrong_with_it(house):
    file = house / FILE_NAME
    assert examine(house).sound
    whole = file.read_bytes()
    middle = len(whole) // 2 // 4096 * 4096
    file.write_bytes(whole[:middle] + b"\xa5" * 4096 + whole[middle + 4096 :])
    found = examine(house)
    assert not found.sound
    assert found.rows == {}


def proofs(directory):
    with reading_connection(directory) as connection:
        return [
            connection.execute(query).fetchall()
            for query in (
                "SELECT name, endpoint, region, digest, matched FROM sighting ORDER BY 1, 2, 3",
                "SELECT attempt_ms, heard_ms FROM standing ORDER BY 1, 2",
            )
        ]


def test_an_export_of_an_earlier_release_comes_to_what_its_ledger_would(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    digests = [{"algorithm": "sha256", "hex": "a" * 64}]
    file = {"name": "w.tgz", "asset_class": "archive", "platform": None, "size_bytes": 100}
    files = json.dumps([{**file, "digests": digests}])
    before = (Path(__file__).parent / "snapshots/v7.sql").read_text()
    with closing(sqlite3.connect(old / FILE_NAME)) as connection:
        connection.executescript(before.replace('"artifacts":[]', f'"artifacts":{files}'))
        migrate(connection)
    rows = [json.loads(each) for each in lines_of(old)]
    rows[0]["record"]["schema"] = 7
    later = {"sighting": ("digest", "matched"), "target": ("heard_ms",)}
    for each in rows:
        record = each["record"]
        for name in later.get(each["kind"], ()):
            (record["standing"] if each["kind"] == "target" else record).pop(name)
    import_lines(new, [json.dumps(each).encode() + b"\n" for each in rows])
    [sightings, standings] = proofs(old)
    assert [matched for *_, matched in sightings if matched is not None]
    assert [heard for _, heard in standings if heard is not None]
    assert proofs(new) == [sightings, standings]


def test_a_ledger_of_a_later_release_is_not_sound(tmp_path):
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert examine(tmp_path).faults == (
        f"a later release wrote it: this one knows schema versions up to {len(steps())}",
    )


def test_an_empty_file_is_not_a_sound_ledger(tmp_path):
    (tmp_path / FILE_NAME).touch()
    assert examine(tmp_path).faults == ("nothing is in it, not even tables",)


def test_a_path_that_cannot_be_is_no_ledger(tmp_path):
    with pytest.raises(EvidenceUnavailable, match="File name too long"):
        examine(tmp_path / ("a" * 5000))
