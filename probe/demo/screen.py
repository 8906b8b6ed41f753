"""The demo in the terminal: a board that follows the stage, or plain lines where there is none."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from probe.demo.course import Course
from probe.demo.release import BEFORE, LATEST, OLDEST, artifact_names
from probe.demo.script import ENDPOINTS
from probe.demo.stage import Seen, Stage, Tell
from probe.domain.failure import FailureReason
from probe.domain.observation import Failed, Inconclusive, Passed
from probe.ports import Clock

_STYLES = {
    "act": "bold",
    "injected": "yellow",
    "found": "red",
    "repaired": "cyan",
    "recovered": "green",
    "unexpected": "bold red",
}


def plain_lines(console: Console, clock: Clock) -> Tell:
    """Return what prints one line for everything that happens, with the seconds since now."""
    start = clock.monotonic()

    def tell(word: str, line: str) -> None:
        text = Text(f"{clock.monotonic() - start:7.1f}s  {word:<10}  ")
        text.append(line, _STYLES.get(word, ""))
        console.print(text, soft_wrap=True)

    return tell


def board(stage: Stage, now: datetime, where: Mapping[str, str]) -> RenderableType:
    """Return the whole picture: the current release at every endpoint, and every fault so far."""
    return Group(
        Text(stage.act or "Starting", "bold"),
        _matrix(stage, now),
        _faults(stage.courses),
        _places(where),
    )


def _places(where: Mapping[str, str]) -> Text:
    return Text("   ").join(Text(f"{name}: {url}", "dim") for name, url in where.items())


def _matrix(stage: Stage, now: datetime) -> Table:
    table = _table(f"release {stage.version}", "artifact", *ENDPOINTS)
    for name in artifact_names(stage.version):
        places = ((stage.version, name, endpoint) for endpoint in ENDPOINTS)
        cells = [_cell(stage.seen.get(place), now) for place in places]
        table.add_row(_short(name, stage.version), *cells)
    table.add_row("serves in full", *(served(stage, endpoint) for endpoint in ENDPOINTS))
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="", box=box.SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading)
    return table


def _short(name: str, version: str) -> str:
    """Return a name without what every name begins with."""
    for before in (f"delivery-probe_{version}_", f"delivery_probe-{version}-"):
        name = name.removeprefix(before)
    return name


def _cell(seen: Seen | None, now: datetime) -> Text:
    if seen is None:
        return Text("·", "dim")
    age = Text(f" {(now - seen.at).total_seconds():.0f}s", "dim")
    match seen.observation.verdict:
        case Passed():
            return Text("✓ ok", "green") + age
        case Failed(failure):
            return Text(f"✗ {failure.reason}", "bold red") + age
        case Inconclusive(failure):
            return Text(f"? {failure.reason}", "yellow") + age


def served(stage: Stage, endpoint: str) -> str:
    """Return the newest version whose every artifact last passed at *endpoint*; empty if none."""
    for version in (LATEST, BEFORE, OLDEST):
        found = [stage.seen.get((version, name, endpoint)) for name in artifact_names(version)]
        if all(seen and isinstance(seen.observation.verdict, Passed) for seen in found):
            return version
    return ""


def _faults(courses: tuple[Course, ...]) -> Table:
    table = _table("faults", "injected", "expected", "found", "recovered")
    for course in courses:
        table.add_row(
            course.fault.title,
            Text(course.fault.reason),
            _after(course.seconds_to_find, "red"),
            _after(course.seconds_to_recover, "green"),
        )
    return table


def _after(seconds: float | None, style: str) -> Text:
    return Text("…", "dim") if seconds is None else Text(f"after {seconds:.1f} s", style)


def summary(stage: Stage) -> list[str]:
    """Return what came of the script, a sentence a line."""
    courses = stage.courses
    found = sum(course.found_at is not None for course in courses)
    recovered = sum(course.recovered_at is not None for course in courses)
    return [
        f"{found} of {len(courses)} faults found with the expected reason, {recovered} recovered",
        f"failures that no fault explains: {_counted(stage.unexpected)}",
        *(f"missed: {sentence}" for sentence in stage.missed),
    ]


def _counted(reasons: Counter[FailureReason]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in reasons.items()) or "none"
