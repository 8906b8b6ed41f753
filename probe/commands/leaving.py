"""How a command begins with what it was told, and how it ends."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from probe.domain.fault import Fault
from probe.process import Process, environment
from probe.terminal.exit_code import ExitCode
from probe.terminal.faults import print_faults


def process_of(**flags: object) -> Process:
    """Return what the environment and *flags* say, or end with every fault of theirs."""
    found = environment(flags)
    return found if isinstance(found, Process) else give_up(found)


def give_up(faults: Sequence[Fault]) -> NoReturn:
    """End the command with *faults*."""
    print_faults(sys.stderr, [str(fault) for fault in faults])
    raise typer.Exit(ExitCode.USAGE)


def leave(code: int) -> NoReturn:
    """End the command with an exit code."""
    raise typer.Exit(code)


def complain(line: str) -> int:
    """Say on stderr why a command cannot do what it was asked to; return the exit code for that."""
    sys.stderr.write(f"delivery-probe: {line}\n")
    return ExitCode.USAGE
