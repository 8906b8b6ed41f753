"""The command that says what is wrong with a configuration."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from probe.answers import unfounded
from probe.clock import SystemClock
from probe.commands.configured import settings_of
from probe.commands.flags import (
    DataDirFlag,
)
from probe.commands.form import command_line
from probe.commands.leaving import process_of
from probe.settings import load
from probe.terminal.config_report import print_accepted
from probe.terminal.console import console_for

app = command_line()


@app.command(
    epilog="""\b
Examples:
  delivery-probe check-config probe.yaml
  delivery-probe check-config --strict probe.yaml     in the pipeline of the configuration

With --strict, advice counts as a fault: one KPI of each category, two ways to the files, two
regions, an owner for everything, something that stops a release. Whether a target may be of kind
sla, the ledger in --data-dir says. Exit code 0, or 2.
""",
)
def check_config(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The configuration file")],
    data_dir: DataDirFlag = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Let advice count as faults")] = False,
) -> None:
    """Say everything that is wrong with a configuration file, or could be better."""
    settings = settings_of(load(path))
    directory = process_of(data_dir=data_dir).data_dir
    early = unfounded(directory, settings.promises, SystemClock().now())
    if faults := (*early.values(), *(settings.advice if strict else ())):
        settings_of(faults)
    products = [each.product for each in settings.products]
    print_accepted(console_for(sys.stdout), products, settings.regions, len(settings.advice))
