"""The commands that look after the ledger."""

import sqlite3
import sys
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from probe.clock import SystemClock
from probe.commands.flags import (
    DataDirFlag,
)
from probe.commands.form import command_line
from probe.commands.leaving import complain, leave, process_of
from probe.domain.text import clean
from probe.evidence import (
    MAX_LINE_BYTES,
    ImportRefused,
    examine,
    export_lines,
    import_lines,
)
from probe.ports import EvidenceUnavailable
from probe.terminal.console import console_for
from probe.terminal.exit_code import ExitCode
from probe.terminal.ledger_report import LedgerFacts, print_ledger
from probe.terminal.wording import counted

app = command_line(
    no_args_is_help=True,
    help="Look after the ledger, or move it to another house.",
    epilog="""\b
Examples:
  delivery-probe ledger check --data-dir /data
  delivery-probe ledger export --data-dir /data | gzip > ledger.jsonl.gz
  zcat ledger.jsonl.gz | delivery-probe ledger import - --data-dir /other
""",
)


@app.command(name="check")
def check_(data_dir: DataDirFlag = None) -> None:
    """Say what is in the ledger, and whether it is sound. Exit code 0, 1 if not, 2 if none."""
    leave(_check(process_of(data_dir=data_dir).data_dir))


@app.command(name="export")
def export_(data_dir: DataDirFlag = None) -> None:
    """Write the ledger to stdout as JSON Lines; it may be in use."""
    leave(_export(process_of(data_dir=data_dir).data_dir))


@app.command(name="import")
def import_(
    file: Annotated[typer.FileBinaryRead, typer.Argument(help="An export; - for stdin")],
    data_dir: DataDirFlag = None,
) -> None:
    """Make a ledger from an export, where there is none yet."""
    leave(_import(process_of(data_dir=data_dir).data_dir, file))


def _check(directory: Path) -> int:
    """Say what is in the ledger and whether it is sound; 1 if it is not."""
    try:
        found = examine(directory)
    except EvidenceUnavailable as fault:
        return complain(str(fault))
    facts = LedgerFacts(
        path=str(found.path),
        schema_version=found.schema_version,
        size_bytes=found.size_bytes,
        rows=found.rows,
        oldest_at=found.oldest_at,
        faults=found.faults,
        aside=found.aside,
    )
    print_ledger(console_for(sys.stdout), facts)
    return ExitCode.PASSED if found.sound else ExitCode.FAILED


def _export(directory: Path) -> int:
    """Write the ledger to stdout as JSON Lines, as of one moment."""
    try:
        sys.stdout.buffer.writelines(export_lines(directory, SystemClock().now()))
        sys.stdout.buffer.flush()
    except EvidenceUnavailable as fault:
        return complain(str(fault))
    return ExitCode.PASSED


def _import(directory: Path, source: BinaryIO) -> int:
    """Make a ledger from the lines of an export."""
    try:
        lines = iter(lambda: source.readline(MAX_LINE_BYTES + 1), b"")
        count = import_lines(directory, lines)
    except ImportRefused as fault:
        return complain(str(fault))
    except (OSError, sqlite3.DatabaseError) as fault:
        return complain(f"cannot write a ledger in {directory}: {clean(str(fault))}")
    sys.stdout.write(f"{counted(count, 'line')} taken in\n")
    return ExitCode.PASSED
