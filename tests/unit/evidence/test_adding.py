"""What is put into a ledger from beside the service that keeps it."""

import sqlite3
from contextlib import closing

import pytest

from probe.evidence import add, open_reading
from probe.evidence.connection import FILE_NAME
from probe.ports import EvidenceUnavailable
from tests.ledgers import ALL_DAY, EVENT, REVIEW, a_ledger, an_attempt, filled, read


def events(directory):
    return read(directory, lambda reading: reading.events("widget", "stable", ALL_DAY))


@pytest.mark.parametrize("entry", [EVENT, REVIEW], ids=["event", "review"])
async def test_it_is_there_afterwards_and_once(tmp_path, entry):
    await filled(tmp_path)
    add(tmp_path, entry)
    add(tmp_path, entry)
    with open_reading(tmp_path) as reading:
        found = (
            *reading.events("widget", "stable", ALL_DAY),
            *reading.reviews("widget", "stable"),
        )
    assert found == (entry,)


async def test_a_ledger_that_is_being_written_takes_it_and_goes_on(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.record(an_attempt())
        assert await ledger.flush()
        add(tmp_path, EVENT)
        assert events(tmp_path) == (EVENT,)
        ledger.record(an_attempt(60))
        assert await ledger.flush()
        assert ledger.status.up
    assert events(tmp_path) == (EVENT,)


def test_without_a_ledger_there_is_none_afterwards(tmp_path):
    with pytest.raises(EvidenceUnavailable, match="there is no ledger at"):
        add(tmp_path, EVENT)
    assert list(tmp_path.iterdir()) == []


async def test_a_ledger_of_another_version_is_left_as_it_is(tmp_path):
    await filled(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(EvidenceUnavailable, match="schema version 99, not"):
        add(tmp_path, EVENT)


def test_what_is_no_ledger_is_left_as_it_is(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"x" * 8192)
    with pytest.raises(EvidenceUnavailable, match="the ledger cannot be written: file is not a"):
        add(tmp_path, EVENT)
    assert (tmp_path / FILE_NAME).read_bytes() == b"x" * 8192
