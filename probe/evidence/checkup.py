"""Whether a ledger is sound, and what is in it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from probe.domain.moment import from_ms
from probe.domain.text import clean
from probe.evidence.connection import FILE_NAME, ledger_in, open_reader
from probe.evidence.ledger_file import size_on_disk
from probe.evidence.register import TABLES
from probe.evidence.schema import steps, version_of
from probe.evidence.tallies import oldest_ms
from probe.ports import EvidenceUnavailable

_COUNTED = ("target", "segment", "bucket", "chunk", "rollup", "release")
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Checkup:
    """
    What a look at a whole ledger found; *faults* is empty where it is sound.

    ``rows`` has the number of rows of each table. ``oldest_at`` is where counting begins.
    ``aside`` names the damaged ledgers that were put away.
    """

    path: Path
    schema_version: int
    known_version: int
    size_bytes: int
    faults: tuple[str, ...]
    rows: Mapping[str, int]
    oldest_at: datetime | None
    aside: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong with it."""
        return not self.faults


def examine(directory: Path) -> Checkup:
    """
    Read the ledger in *directory* from end to end; it may be in use.

    Raises:
        EvidenceUnavailable: there is no ledger, or not even its schema can be read.
    """
    path = ledger_in(directory)
    try:
        with closing(open_reader(path)) as connection:
            version = version_of(connection)
            faults = (*_faults(connection), *_strange(version))
            rows = {} if faults or version != len(steps()) else _rows(connection)
            oldest = oldest_ms(connection) if rows else None
    except sqlite3.DatabaseError as fault:
        raise EvidenceUnavailable(f"the ledger cannot be read: {clean(str(fault))}") from fault
    return Checkup(
        path=path,
        schema_version=version,
        known_version=len(steps()),
        size_bytes=size_on_disk(directory),
        faults=faults,
        rows=rows,
        oldest_at=None if oldest is None else from_ms(oldest),
        aside=tuple(sorted(str(each) for each in directory.glob(f"{FILE_NAME}.damaged-*Z"))),
    )


def _faults(connection: sqlite3.Connection) -> tuple[str, ...]:
    try:
        found = connection.execute(f"PRAGMA integrity_check({_MOST_FAULTS})").fetchall()
    except sqlite3.DatabaseError as fault:
        return (clean(str(fault)),)
    return tuple(clean(str(text)) for (text,) in found if text != "ok")


def _strange(version: int) -> tuple[str, ...]:
    if version == 0:
        return ("nothing is in it, not even tables",)
    known = len(steps())
    if version > known:
        return (f"a later release wrote it: this one knows schema versions up to {known}",)
    return ()


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    names = (*_COUNTED, *(table.name for table in TABLES))
    counts = ((name, connection.execute(f"SELECT count(*) FROM {name}")) for name in names)
    return {name: int(found.fetchone()[0]) for name, found in counts}
