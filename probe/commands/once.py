"""The command that probes everything once."""

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from probe.app import outfit
from probe.clock import SystemClock
from probe.commands.configured import settings_of
from probe.commands.flags import (
    ConfigFlag,
    RegionFlag,
)
from probe.commands.form import command_line
from probe.commands.leaving import complain, leave, process_of
from probe.commands.running import run
from probe.domain.observation import Observation
from probe.domain.target import Product, Target
from probe.logs import LogFormat, LogLevel, logging_to
from probe.process import Process
from probe.settings import Settings, load
from probe.terminal.console import console_for
from probe.terminal.exit_code import ExitCode, exit_code
from probe.terminal.json_lines import json_line
from probe.terminal.output import OutputLost
from probe.terminal.progress import progress_bar
from probe.terminal.table import print_table

_T = TypeVar("_T")


app = command_line()


class OnceFormat(StrEnum):
    """How ``once`` shows what it found."""

    TABLE = "table"
    JSONL = "jsonl"


@app.command(
    epilog="""\b
Examples:
  delivery-probe once --config probe.yaml
  delivery-probe once --format jsonl | jq 'select(.verdict == "failed")'

Exit code: 0 all passed, 1 something failed, 2 usage or configuration, 3 nothing failed but
something is not known.
""",
)
def once(
    config: ConfigFlag = None,
    region: RegionFlag = None,
    form: Annotated[OnceFormat, typer.Option("--format", help="How to show it")] = OnceFormat.TABLE,
) -> None:
    """Probe every artifact at every endpoint once."""
    process = process_of(config=config, region=region)
    if not process.role.probes:
        raise typer.Exit(complain(f"a process with the role {process.role} probes nothing"))
    settings = settings_of(load(process.config, regions=process.region))
    with logging_to(sys.stderr, LogLevel.WARNING, LogFormat.AUTO, SystemClock().now):
        leave(run(_probe_everything(process, settings, as_lines=form is OnceFormat.JSONL)))


async def _probe_everything(process: Process, settings: Settings, *, as_lines: bool) -> int:
    """Probe every target once; print a table, or with *as_lines* one JSON object for each."""
    seen: list[Observation] = []
    async with outfit(process, settings) as parts:
        engine = parts.engine
        await engine.refresh()
        without = [each for each in engine.products if each.key not in engine.snapshot.kept]
        with progress_bar(console_for(sys.stderr), len(engine.targets)) as advance:
            lines = _Lines()

            def show(observation: Observation) -> None:
                seen.append(observation)
                advance(observation)
                if as_lines:
                    lines.write(observation)

            try:
                held = await lines.while_heard(engine.probe_all(show))
            finally:
                await engine.drain(0)
    if not as_lines:
        print_table(console_for(sys.stdout), seen)
    code = exit_code(observation.verdict for observation in seen)
    unknown = _tell_unprobed(without, held)
    return ExitCode.INCONCLUSIVE if unknown and code is ExitCode.PASSED else code


class _Lines:
    """Prints observations as they come, for as long as somebody reads them."""

    def __init__(self) -> None:
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def write(self, observation: Observation) -> None:
        """Print one line. Never raises, as whoever probes would contain that and go on."""
        try:
            sys.stdout.write(json_line(observation) + "\n")
        except OutputLost as fault:
            if not self._lost.done():
                self._lost.set_exception(fault)

    async def while_heard(self, work: Coroutine[None, None, _T]) -> _T:
        """
        Return what comes of *work*.

        Raises:
            OutputLost: a line could not be written; *work* was cancelled.
        """
        working = asyncio.ensure_future(work)
        try:
            await asyncio.wait((working, self._lost), return_when=asyncio.FIRST_COMPLETED)
            if self._lost.done():
                self._lost.result()
            return working.result()
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


def _tell_unprobed(without: Sequence[Product], held: Sequence[Target]) -> bool:
    for product in without:
        complain(f"{product.name} ({product.channel}): no catalog, so nothing of it was probed")
    for target in held:
        complain(f"{target.key}: not probed, because no origin has it yet")
    return bool(without or held)
