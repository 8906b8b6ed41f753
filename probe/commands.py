"""What the commands do once their arguments are values."""

import asyncio
import gc
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

import structlog

from probe import __version__
from probe.app import outfit, running
from probe.clock import SystemClock
from probe.demo.configuration import configuration
from probe.demo.play import Tempo
from probe.demo.screen import plain_lines
from probe.demo.show import Show
from probe.demo.stage import Stage
from probe.demo.world import World, open_world
from probe.domain.observation import Observation
from probe.domain.target import Product, Target
from probe.domain.text import clean
from probe.evidence import (
    MAX_LINE_BYTES,
    ImportRefused,
    examine,
    export_lines,
    import_lines,
)
from probe.ports import EvidenceUnavailable
from probe.reloading import Read, Reloader
from probe.settings import Process, Settings, WebConfig, load
from probe.terminal.console import console_for
from probe.terminal.exit_code import ExitCode, exit_code
from probe.terminal.json_lines import json_line
from probe.terminal.ledger_report import LedgerFacts, print_ledger
from probe.terminal.output import OutputLost
from probe.terminal.progress import progress_bar
from probe.terminal.table import print_table
from probe.terminal.wording import counted
from probe.web import CannotListen
from probe.web.healthcheck import ask

_T = TypeVar("_T")

_log = structlog.get_logger(__name__)

# A probe leaves no cycles behind, so looking for some is seldom worth the time: by default it takes
# a tenth of what a probe costs, and with a large catalog it stalls the loop for 100 ms.
_COLLECT_AFTER = (50_000, 20, 50)

# For how long a thread (ledger, log, a large catalog) may hold up the loop that measures.
_SWITCH_SECONDS = 0.001


async def keep_serving(
    process: Process, settings: Settings, read: Read, web: WebConfig = WebConfig()
) -> int:
    """Probe and serve until SIGTERM or SIGINT; SIGHUP reads the configuration again."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    sys.setswitchinterval(_SWITCH_SECONDS)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    reloads: set[asyncio.Task[tuple[str, ...]]] = set()
    try:
        async with running(process, settings, read, web=web) as service:
            loop.add_signal_handler(signal.SIGHUP, _reload, reloads, service.reload)
            _log.info("serving", url=service.url, version=__version__)
            await stop.wait()
            # Without a handler it would end what is to be drained.
            loop.add_signal_handler(signal.SIGHUP, _ignore)
            await asyncio.gather(*reloads, return_exceptions=True)
    except CannotListen as fault:
        return complain(str(fault))
    return ExitCode.PASSED


def _ignore() -> None:
    """Do nothing: there is nothing left to reload."""


def _reload(reloads: set[asyncio.Task[tuple[str, ...]]], reload: Reloader) -> None:
    reading = asyncio.get_running_loop().create_task(reload())
    # Without a reference it could be collected half-way.
    reloads.add(reading)
    reading.add_done_callback(partial(_reloaded, reloads))


def _reloaded(
    reloads: set[asyncio.Task[tuple[str, ...]]], reading: asyncio.Task[tuple[str, ...]]
) -> None:
    reloads.discard(reading)
    if not reading.cancelled() and (bug := reading.exception()) is not None:
        _log.error("reload failed by a bug", exc_info=bug)


async def probe_everything(process: Process, settings: Settings, *, as_lines: bool) -> int:
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


async def play_demo(process: Process, *, speed: float, stay: bool) -> int:
    """Play the demo's script on a world of its own, and let the service find the faults."""
    clock, console = SystemClock(), console_for(sys.stdout)
    stage = Stage(clock, _silent if console.is_terminal else plain_lines(console, clock))
    with tempfile.TemporaryDirectory(prefix="delivery-demo-") as folder:
        here = process.model_copy(update={"data_dir": Path(folder)})
        async with open_world(clock) as world:
            read = partial(load, await asyncio.to_thread(_write_config, folder, world, speed))
            settings = await asyncio.to_thread(read)
            if not isinstance(settings, Settings):
                raise TypeError(f"the demo's own configuration is refused: {settings[0]}")
            try:
                async with running(here, settings, read, (stage,)) as service:
                    where = {"metrics": f"{service.url}metrics", "page": service.url}
                    show = Show(world, stage, Tempo(clock, speed), console, where)
                    return await show.run(stay=stay)
            except CannotListen as fault:
                return complain(f"{fault}; --listen names another address")


def _silent(_word: str, _line: str) -> None:
    """Say nothing: the board shows it."""


def _write_config(folder: str, world: World, speed: float) -> Path:
    path = Path(folder, "probe.yaml")
    path.write_text(configuration(world.urls, world.manifest_url, world.control_url, speed))
    return path


def ask_health(process: Process, page: str) -> int:
    """Print what the service of *process* says on *page*; 1 if that is not what it should."""
    answer = ask(process.listen, page, process.prefix)
    stream = sys.stdout if answer.fine else sys.stderr
    stream.write(f"{answer.line}\n")
    return ExitCode.PASSED if answer.fine else ExitCode.FAILED


def check_ledger(directory: Path) -> int:
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


def export_ledger(directory: Path) -> int:
    """Write the ledger to stdout as JSON Lines, as of one moment."""
    try:
        sys.stdout.buffer.writelines(export_lines(directory, SystemClock().now()))
        sys.stdout.buffer.flush()
    except EvidenceUnavailable as fault:
        return complain(str(fault))
    return ExitCode.PASSED


def import_ledger(directory: Path, source: BinaryIO) -> int:
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


def complain(line: str) -> int:
    """Say on stderr why a command cannot do what it was asked to; return the exit code for that."""
    sys.stderr.write(f"delivery-probe: {line}\n")
    return ExitCode.USAGE
