"""The command by which somebody lets a release pass a gate."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from probe.clock import SystemClock
from probe.commands.asking import ChannelFlag, ProductArgument, asked_of, lasting
from probe.commands.flags import ConfigFlag, DataDirFlag
from probe.commands.form import command_line
from probe.commands.leaving import complain
from probe.decisions import override_of
from probe.domain.override import LONGEST, Word
from probe.domain.text import clean
from probe.domain.told import Unfit
from probe.evidence import add
from probe.ports import EvidenceUnavailable
from probe.terminal.console import console_for
from probe.terminal.gate_report import print_override

_EXAMPLES = """\b
Examples:
  delivery-probe override widget 1.4.2 signature_coverage --for 2d \\
      --who ada --why "the signing key rotates, OPS-12"
  delivery-probe override widget 1.4.2 signature_coverage --take-back \\
      --who bob --why "signed now"

Until that time is over, this KPI does not stop this release; the gate says who said so, and why.
It is kept in the ledger, beside a running "serve". Over HTTP, with the token of the API:
POST /api/v1/gate/widget/1.4.2/override {"kpi": ..., "who": ..., "why": ..., "until": ...}

Exit code: 0, or 2 if it cannot be taken.
"""

app = command_line()

_LEAST = timedelta(minutes=1)


@app.command(epilog=_EXAMPLES)
def override(
    product: ProductArgument,
    version: Annotated[str, typer.Argument(help="The release")],
    kpi: Annotated[str, typer.Argument(metavar="KPI", help="The target that may be missed")],
    who: Annotated[str, typer.Option(help="Who answers for it")],
    why: Annotated[str, typer.Option(help="The reason, as an issue's number")],
    channel: ChannelFlag = "",
    config: ConfigFlag = None,
    data_dir: DataDirFlag = None,
    span: Annotated[
        str, typer.Option("--for", metavar="TIME", help="For how long, at most 30d")
    ] = "",
    *,
    take_back: Annotated[bool, typer.Option("--take-back", help="End an override")] = False,
) -> None:
    """Let a release pass although it misses a target, for a time."""
    if bool(span) is take_back:
        raise typer.BadParameter("say for how long, or --take-back", param_hint="--for")
    sources, found = asked_of(config, data_dir, product, channel)
    now = SystemClock().now()
    until = None if take_back else now + lasting(span, "--for", _LEAST, LONGEST)
    said = (clean(who, 200), clean(why, 2000))
    word = Word(product, found.product.channel, clean(version, 100), kpi, *said, now, until)
    try:
        event = override_of(sources.directory, found, word)
        if event is not None:
            add(sources.directory, event)
    except (Unfit, EvidenceUnavailable) as fault:
        raise typer.Exit(complain(str(fault))) from None
    print_override(console_for(sys.stdout), word, known=event is None)
