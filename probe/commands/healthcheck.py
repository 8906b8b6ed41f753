"""The command that asks a running service whether it is there."""

import sys
from typing import Annotated

import typer

from probe.commands.flags import (
    ListenFlag,
)
from probe.commands.form import command_line
from probe.commands.leaving import leave, process_of
from probe.health import HEALTHY, READY, ask
from probe.terminal.exit_code import ExitCode

app = command_line()


@app.command(
    epilog="""\b
Examples:
  delivery-probe healthcheck                asks where PROBE_LISTEN says that it listens
  delivery-probe healthcheck --ready        passes only once a catalog was read
  HEALTHCHECK CMD ["delivery-probe", "healthcheck"]
""",
)
def healthcheck(
    *,
    listen: ListenFlag = None,
    ready: Annotated[bool, typer.Option("--ready", help="Ask whether it is ready, too")] = False,
) -> None:
    """Ask the service on this machine whether it is there. Exit code 0, or 1 if it is not."""
    process = process_of(listen=listen)
    answer = ask(process.listen, READY if ready else HEALTHY, process.prefix)
    stream = sys.stdout if answer.fine else sys.stderr
    stream.write(f"{answer.line}\n")
    leave(ExitCode.PASSED if answer.fine else ExitCode.FAILED)
