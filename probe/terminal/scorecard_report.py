"""What ``scorecard`` prints: six lines and what is held of the targets; also in Markdown."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from probe.domain.gate import Gate
from probe.kpi.scorecard import Scorecard
from probe.terminal.console import ascii_only
from probe.terminal.gate_report import HEADINGS, in_order, objectives_table, row
from probe.terminal.markdown import escaped
from probe.terminal.markdown import table as markdown_table
from probe.terminal.ruling import SYMBOLS
from probe.terminal.scorecard_lines import headline, scorecard_lines
from probe.terminal.wording import plain

_LINE = 1000
_NO_TARGETS = "no targets are configured for it"


def print_scorecard(console: Console, card: Scorecard, gate: Gate) -> None:
    """Print the six lines, and under them the objectives."""
    console.print(plain(headline(card), _LINE), soft_wrap=True)
    table = Table(box=box.SIMPLE, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for line in scorecard_lines(card):
        table.add_row(Text(line.title), Text("\n").join(plain(each, _LINE) for each in line.said))
    console.print(table)
    if gate.judged:
        console.print(objectives_table(gate.judged, ascii_only=ascii_only(console)))
    else:
        console.print(Text(_NO_TARGETS))


def scorecard_markdown(card: Scorecard, gate: Gate) -> str:
    """Return the six lines and the objectives as two tables."""
    lines = [f"## {escaped(headline(card))}", ""]
    said = ((line.title, "; ".join(line.said)) for line in scorecard_lines(card))
    lines += [*markdown_table(("line", "what is known"), said), ""]
    if not gate.judged:
        return "\n".join([*lines, f"{_NO_TARGETS}.", ""])
    heading = f"### Targets: {SYMBOLS[gate.ruling][0]} {gate.ruling}"
    rows = map(row, in_order(gate.judged))
    return "\n".join([*lines, heading, "", *markdown_table(HEADINGS, rows), ""])
