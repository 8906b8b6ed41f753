"""Connections to the ledger's file, and the lock that keeps a second writer away from it."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from probe.domain.text import clean
from probe.evidence.bins import AddBins
from probe.evidence.breath import STEPS, breathe
from probe.ports import EvidenceUnavailable

FILE_NAME = "ledger.db"
SIDE_FILES = ("-wal", "-shm")

_BUSY_SECONDS = 2.0
# The write-ahead log is cut back to this size whenever it has been folded into the file.
_LOG_BYTES = 16 * 1024 * 1024


def open_writer(path: Path) -> sqlite3.Connection:
    """
    Open the ledger at *path* for writing; it is made where there is none.

    Raises:
        sqlite3.DatabaseError: the file cannot be opened, or is no ledger.
    """
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        [(pages,)] = connection.execute("PRAGMA page_count")
        if not pages:
            # Can be said only before there is a page, so before the log is switched on.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16384")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """
    Open the ledger at *path* for reading alone.

    Raises:
        sqlite3.DatabaseError: there is no such file, or it cannot be opened.
    """
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(address, timeout=_BUSY_SECONDS, isolation_level=None, uri=True)
    connection.create_aggregate("add_bins", 1, AddBins)  # type: ignore[arg-type]  # mypy knows of numbers alone
    connection.set_progress_handler(breathe, STEPS)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, *, durable: bool = False) -> Iterator[None]:
    """
    Commit what is done in the block, or nothing of it.

    What is committed survives the end of the process; what is *durable*, also that of the machine.
    """
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        # SQLite has ended the transaction itself where it ran into a full disk.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


class Lock:
    """Keeps the directory for one writer, for as long as the process lives or until released."""

    def __init__(self, directory: Path) -> None:
        """
        Take the lock.

        Raises:
            BlockingIOError: another process has it.
            OSError: the directory cannot be written to.
        """
        self._file = os.open(
            directory / "ledger.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644
        )
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise

    def release(self) -> None:
        """Let another writer in."""
        os.close(self._file)


def ledger_in(directory: Path) -> Path:
    """
    Return where the ledger of *directory* is.

    Raises:
        EvidenceUnavailable: there is none, or one may not even look.
    """
    path = directory / FILE_NAME
    try:
        path.stat()
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or str(fault)
        more = "" if isinstance(fault, FileNotFoundError) else f": {why}"
        raise EvidenceUnavailable(f"there is no ledger at {clean(str(path), 200)}{more}") from None
    return path
