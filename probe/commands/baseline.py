"""The command that says where targets could be."""

import sys
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import typer

from probe.answers import baselines_of
from probe.clock import SystemClock
from probe.commands.asking import (
    ChannelFlag,
    ProductArgument,
    asked_of,
    lasting,
    write,
    write_json,
)
from probe.commands.flags import ConfigFlag, DataDirFlag
from probe.commands.form import command_line
from probe.commands.leaving import complain, leave
from probe.commands.running import run
from probe.kpi import Unknown
from probe.kpi.baseline_record import baseline_record
from probe.ports import EvidenceUnavailable
from probe.terminal.baseline_report import print_baselines
from probe.terminal.baseline_yaml import baselines_yaml
from probe.terminal.console import console_for
from probe.terminal.exit_code import ExitCode
from probe.terminal.ruling import Subject

_SHORTEST, _LONGEST = timedelta(days=30), timedelta(days=90)

_EXAMPLES = """\b
Examples:
  delivery-probe baseline widget
  delivery-probe baseline widget --format yaml       to paste under the product
  delivery-probe baseline widget --window 30d --format json | jq '.kpis[] | {kpi, ask}'

Of shares and latencies it takes each whole week, of releases and incidents each one. What could be
asked is met by three of ten of them and stricter than half: a person decides. Fewer than 8 weeks,
5 releases or 5 incidents are no baseline, and of some KPIs a ledger keeps no past. Where the
configuration names a "prometheus" it speaks for all regions, as far back as it keeps.

Exit code: 0, 2 usage or no ledger, 3 if nothing has a baseline.
"""

app = command_line()


class BaselineFormat(StrEnum):
    """How ``baseline`` shows what could be asked."""

    TABLE = "table"
    YAML = "yaml"
    JSON = "json"


@app.command(epilog=_EXAMPLES)
def baseline(
    product: ProductArgument,
    channel: ChannelFlag = "",
    config: ConfigFlag = None,
    data_dir: DataDirFlag = None,
    window: Annotated[str, typer.Option(metavar="TIME", help="How far back, 30d to 90d")] = "90d",
    form: Annotated[BaselineFormat, typer.Option("--format", help="How to show it")] = (
        BaselineFormat.TABLE
    ),
    *,
    every: Annotated[
        bool, typer.Option("--all", help="With yaml: every KPI, not a first choice of five")
    ] = False,
) -> None:
    """Say what the KPIs of a product came to, and where their targets could be."""
    span = lasting(window, "--window", _SHORTEST, _LONGEST)
    sources, found = asked_of(config, data_dir, product, channel)
    try:
        known = run(baselines_of(sources, found, SystemClock().now(), span))
    except EvidenceUnavailable as fault:
        raise typer.Exit(complain(str(fault))) from None
    subject = Subject(*found.product.key)
    match form:
        case BaselineFormat.TABLE:
            print_baselines(console_for(sys.stdout), subject, known.window, known.each)
        case BaselineFormat.YAML:
            first = {*found.starter_set, *(each.kpi for each in found.objectives)}
            wanted = (each for each in known.each if every or each.kpi.name in first)
            write(baselines_yaml(subject, wanted, found.objectives))
        case BaselineFormat.JSON:
            write_json(baseline_record(known.each, found.product.key, known.window))
    nothing = all(isinstance(each.spread, Unknown) for each in known.each)
    leave(ExitCode.INCONCLUSIVE if nothing else ExitCode.PASSED)
