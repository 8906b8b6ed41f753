"""The command that says what is known of a release, on six lines and by target."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from probe.answers import Question, card_of
from probe.clock import SystemClock
from probe.commands.asking import ChannelFlag, ProductArgument, asked_of, write, write_json
from probe.commands.flags import ConfigFlag, DataDirFlag
from probe.commands.form import command_line
from probe.commands.leaving import complain
from probe.commands.running import run
from probe.domain.gate_record import Record
from probe.kpi.scorecard_record import scorecard_record
from probe.pages import scorecard_sheet
from probe.ports import EvidenceUnavailable
from probe.terminal.console import console_for
from probe.terminal.scorecard_report import print_scorecard, scorecard_markdown

_EXAMPLES = """\b
Examples:
  delivery-probe scorecard widget                    of the last 30 days
  delivery-probe scorecard widget 1.4.2 --config probe.yaml --data-dir /data
  delivery-probe scorecard widget 1.4.2 --format markdown >> notes.md
  delivery-probe scorecard widget 1.4.2 --format html > 1.4.2.html     stands alone
  delivery-probe scorecard widget --format json | jq .availability.ratio

Asks the Prometheus of the configuration, over all regions. Without one it reads the ledger that
"serve" writes, of this region alone. Exit code: 0, or 2 if there is no evidence.
"""

app = command_line()


class ScorecardFormat(StrEnum):
    """How ``scorecard`` shows what is known."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


@app.command(epilog=_EXAMPLES)
def scorecard(
    product: ProductArgument,
    version: Annotated[str, typer.Argument(help="A release; without it, the last 30 days")] = "",
    channel: ChannelFlag = "",
    config: ConfigFlag = None,
    data_dir: DataDirFlag = None,
    form: Annotated[ScorecardFormat, typer.Option("--format", help="How to show it")] = (
        ScorecardFormat.TABLE
    ),
) -> None:
    """Say what is known of a release or a product, on six lines and by target."""
    sources, found = asked_of(config, data_dir, product, channel)
    try:
        card = run(card_of(sources, Question(found, version, SystemClock().now())))
    except EvidenceUnavailable as fault:
        raise typer.Exit(complain(str(fault))) from None
    match form:
        case ScorecardFormat.TABLE:
            print_scorecard(console_for(sys.stdout), card.scorecard, card.gate)
        case ScorecardFormat.JSON:
            write_json(scorecard_record(card.scorecard, card.gate))
        case ScorecardFormat.MARKDOWN:
            write(scorecard_markdown(card.scorecard, card.gate))
        case ScorecardFormat.HTML:
            _write_page(scorecard_record(card.scorecard, card.gate))


def _write_page(record: Record) -> None:
    # Whatever the encoding of the terminal or the file: what is not ASCII is written as HTML can.
    write(scorecard_sheet(record).html.encode("ascii", "xmlcharrefreplace").decode("ascii"))
