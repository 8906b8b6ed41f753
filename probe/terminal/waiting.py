"""The line that ``gate --wait`` shows on a terminal while it does not pass."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.status import Status

from probe.domain.gate import Gate
from probe.terminal.gate_report import in_order, summary
from probe.terminal.ruling import Subject, why
from probe.terminal.wording import plain, span

_LINE = 200

Tell = Callable[[Gate, timedelta], None]


@contextmanager
def waiting(console: Console, subject: Subject) -> Iterator[Tell]:
    """Show what is waited for; yields what takes each answer. Says nothing in a pipe."""
    if not console.is_terminal:
        yield lambda _gate, _left: None
        return
    with Status(plain(f"{subject}: judging", _LINE), console=console) as status:
        yield lambda gate, left: status.update(plain(words(subject, gate, left), _LINE))


def words(subject: Subject, gate: Gate, left: timedelta) -> str:
    """Return how it stands, the first thing that stops it, and the time that is left."""
    said = f"{subject}: {summary(gate)}; {span(left.total_seconds())} left"
    blocking = [each for each in in_order(gate.judged) if each.blocks]
    if not blocking:
        return said
    first = blocking[0]
    return f"{said}; {first.objective.kpi}: {why(first) or first.why}"
