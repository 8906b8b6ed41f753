"""What ``ledger check`` prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console

from probe.terminal.wording import plain, size

_LINE = 1000


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What is to be said of a ledger; no faults if it is sound."""

    path: str
    schema_version: int
    size_bytes: int
    rows: Mapping[str, int]
    oldest_at: datetime | None
    faults: Sequence[str]
    aside: Sequence[str]


def print_ledger(console: Console, facts: LedgerFacts) -> None:
    """Print what is in a ledger, and what is wrong with it."""
    lines = [f"{facts.path}: schema {facts.schema_version}, {size(facts.size_bytes)}"]
    if facts.oldest_at is not None:
        lines.append(f"counts since {facts.oldest_at:%Y-%m-%d %H:%M} UTC")
    lines += [f"{count:>10}  {name}" for name, count in facts.rows.items() if count]
    lines += [f"put aside as damaged: {path}" for path in facts.aside]
    lines += [f"fault: {fault}" for fault in facts.faults] or ["sound"]
    for line in lines:
        console.print(plain(line, _LINE), soft_wrap=True)
