"""A gate as Markdown: the summary of a job."""

from probe.domain.gate import Gate
from probe.terminal.gate_report import HEADINGS, in_order, row, summary, what_to_do
from probe.terminal.markdown import escaped, table
from probe.terminal.ruling import SYMBOLS, Subject


def gate_summary(subject: Subject, gate: Gate) -> str:
    """Return a heading, the verdict, and a table of objectives."""
    symbol = SYMBOLS[gate.ruling][0]
    lines = [
        f"## {symbol} {gate.ruling}: delivery of {escaped(str(subject))}",
        "",
        f"{escaped(summary(gate))}, as of {gate.at:%Y-%m-%d %H:%M:%S} UTC.",
        "",
    ]
    if gate.judged:
        lines += [*table(HEADINGS, map(row, in_order(gate.judged))), ""]
    to_do = [f"- {escaped(line)}" for line in what_to_do(gate)]
    lines += [*to_do, ""] if to_do else []
    return "\n".join(lines)
