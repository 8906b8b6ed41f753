"""Putting something into a ledger from a process that does not keep it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from probe.domain.evidence import Event, Review
from probe.domain.text import clean
from probe.evidence.connection import FILE_NAME, transaction
from probe.evidence.register import keep
from probe.evidence.schema import steps, version_of
from probe.ports import EvidenceUnavailable

# The one who keeps the ledger may be in the midst of a batch.
_PATIENCE_SECONDS = 10.0


def add(directory: Path, entry: Event | Review) -> None:
    """
    Put *entry* on the disk, in the ledger in *directory*; a service may be writing to it.

    Its writer holds neither events nor reviews in memory, and so writes over none.

    Raises:
        EvidenceUnavailable: there is no ledger, it is another version's, or it cannot be written.
    """
    path = directory / FILE_NAME
    try:
        before = path.stat().st_ino
        _write(path, entry)
        moved = path.stat().st_ino != before
    except FileNotFoundError:
        raise EvidenceUnavailable(f"there is no ledger at {path}") from None
    except (OSError, sqlite3.DatabaseError) as fault:
        raise EvidenceUnavailable(f"the ledger cannot be written: {clean(str(fault))}") from fault
    if moved:
        raise EvidenceUnavailable("the ledger was put aside meanwhile; try again")


def _write(path: Path, entry: Event | Review) -> None:
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    connection = sqlite3.connect(address, _PATIENCE_SECONDS, isolation_level=None, uri=True)
    with closing(connection), transaction(connection, durable=True):
        version, known = version_of(connection), len(steps())
        if version != known:
            raise EvidenceUnavailable(f"the ledger has schema version {version}, not {known}")
        keep(connection, entry)
