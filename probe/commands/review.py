"""The command that asks whether KPIs and thresholds still are the right ones."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from probe.answers import findings_of
from probe.clock import SystemClock
from probe.commands.asking import ChannelFlag, ProductArgument, asked_of, write, write_json
from probe.commands.flags import ConfigFlag, DataDirFlag
from probe.commands.form import command_line
from probe.commands.leaving import complain
from probe.commands.running import run
from probe.domain.basis import basis_text
from probe.domain.evidence import Review
from probe.domain.text import clean
from probe.evidence import add
from probe.kpi.review import Findings
from probe.kpi.review_record import review_record
from probe.ports import EvidenceUnavailable
from probe.terminal.console import console_for
from probe.terminal.review_report import print_review, review_markdown
from probe.terminal.ruling import Subject

_EXAMPLES = """\b
Examples:
  delivery-probe review widget
  delivery-probe review widget --format markdown > agenda.md
  delivery-probe review widget --accept --who ada --note "propagation is a gate from now on"

Of the last 90 days: which gate stopped what, which thresholds are too loose or too strict, which
alerts nobody acts on, what users told of and no KPI showed, and what has changed since the last
review that was accepted. --accept puts that down in the ledger, beside a running "serve"; from
then on its changes are told. A "prometheus" in the configuration speaks for all regions. Over
HTTP: GET /api/v1/reviews/widget, POST /api/v1/reviews {"product": ..., "who": ..., "note": ...}

Exit code: 0, or 2 if there is no ledger.
"""

app = command_line()


class ReviewFormat(StrEnum):
    """How ``review`` shows what it found."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


@app.command(epilog=_EXAMPLES)
def review(
    product: ProductArgument,
    channel: ChannelFlag = "",
    config: ConfigFlag = None,
    data_dir: DataDirFlag = None,
    form: Annotated[ReviewFormat, typer.Option("--format", help="How to show it")] = (
        ReviewFormat.TABLE
    ),
    who: Annotated[str, typer.Option(help="Who accepts it")] = "",
    note: Annotated[str, typer.Option(help="What was decided")] = "",
    *,
    accept: Annotated[bool, typer.Option("--accept", help="Put it down as done")] = False,
) -> None:
    """Ask whether the KPIs of a product and their thresholds still are the right ones."""
    name = clean(who, 200)
    if bool(name) is not accept:
        raise typer.BadParameter("who accepts a review, says so: --accept --who NAME")
    sources, found = asked_of(config, data_dir, product, channel)
    now = SystemClock().now()
    try:
        findings = run(findings_of(sources, found, now))
        _show(form, Subject(*found.product.key), findings)
        if accept:
            basis, said = basis_text(findings.basis), clean(note, 2000)
            add(sources.directory, Review(*found.product.key, now, name, basis, said))
            sys.stderr.write(f"accepted by {name}\n")
    except EvidenceUnavailable as fault:
        raise typer.Exit(complain(str(fault))) from None


def _show(form: ReviewFormat, subject: Subject, findings: Findings) -> None:
    match form:
        case ReviewFormat.TABLE:
            print_review(console_for(sys.stdout), subject, findings)
        case ReviewFormat.JSON:
            write_json(review_record(findings, (subject.product, subject.channel)))
        case ReviewFormat.MARKDOWN:
            write(review_markdown(subject, findings))
