"""The tables of records that are kept one by one, and what happens when one is kept again."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from probe.domain.evidence import (
    Entry,
    Event,
    HealthRecord,
    IncidentRecord,
    IndexDigest,
    Naming,
    Published,
    Review,
    Sighting,
    Verification,
)
from probe.evidence.record_row import Cell, columns_of, from_row, to_row
from probe.evidence.release_row import keep_published


@dataclass(frozen=True, slots=True)
class Table:
    """Where records of one type are kept; *again* is what SQL does with one that is there."""

    name: str
    record: type[Entry]
    again: str

    @property
    def select(self) -> str:
        """Return the SQL that reads all columns."""
        return f"SELECT {', '.join(columns_of(self.record))} FROM {self.name}"

    @property
    def insert(self) -> str:
        """Return the SQL that keeps one record."""
        columns = columns_of(self.record)
        marks = ", ".join("?" * len(columns))
        return f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES ({marks}) {self.again}"


_EVERY_FIELD = ", ".join(
    f"{name} = excluded.{name}" for name in columns_of(IncidentRecord) if name != "id"
)

TABLES = (
    Table("incident", IncidentRecord, f"ON CONFLICT (id) DO UPDATE SET {_EVERY_FIELD}"),
    Table(
        "health",
        HealthRecord,
        """ON CONFLICT DO UPDATE SET at = excluded.at, health = excluded.health
        WHERE excluded.at >= at""",
    ),
    Table("event", Event, "ON CONFLICT DO NOTHING"),
    Table("review", Review, "ON CONFLICT DO NOTHING"),
    # The first sight stands, and a miss after it says nothing of when it came.
    Table(
        "sighting",
        Sighting,
        """ON CONFLICT DO UPDATE SET
        last_miss_at = CASE WHEN first_at IS NULL
            THEN max(coalesce(last_miss_at, excluded.last_miss_at),
                     coalesce(excluded.last_miss_at, last_miss_at))
            ELSE last_miss_at END,
        first_at = coalesce(first_at, excluded.first_at),
        matched = CASE WHEN digest IS NULL THEN excluded.matched ELSE matched END,
        digest = coalesce(digest, excluded.digest)""",
    ),
    Table(
        "index_digest",
        IndexDigest,
        """ON CONFLICT DO UPDATE SET
        version = CASE WHEN excluded.version = '' THEN version ELSE excluded.version END,
        first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)""",
    ),
    Table(
        "naming",
        Naming,
        """ON CONFLICT DO UPDATE SET version = excluded.version, at = excluded.at
        WHERE excluded.at >= at""",
    ),
    Table(
        "verification",
        Verification,
        """ON CONFLICT DO UPDATE SET
        since = CASE WHEN outcome = excluded.outcome THEN min(since, excluded.since)
            ELSE excluded.since END,
        outcome = excluded.outcome, detail = excluded.detail, at = excluded.at""",
    ),
)

T = TypeVar("T")

_BY_RECORD: dict[type, Table] = {table.record: table for table in TABLES}


def keep(connection: sqlite3.Connection, entry: Entry) -> None:
    """Write *entry*; to keep the same one twice changes nothing."""
    if isinstance(entry, Published):
        keep_published(connection, entry)
    else:
        connection.execute(_BY_RECORD[type(entry)].insert, to_row(entry))


def count(
    connection: sqlite3.Connection, record: type[T], where: str, values: Sequence[Cell] = ()
) -> int:
    """Return how many records of one type the SQL condition *where* picks."""
    statement = f"SELECT count(*) FROM {_BY_RECORD[record].name} {where}"
    return int(connection.execute(statement, values).fetchone()[0])


def find(
    connection: sqlite3.Connection, record: type[T], where: str, values: Sequence[Cell] = ()
) -> Iterator[T]:
    """Yield the records of one type that the SQL condition *where* picks."""
    table = _BY_RECORD[record]
    for row in connection.execute(f"{table.select} {where}", values):
        yield from_row(record, row)
