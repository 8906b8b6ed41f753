"""What ``review`` prints: a table of targets, and what one has to look at; also in Markdown."""

from rich import box
from rich.console import Console
from rich.table import Table

from probe.kpi.review import Findings
from probe.terminal.markdown import escaped
from probe.terminal.markdown import table as markdown_table
from probe.terminal.review_lines import HEADINGS, headline, row, to_look_at
from probe.terminal.ruling import Subject
from probe.terminal.wording import plain

_LINE = 1000
_NO_TARGETS = "no targets are configured for it"


def print_review(console: Console, subject: Subject, findings: Findings) -> None:
    """Print the targets, and what one has to look at."""
    console.print(plain(headline(subject, findings), _LINE), soft_wrap=True)
    if findings.targets:
        table = Table(box=box.SIMPLE_HEAD)
        for heading in HEADINGS:
            table.add_column(heading, overflow="fold", no_wrap=heading == "KPI")
        for each in findings.targets:
            table.add_row(*(plain(cell, _LINE) for cell in row(each)))
        console.print(table)
    else:
        console.print(plain(_NO_TARGETS))
    for line in to_look_at(findings):
        console.print(plain(f"- {line}", _LINE), soft_wrap=True)


def review_markdown(subject: Subject, findings: Findings) -> str:
    """Return the same with a heading, a table and a list."""
    lines = [f"## {escaped(headline(subject, findings))}", ""]
    if findings.targets:
        lines += [*markdown_table(HEADINGS, map(row, findings.targets)), ""]
    else:
        lines += [f"{_NO_TARGETS}.", ""]
    to_do = [f"- {escaped(line, _LINE)}" for line in to_look_at(findings)]
    return "\n".join([*lines, *to_do, *([""] if to_do else [])])
