"""The ledger's file, open for writing."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from probe.domain.evidence import Entry
from probe.evidence.connection import FILE_NAME, SIDE_FILES, Lock, open_writer, transaction
from probe.evidence.register import keep
from probe.evidence.schema import migrate
from probe.evidence.track_rows import TrackRows
from probe.evidence.tracks import Track, first_seen


class LedgerFile:
    """One file and its lock, used by one thread. What it raises is in ``trouble.FAULTS``."""

    def __init__(self, directory: Path) -> None:
        """Open the ledger in *directory*; both are made where there is none."""
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = Lock(directory)
        try:
            self.connection = open_writer(directory / FILE_NAME)
            self.rows = TrackRows(self._migrated())
        except BaseException:  # whatever it was: it goes on, and the lock must not stay
            self._lock.release()
            raise

    def write(self, tracks: Sequence[Track], entries: Sequence[Entry]) -> None:
        """Write all of it or nothing; what must not be lost is on the disk afterwards."""
        durable = bool(entries) or bool(first_seen(tracks))
        try:
            with transaction(self.connection, durable=durable):
                self.rows.write(tracks)
                for entry in entries:
                    keep(self.connection, entry)
        except BaseException:  # whatever it was: it goes on, and what is in memory must be undone
            self.rows.rolled_back(tracks)
            raise
        self.rows.committed()

    def close(self) -> None:
        """Close the file; what is written stays."""
        try:
            self.connection.close()
        finally:
            self._lock.release()

    def _migrated(self) -> sqlite3.Connection:
        try:
            migrate(self.connection)
        except BaseException:  # whatever it was: it goes on, and the file must not stay open
            self.connection.close()
            raise
        return self.connection


def size_on_disk(directory: Path) -> int:
    """Return the bytes of the ledger's files."""
    size = 0
    for end in ("", *SIDE_FILES):
        with suppress(FileNotFoundError):
            size += (directory / f"{FILE_NAME}{end}").stat().st_size
    return size


def move_aside(directory: Path, stamp: str) -> Path:
    """
    Put the files of a damaged ledger beside where a new one will be; return the new place.

    Raises:
        OSError: they cannot be moved.
    """
    aside = directory / f"{FILE_NAME}.damaged-{stamp}"
    for end in ("", *SIDE_FILES):
        file = directory / f"{FILE_NAME}{end}"
        if file.exists():
            file.rename(f"{aside}{end}")
    return aside
