"""What can be wrong with the ledger's file, and what is to be done about it."""

import errno
import sqlite3
from enum import StrEnum

from probe.evidence.schema import NewerSchema


class Damaged(Exception):
    """A row holds what this program does not write."""


class Trouble(StrEnum):
    """Why there is no ledger at the moment."""

    DAMAGED = "damaged"
    FULL = "full"
    UNWRITABLE = "unwritable"
    IN_USE = "in_use"
    NEWER = "newer"
    FAILED = "failed"

    @property
    def passes(self) -> bool:
        """Tell whether trying again may help."""
        return self is not Trouble.NEWER


_TROUBLES = {
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.UNWRITABLE,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNWRITABLE,
    sqlite3.SQLITE_PERM: Trouble.UNWRITABLE,
    sqlite3.SQLITE_BUSY: Trouble.IN_USE,
    sqlite3.SQLITE_LOCKED: Trouble.IN_USE,
}

# Extended result codes carry the primary code in their lowest byte (sqlite.org/rescode.html).
_PRIMARY = 0xFF


Fault = sqlite3.DatabaseError | OSError | Damaged | NewerSchema

# What a use of the file can raise that is no bug; to be caught together.
FAULTS = (sqlite3.DatabaseError, OSError, Damaged, NewerSchema)


def trouble_of(fault: Fault) -> Trouble:
    """
    Return what *fault* says of the file.

    Raises:
        sqlite3.DatabaseError: *fault* itself, where it is no fault of the file but a bug.
    """
    match fault:
        case NewerSchema():
            return Trouble.NEWER
        case Damaged():
            return Trouble.DAMAGED
        case BlockingIOError():
            return Trouble.IN_USE
        case OSError():
            return Trouble.FULL if fault.errno == errno.ENOSPC else Trouble.UNWRITABLE
        case sqlite3.IntegrityError() | sqlite3.ProgrammingError() | sqlite3.DataError():
            raise fault
    return _TROUBLES.get(fault.sqlite_errorcode & _PRIMARY, Trouble.FAILED)
