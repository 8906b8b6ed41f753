"""What ``baseline`` prints: how the values of each KPI lie, and what could be asked of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from probe.domain.evidence import Window
from probe.kpi.baseline import Baseline, Spread, asked
from probe.kpi.model import Kpi, Per
from probe.kpi.value import Unknown
from probe.terminal.ruling import Subject, amount
from probe.terminal.wording import counted, plain

_LINE = 1000
_HEADINGS = ("KPI", "of", "half", "three of ten", "best", "worst", "could be asked")


def print_baselines(
    console: Console, subject: Subject, window: Window, baselines: Sequence[Baseline]
) -> None:
    """Print a table of what has a baseline, and under it why the rest has none."""
    since, until = (f"{at:%Y-%m-%d}" for at in (window.since, window.until))
    console.print(plain(f"{subject}, {since} to {until}", _LINE), soft_wrap=True)
    founded = [(each.kpi, each.spread) for each in baselines if isinstance(each.spread, Spread)]
    if founded:
        table = Table(box=box.SIMPLE_HEAD)
        for heading in _HEADINGS:
            table.add_column(heading, overflow="fold", no_wrap=heading == "KPI")
        for kpi, spread in founded:
            table.add_row(*map(Text, _row(kpi, spread)))
        console.print(table)
    for line in _unfounded(baselines):
        console.print(plain(line, _LINE), soft_wrap=True)


def _row(kpi: Kpi, spread: Spread) -> Sequence[str]:
    values = (spread.p50, spread.p70, spread.best, spread.worst)
    shown = (amount(kpi.name, value) for value in values)
    return (kpi.name, sampled(kpi, spread), *shown, ": ".join(asked(kpi, spread.proposal)))


def sampled(kpi: Kpi, spread: Spread) -> str:
    """Return of how many values a baseline is: ``12 weeks``, ``7 releases (2 unknown)``."""
    per = Per.WEEK if kpi.per is Per.MOMENT else kpi.per
    unknown = f" ({spread.unknown} unknown)" if spread.unknown else ""
    return counted(spread.count, per.value) + unknown


def _unfounded(baselines: Iterable[Baseline]) -> Iterator[str]:
    by_why: defaultdict[str, list[str]] = defaultdict(list)
    for each in baselines:
        if isinstance(each.spread, Unknown):
            why = each.spread.why if each.kpi.headline else "nothing observes them"
            by_why[why].append(each.kpi.name)
    for why, names in by_why.items():
        yield f"no baseline of {', '.join(names)}: {why}"
