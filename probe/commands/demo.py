"""The command that plays a small world."""

import asyncio
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from probe.app import running
from probe.clock import SystemClock
from probe.commands.form import command_line
from probe.commands.leaving import complain, leave, process_of
from probe.commands.running import run
from probe.demo.configuration import configuration
from probe.demo.play import Tempo
from probe.demo.screen import plain_lines
from probe.demo.show import Show
from probe.demo.stage import Stage
from probe.demo.world import World, open_world
from probe.logs import LogFormat, LogLevel, logging_to
from probe.process import Process
from probe.settings import Settings, load
from probe.terminal.console import console_for
from probe.web import CannotListen

app = command_line()


@app.command(
    epilog="""\b
Examples:
  delivery-probe demo                       stays up after the script, until Ctrl-C
  delivery-probe demo --once --speed 2      exit code 0 if every scripted fault was found
""",
)
def demo(
    *,
    listen: Annotated[str, typer.Option(help="host:port to serve on")] = "127.0.0.1:29464",
    once: Annotated[bool, typer.Option("--once", help="End after the script")] = False,
    speed: Annotated[float, typer.Option(min=0.1, max=10, help="How fast the script goes")] = 1.0,
) -> None:
    """Play a small world of releases on loopback, with faults, and find them."""
    process = process_of(listen=listen, drain="2s")
    with logging_to(sys.stderr, LogLevel.ERROR, LogFormat.AUTO, SystemClock().now):
        leave(run(_play_demo(process, speed=speed, stay=not once)))


async def _play_demo(process: Process, *, speed: float, stay: bool) -> int:
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
