"""Reading a ledger in from lines: all of it, or nothing."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from probe.domain.text import clean
from probe.evidence.connection import FILE_NAME, SIDE_FILES, Lock, open_writer
from probe.evidence.lines import FORMAT, KINDS, End, Header, record_of
from probe.evidence.placing import Misplaced, Placing
from probe.evidence.reading import reading_connection
from probe.evidence.register import TABLES
from probe.evidence.schema import fill_in, migrate, steps
from probe.ports import EvidenceUnavailable

MAX_LINE_BYTES = 16 * 1024 * 1024
LINES_PER_COMMIT = 2_000


class ImportRefused(Exception):
    """The lines are no ledger, or there is one where they should go. Says where and why."""


def import_lines(directory: Path, lines: Iterable[bytes]) -> int:
    """
    Make a ledger in *directory* from the lines of an export; return how many they were.

    Nothing is left behind where the lines are refused.

    Raises:
        ImportRefused: a line is not as it should be, or there is a ledger with something in it.
        OSError: the directory cannot be written to, or another process writes there.
        sqlite3.DatabaseError: the disk is full, or fails.
    """
    directory.mkdir(parents=True, exist_ok=True)
    lock = Lock(directory)
    growing = directory / f"{FILE_NAME}.importing"
    try:
        _refuse_to_overwrite(directory)
        _remove(growing)
        count = _fill(growing, lines)
        _remove(directory / FILE_NAME)
        growing.rename(directory / FILE_NAME)
        _sync(directory)
    finally:
        _remove(growing)
        lock.release()
    return count


def _fill(path: Path, lines: Iterable[bytes]) -> int:
    with closing(open_writer(path)) as connection:
        migrate(connection)
        placing = Placing(connection)
        connection.execute("BEGIN")
        number = version = 0
        for number, record in _read(lines):
            if isinstance(record, Header):
                version = record.schema
            try:
                placing.place(record)
            except Misplaced as fault:
                raise ImportRefused(f"line {number}: {fault}") from None
            if number % LINES_PER_COMMIT == 0:
                connection.execute("COMMIT")
                connection.execute("BEGIN")
        placing.finish()
        fill_in(connection, version)
        connection.execute("COMMIT")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return number


def _read(lines: Iterable[bytes]) -> Iterator[tuple[int, object]]:
    """Yield each line's number and record; header and end are looked at and passed on too."""
    number, ended = 0, False
    for number, line in enumerate(lines, 1):
        if ended:
            raise ImportRefused(f"line {number}: comes after the end")
        record = _parse(number, line)
        if (number == 1) is not isinstance(record, Header):
            raise ImportRefused(f"line {number}: an export begins with one line of kind ledger")
        if isinstance(record, Header):
            _look_at(record)
        if isinstance(record, End):
            ended = True
            if record.lines != number - 1:
                raise ImportRefused(f"line {number}: {record.lines} lines should come before it")
        yield number, record
    if not ended:
        raise ImportRefused(f"the lines end after {number}: the export was cut short")


def _parse(number: int, line: bytes) -> object:
    if len(line) > MAX_LINE_BYTES:
        raise ImportRefused(f"line {number}: longer than {MAX_LINE_BYTES} bytes")
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ImportRefused(f"line {number}: not JSON") from None
    kind = str(fields.get("kind")) if isinstance(fields, dict) else ""
    if kind not in KINDS:
        raise ImportRefused(f"line {number}: unknown kind {clean(kind, 40)!r}")
    try:
        return record_of(kind, line)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ImportRefused(f"line {number}: {clean(place, 80)}: {first['msg']}") from None


def _look_at(header: Header) -> None:
    if header.format != FORMAT or header.schema > len(steps()):
        raise ImportRefused(
            f"line 1: format {header.format} of schema version {header.schema}; this program reads "
            f"format {FORMAT} up to version {len(steps())}"
        )


def _refuse_to_overwrite(directory: Path) -> None:
    if not (directory / FILE_NAME).exists():
        return
    tables = ("segment", "target", "release", *(table.name for table in TABLES))
    try:
        with reading_connection(directory) as connection:
            filled = [
                name
                for name in tables
                if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()
            ]
    except EvidenceUnavailable as fault:
        raise ImportRefused(f"{directory / FILE_NAME} is in the way: {fault}") from None
    if filled:
        raise ImportRefused(f"{directory / FILE_NAME} is a ledger with something in it")


def _remove(path: Path) -> None:
    for end in ("", *SIDE_FILES):
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)


def _sync(directory: Path) -> None:
    # A rename is on the disk when its directory is.
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
