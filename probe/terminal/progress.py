"""The progress bar of ``once``: on a terminal only, so that pipes and logs stay clean."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from probe.domain.observation import Failed, Observation

Advance = Callable[[Observation], None]


@contextmanager
def progress_bar(console: Console, total: int) -> Iterator[Advance]:
    """Show a bar while probes are made; yields what takes each observation as it comes."""
    failed = 0
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )

    def advance(observation: Observation) -> None:
        nonlocal failed
        failed += isinstance(observation.verdict, Failed)
        bar.update(row, advance=1, description=_words(failed))

    with bar:
        row = bar.add_task(_words(failed), total=total)
        yield advance


def _words(failed: int) -> str:
    return f"probing, {failed} failed" if failed else "probing"
