"""The table of ``once``: what failed first, and the totals below."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from probe.domain.observation import Failed, Inconclusive, Observation, Passed, Verdict
from probe.terminal.console import ascii_only
from probe.terminal.wording import counted, duration, plain, size, verdict_text

_RANK: dict[type[Verdict], int] = {Failed: 0, Inconclusive: 1, Passed: 2}


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    cell: Callable[[Observation], Text]
    justify: JustifyMethod = "left"
    dull: bool = False
    """Left out where every row would say the same; the title says it once."""


def print_table(console: Console, observations: Sequence[Observation]) -> None:
    """Print every observation, failures first, and a line of totals."""
    rows = sorted(observations, key=_order)
    console.print(_table(rows, ascii_only=ascii_only(console)))
    for line in totals(observations):
        console.print(plain(line, 500), soft_wrap=True)


def _order(observation: Observation) -> tuple[int, str]:
    return (_RANK[type(observation.verdict)], observation.probe.target.key)


def _table(rows: Sequence[Observation], *, ascii_only: bool) -> Table:
    columns = _columns(ascii_only=ascii_only)
    same = [column for column in columns if column.dull and len(_values(column, rows)) == 1]
    table = Table(
        box=box.SIMPLE_HEAD, title=_title(same, rows), title_justify="left", title_style=""
    )
    shown = [column for column in columns if column not in same]
    for column in shown:
        table.add_column(column.heading, justify=column.justify, overflow="fold")
    for row in rows:
        table.add_row(*(column.cell(row) for column in shown))
    return table


def _values(column: _Column, rows: Sequence[Observation]) -> set[str]:
    return {column.cell(row).plain for row in rows}


def _title(same: Sequence[_Column], rows: Sequence[Observation]) -> Text | None:
    said = [f"{column.heading} {column.cell(rows[0]).plain}" for column in same]
    return Text(", ".join(said)) if said else None


def _columns(*, ascii_only: bool) -> tuple[_Column, ...]:
    return (
        _Column("product", lambda each: plain(each.probe.target.product), dull=True),
        _Column("version", lambda each: plain(each.probe.target.release.version)),
        _Column("artifact", lambda each: plain(each.probe.target.artifact.name)),
        _Column("endpoint", lambda each: plain(each.probe.target.endpoint.name)),
        _Column("region", lambda each: plain(each.probe.target.region.name), dull=True),
        _Column("depth", lambda each: Text(each.probe.depth), dull=True),
        _Column("verdict", lambda each: verdict_text(each, ascii_only=ascii_only)),
        _Column("why", _why),
        _Column("status", lambda each: Text(str(each.download.status or "-")), "right"),
        _Column("size", lambda each: Text(size(each.download.bytes_received)), "right"),
        _Column("time", lambda each: Text(duration(each.download.timings.total)), "right"),
    )


def _why(observation: Observation) -> Text:
    failure = observation.failure
    if failure is None:
        return Text("")
    words = f"{failure.reason} ({failure.phase})"
    return plain(f"{words}: {failure.detail}" if failure.detail else words, 300)


def totals(observations: Sequence[Observation]) -> list[str]:
    """Return how many passed, failed and were inconclusive, and for what reasons."""
    kinds = Counter(type(each.verdict) for each in observations)
    reasons = Counter(str(each.failure.reason) for each in observations if each.failure)
    received = sum(each.download.bytes_received for each in observations)
    passed, failed, unknown = (kinds[kind] for kind in (Passed, Failed, Inconclusive))
    verdicts = f"{passed} passed, {failed} failed, {unknown} inconclusive"
    lines = [f"{counted(len(observations), 'probe')}: {verdicts}; {size(received)} received"]
    if reasons:
        lines.append(", ".join(f"{reason} {count}" for reason, count in reasons.most_common()))
    return lines
