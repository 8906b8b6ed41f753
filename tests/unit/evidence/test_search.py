"""Searching the register of incidents."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.incident_record import IncidentSearch
from probe.domain.part import Part
from tests.builders import NOON
from tests.ledgers import INCIDENT, a_ledger, read

HOUR = timedelta(hours=1)
CLOSED = replace(
    INCIDENT, id="i-0", onset_at=NOON - 3 * HOUR, restored_at=NOON - 2 * HOUR, region="us-east-1"
)
PART = replace(INCIDENT, id="i-2", endpoint="mirror", onset_at=NOON + HOUR, joined="i-1")
OTHER = replace(INCIDENT, id="i-3", product="gadget", channel="beta", onset_at=NOON + 2 * HOUR)


@pytest.fixture
async def directory(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(INCIDENT, CLOSED, PART, OTHER)
    return tmp_path


def ids(directory, **wanted) -> list[str]:
    found = read(directory, lambda kept: kept.search_incidents(IncidentSearch(**wanted)))
    return [each.id for each in found.incidents]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["i-3", "i-2", "i-1", "i-0"]),
        ({"filters": {"product": "widget"}}, ["i-2", "i-1", "i-0"]),
        ({"filters": {"channel": "beta"}}, ["i-3"]),
        ({"filters": {"endpoint": "mirror", "region": "eu-west-1"}}, ["i-2"]),
        ({"filters": {"region": "us-east-1"}}, ["i-0"]),
        ({"filters": {"product": "' OR 1=1 --"}}, []),
        ({"filters": {"product": "\ud800"}}, []),
        ({"is_open": True}, ["i-3", "i-2", "i-1"]),
        ({"is_open": False}, ["i-0"]),
        ({"since": NOON - 2 * HOUR}, ["i-3", "i-2", "i-1", "i-0"]),
        ({"since": NOON - HOUR}, ["i-3", "i-2", "i-1"]),
        ({"is_open": False, "since": NOON - HOUR}, []),
    ],
)
def test_a_search_finds_what_it_wants_the_last_first(directory, wanted, expected):
    assert ids(directory, **wanted) == expected


def test_a_part_of_what_is_found_says_how_many_there_are(directory):
    search = IncidentSearch(part=Part(limit=2, offset=1))
    found = read(directory, lambda kept: kept.search_incidents(search))
    assert (found.total, [each.id for each in found.incidents]) == (4, ["i-2", "i-1"])


def test_parts_of_an_incident_are_found(directory):
    assert [each.id for each in read(directory, lambda kept: kept.parts_of("i-1"))] == ["i-2"]
    assert read(directory, lambda kept: kept.incident("\ud800")) is None
