"""The tables, as steps: each file takes a ledger from one schema version to the next."""

import sqlite3
from importlib import resources

from probe.evidence import bins

_FILLED_SINCE = 8


class NewerSchema(Exception):
    """A later release of this program wrote the ledger. The text says which version it has."""


def steps() -> tuple[str, ...]:
    """Return the SQL of every step, in order; the number of steps is the schema version."""
    files = [each for each in resources.files(__name__).iterdir() if each.name.endswith(".sql")]
    return tuple(each.read_text("utf-8") for each in sorted(files, key=lambda each: each.name))


def version_of(connection: sqlite3.Connection) -> int:
    """Return the schema version of a ledger; 0 is an empty file."""
    [version] = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def migrate(connection: sqlite3.Connection) -> None:
    """
    Take a ledger to the current version; each step is done whole or not at all.

    Raises:
        NewerSchema: the ledger is ahead of this program. It is left as it is.
    """
    wanted = steps()
    version = version_of(connection)
    if version > len(wanted):
        raise NewerSchema(
            f"the ledger has schema version {version}, this program knows up to {len(wanted)}: "
            "use the program that wrote it, or another data directory"
        )
    # What a step cannot say in SQL.
    connection.create_function("bins_of", 1, _bins_of, deterministic=True)
    for number, step in enumerate(wanted[version:], version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;"
        )


def fill_in(connection: sqlite3.Connection, version: int) -> None:
    """
    Fill in what rows of a ledger of *version* lack, once they are in one of today.

    Only steps that say so in plain updates need it; of those before them records have defaults.
    """
    for step in steps()[max(version, _FILLED_SINCE - 1) :]:
        for statement in map(str.strip, step.split(";\n")):
            if statement.startswith("UPDATE "):
                connection.execute(statement)


def _bins_of(durations: str | None) -> bytes | None:
    """Return durations as they are from step 7 on; of what cannot be read, none."""
    try:
        return bins.pack(bins.from_text(durations))
    except ValueError:
        return None
