"""The command that downloads one URL."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from probe.app import outside, probe_url
from probe.clock import SystemClock
from probe.commands.form import command_line
from probe.commands.leaving import complain, leave
from probe.commands.running import run
from probe.domain.artifact import Digest
from probe.domain.target import Depth, Limits, Target
from probe.logs import LogFormat, LogLevel, logging_to
from probe.terminal.console import console_for
from probe.terminal.exit_code import exit_code
from probe.terminal.json_lines import json_line
from probe.terminal.probe_report import print_probe

app = command_line()


class ProbeFormat(StrEnum):
    """How ``probe`` shows what it found."""

    REPORT = "report"
    JSONL = "jsonl"


class WholeOrHead(StrEnum):
    """How much of one URL is read."""

    FULL = "full"
    HEAD = "head"


@app.command(
    epilog="""\b
Examples:
  delivery-probe probe https://dl.example.com/widget-1.4.2.tar.gz
  delivery-probe probe https://dl.example.com/widget-1.4.2.tar.gz --sha256 9f86d081884c7d65...
  delivery-probe probe https://dl.example.com/widget-1.4.2.tar.gz --depth head --format jsonl

Exit code: 0 passed, 1 failed, 2 usage, 3 not known.
""",
)
def probe(
    url: Annotated[str, typer.Argument(help="What to download")],
    sha256: Annotated[str | None, typer.Option(help="What its SHA-256 must be")] = None,
    sha512: Annotated[str | None, typer.Option(help="What its SHA-512 must be")] = None,
    size: Annotated[int | None, typer.Option(min=0, help="Its size in bytes")] = None,
    depth: Annotated[WholeOrHead, typer.Option(help="Read it all, or ask for its headers")] = (
        WholeOrHead.FULL
    ),
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for all of it")] = 600.0,
    form: Annotated[ProbeFormat, typer.Option("--format", help="How to show it")] = (
        ProbeFormat.REPORT
    ),
) -> None:
    """Download one URL, phase by phase, and say whether it is the right file."""
    target = _outside(url, sha256, sha512, size, timeout)
    with logging_to(sys.stderr, LogLevel.WARNING, LogFormat.AUTO, SystemClock().now):
        observation = run(probe_url(target, Depth(depth.value)))
    if form is ProbeFormat.JSONL:
        sys.stdout.write(json_line(observation) + "\n")
    else:
        print_probe(console_for(sys.stdout), observation, SystemClock().now())
    leave(exit_code([observation.verdict]))


def _outside(
    url: str, sha256: str | None, sha512: str | None, size: int | None, timeout: float
) -> Target:
    try:
        digests = [Digest.of("sha256", sha256)] if sha256 is not None else []
        digests += [Digest.of("sha512", sha512)] if sha512 is not None else []
        limits = Limits(total_seconds=timeout)
        return outside(url, digests=tuple(digests), size_bytes=size, limits=limits)
    except ValueError as fault:
        raise typer.Exit(complain(str(fault))) from None
