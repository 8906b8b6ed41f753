"""The command that judges whether a release may go on."""

import sys
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from probe.answers import Question, gate_in_any_case
from probe.clock import SystemClock
from probe.commands.asking import (
    ChannelFlag,
    ProductArgument,
    asked_of,
    lasting,
    write,
    write_json,
)
from probe.commands.elsewhere import Asked, remote_gate
from probe.commands.flags import ConfigFlag, DataDirFlag
from probe.commands.form import command_line
from probe.commands.leaving import complain, leave
from probe.commands.running import run
from probe.domain.gate import Gate, Ruling
from probe.domain.gate_record import gate_record
from probe.domain.text import clean
from probe.process import step_summary
from probe.terminal.console import console_for
from probe.terminal.exit_code import ExitCode
from probe.terminal.gate_junit import gate_junit
from probe.terminal.gate_report import print_gate, summary
from probe.terminal.gate_summary import gate_summary
from probe.terminal.ruling import Subject
from probe.terminal.waiting import waiting

_MOST_PATIENCE = timedelta(days=1)

_EXIT_CODES = {
    Ruling.PASS: ExitCode.PASSED,
    Ruling.FAIL: ExitCode.FAILED,
    Ruling.UNKNOWN: ExitCode.INCONCLUSIVE,
}

_EXAMPLES = """\b
Examples:
  delivery-probe gate widget 1.4.2 && ./announce.sh
  delivery-probe gate widget 1.4.2 --wait 15m --regions 3
  delivery-probe gate widget 1.4.2 --url https://probe.example.com --wait 15m
  delivery-probe gate widget 1.4.2 --format junit > gate.xml
  delivery-probe gate widget 1.4.2 --format github   adds to the summary of the job

Judges the targets of the product; those with "mode: gate" count. It asks the Prometheus of the
configuration, over all regions; without one the ledger that "serve" writes, of this region alone.
With --url it asks a service that runs elsewhere, which judges by its own configuration.
What is not known does not pass, nor does evidence that is older than 15 minutes.

Exit code: 0 pass, 1 fail, 2 usage, 3 unknown.
"""

app = command_line()


class GateFormat(StrEnum):
    """How ``gate`` shows what it holds."""

    TABLE = "table"
    JSON = "json"
    JUNIT = "junit"
    GITHUB = "github"


_URL = "Ask the service that runs there, in place of a configuration"
_CREDENTIALS = "With --url: a file with user:password on one line"
_WAIT = "How long to wait for a pass; it ends with the first"


@app.command(epilog=_EXAMPLES)
def gate(
    product: ProductArgument,
    version: Annotated[str, typer.Argument(help="The release")],
    channel: ChannelFlag = "",
    url: Annotated[str, typer.Option(help=_URL)] = "",
    credentials: Annotated[Path | None, typer.Option(metavar="FILE", help=_CREDENTIALS)] = None,
    config: ConfigFlag = None,
    data_dir: DataDirFlag = None,
    wait: Annotated[str, typer.Option(metavar="TIME", help=_WAIT)] = "0s",
    regions: Annotated[
        int, typer.Option(min=1, help="From how many regions evidence has to come")
    ] = 1,
    form: Annotated[GateFormat, typer.Option("--format", help="How to show it")] = (
        GateFormat.TABLE
    ),
) -> None:
    """Judge whether a release may go on, by its targets. Unknown does not pass."""
    patience = lasting(wait, "--wait", timedelta(), _MOST_PATIENCE)
    clock = SystemClock()
    if url:
        asked = remote_gate(url, credentials, Subject(product, channel, version), regions)
    else:
        sources, found = asked_of(config, data_dir, product, channel)
        asked = Asked(
            Subject(product, found.product.channel, version),
            lambda: gate_in_any_case(sources, Question(found, version, clock.now(), regions)),
        )
    with waiting(console_for(sys.stderr), asked.subject) as tell:
        judged = run(asked.await_pass(clock, patience, tell))
    _show(form, asked.subject, judged)
    for line in asked.complaints:
        complain(line)
    leave(_EXIT_CODES[judged.ruling])


def _show(form: GateFormat, subject: Subject, judged: Gate) -> None:
    match form:
        case GateFormat.TABLE:
            print_gate(console_for(sys.stdout), subject, judged)
        case GateFormat.JSON:
            write_json(gate_record(judged, subject.product, subject.channel, subject.version))
        case GateFormat.JUNIT:
            write(gate_junit(subject, judged))
        case GateFormat.GITHUB:
            _summarize(step_summary(), subject, judged)


def _summarize(path: Path | None, subject: Subject, judged: Gate) -> None:
    text = gate_summary(subject, judged)
    if path is None:
        write(text)
        return
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{text}\n")
    except OSError as fault:
        complain(f"GITHUB_STEP_SUMMARY cannot be written: {fault.strerror}")
        write(text)
    else:
        write(clean(f"{judged.ruling}: {subject}: {summary(judged)}", 500) + "\n")
