"""What ``gate`` prints: each objective, what is held of it, and who answers for it."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from probe.domain.gate import Gate, Judged, Mode, Ruling
from probe.domain.override import Word
from probe.terminal.console import ascii_only
from probe.terminal.ruling import BY, Subject, amount, asked, ruling_text, why
from probe.terminal.wording import plain

_LINE = 500
HEADINGS = ("KPI", "verdict", "measured", "asked", "mode", "owner", "why")
_WHOLE = ("KPI", "verdict")


def print_gate(console: Console, subject: Subject, gate: Gate) -> None:
    """Print what is held of each objective, and of all of them."""
    if gate.judged:
        console.print(objectives_table(gate.judged, ascii_only=ascii_only(console)))
    for line in what_to_do(gate):
        console.print(plain(line, _LINE), soft_wrap=True)
    ruling = ruling_text(gate.ruling, ascii_only=ascii_only(console))
    said = plain(f"{subject}: {summary(gate)}", _LINE)
    console.print(Text.assemble(ruling, ": ", said), soft_wrap=True)


def objectives_table(judged: Iterable[Judged], *, ascii_only: bool) -> Table:
    """Return a table of objectives; those that stop a release stand first."""
    table = Table(box=box.SIMPLE_HEAD)
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold", no_wrap=heading in _WHOLE)
    for each in in_order(judged):
        kpi, _, *rest = row(each)
        ruling = ruling_text(each.ruling, ascii_only=ascii_only)
        table.add_row(Text(kpi), ruling, *(plain(cell, _LINE) for cell in rest))
    return table


def what_to_do(gate: Gate) -> list[str]:
    """Return for each objective that stops the release who answers for it, and their runbook."""
    blocking = [each.objective for each in gate.judged if each.blocks]
    return [f"{each.kpi}: {each.owner}, {each.runbook}" for each in blocking]


def in_order(judged: Iterable[Judged]) -> list[Judged]:
    """Return those first that stop a release, then those that would."""
    return sorted(judged, key=lambda each: (not each.blocks, each.objective.mode is not Mode.GATE))


def row(judged: Judged) -> Sequence[str]:
    """Return the cells of one objective, in the order of ``HEADINGS``."""
    objective = judged.objective
    return (
        objective.kpi,
        judged.ruling.value,
        amount(objective.kpi, judged.reading.value),
        asked(objective),
        objective.mode.value,
        objective.owner,
        why(judged),
    )


def print_override(console: Console, word: Word, *, known: bool) -> None:
    """Print what *word* has changed; nothing where it was *known*."""
    about = f"{word.kpi} of {Subject(word.product, word.channel, word.version)}"
    if word.until is None:
        line = f"{about} is not overridden" if known else f"the override of {about} is taken back"
    else:
        already = " already" if known else ""
        line = f"{about} is overridden until {word.until:%Y-%m-%d %H:%M} UTC{already}"
    console.print(plain(line, _LINE), soft_wrap=True)


def summary(gate: Gate) -> str:
    """Return how many of what is demanded pass, by what, and why nothing can where nothing is."""
    demanded = [each for each in gate.judged if each.objective.mode is Mode.GATE]
    if not demanded:
        return "no target has mode gate, so there is nothing that it could pass"
    passed = sum(each.ruling is Ruling.PASS for each in demanded)
    overridden = sum(each.override is not None for each in demanded)
    words = f"{passed} of {len(demanded)} gates pass"
    words = f"{words}, {overridden} overridden" if overridden else words
    return f"{words}, {BY[gate.source]}"
