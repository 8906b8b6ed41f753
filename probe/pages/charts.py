"""
Charts as SVG, drawn where the page is: nothing is loaded, nothing is run.

Each has a name that is read aloud, and a title on each mark. Colours are those of the style sheet;
a second sign (a dash, a height) tells things apart for who does not see them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from probe.pages import svg
from probe.pages.words import percent, seconds

# Below the first a day is bad, below the second it wants a look.
_BAD, _WARN = 0.99, 0.999
_DAY_WIDTH, _DAY_HEIGHT = 8, 28
_PHASES_WIDTH = 240

_PATH = Markup('<path class="line {}" d="{}"/>')
_DOT = Markup('<circle class="{}" cx="{}" cy="{}" r="2.5"><title>{}</title></circle>')
_TARGET = Markup(
    '<line class="target" x1="{0}" x2="{0}" y1="{1}" y2="{2}"><title>{3}</title></line>'
)


class Line(NamedTuple):
    """A series over time: what it is called, and its values by moment (``None``: unknown)."""

    name: str
    points: Sequence[tuple[float, float | None]]


Column = tuple[float, Mapping[str, float]]


def series(name: str, days: Sequence[str], values: Sequence[float | None]) -> Line:
    """Return a line through the values of days in ISO 8601."""
    return Line(name, list(zip(map(_epoch, days), values, strict=True)))


def columns(days: Sequence[Mapping[str, object]]) -> list[Column]:
    """Return the counts of each day."""
    return [(_epoch(str(each["day"])), each["counts"]) for each in days]  # type: ignore[misc]


def uptime_bars(days: Sequence[Mapping[str, object]], label: str) -> Markup:
    """Return one bar for each day: how much of the known time it was up; a stump is unknown."""
    bars = [_bar(place, each) for place, each in enumerate(days)]
    return svg.framed("uptime", len(days) * _DAY_WIDTH, _DAY_HEIGHT, label, bars)


def _bar(place: int, day: Mapping[str, object]) -> Markup:
    ratio = day["ratio"] if isinstance(day["ratio"], float) else None
    kind, height = "good", _DAY_HEIGHT
    if ratio is None:
        kind, height = "unknown", 6
    elif ratio < _BAD:
        kind, height = "bad", 14
    elif ratio < _WARN:
        kind, height = "warn", 22
    box = (place * _DAY_WIDTH, _DAY_HEIGHT - height, _DAY_WIDTH - 2, height)
    return svg.rect(kind, box, f"{str(day['day'])[:10]}: {percent(ratio)}")


def steps(
    points: Sequence[tuple[float, float]], until: float, label: str, target: float | None = None
) -> Markup:
    """Return a share that only grows, from 0 at 0 seconds, and a line where it should be whole."""
    end = max(until, target or 0.0, points[-1][0] if points else 0.0, 1.0)
    x = svg.across(0.0, end)
    way = "".join(f"H{x(at)}V{svg.up(share, 1.0)}" for at, share in points)
    marks = [_PATH.format("s1", f"M{svg.LEFT},{svg.up(0.0, 1.0)}{way}H{x(max(until, 0.0))}")]
    if target is not None:
        bottom, said = svg.TOP + svg.PLOT_HEIGHT, f"target: within {seconds(target)}"
        marks.append(_TARGET.format(x(target), svg.TOP, bottom, said))
    marks += [
        _DOT.format("s1", x(at), svg.up(share, 1.0), f"{percent(share)} after {seconds(at)}")
        for at, share in points
    ]
    axis = svg.levels([(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")], 1.0)
    axis += svg.ticks(x, [0.0, end / 2, end], seconds)
    return svg.framed("chart", svg.WIDTH, svg.HEIGHT, label, [*axis, *marks])


def lines(drawn: Sequence[Line], label: str) -> Markup:
    """Return several times in seconds, by day."""
    points = [point for line in drawn for point in line.points]
    known = [value for _, value in points if value is not None]
    if not known:
        return Markup('<p class="unknown">Nothing was measured yet.</p>')
    first, last = min(at for at, _ in points), max(at for at, _ in points)
    top, x = max(known) * 1.05 or 1.0, svg.across(first, last)
    marks = [_line(line, svg.style(number), x, top) for number, line in enumerate(drawn)]
    axis = svg.levels([(value, seconds(value)) for value in (0.0, top / 2, top)], top)
    axis += svg.ticks(x, [first, last], svg.day)
    picture = svg.framed("chart", svg.WIDTH, svg.HEIGHT, label, [*axis, *marks])
    return picture + svg.legend([line.name for line in drawn])


def _line(line: Line, style: str, x: svg.Scale, top: float) -> Markup:
    way, pen = "", "M"
    dots = Markup()
    for at, value in line.points:
        if value is None:
            pen = "M"
            continue
        place = (x(at), svg.up(value, top))
        way += f"{pen}{place[0]},{place[1]}"
        pen = "L"
        dots += _DOT.format(style, *place, f"{line.name}, {svg.day(at)}: {seconds(value)}")
    return _PATH.format(style, way) + dots


def stacked(by_day: Sequence[Column], names: Sequence[str], label: str) -> Markup:
    """Return how much of each name there was on each day, one on top of the other."""
    top = max((sum(counts.values()) for _, counts in by_day), default=0)
    if not top:
        return Markup('<p class="good">None.</p>')
    width = svg.PLOT_WIDTH / len(by_day)
    marks = [
        mark
        for place, column in enumerate(by_day)
        for mark in _column(column, names, svg.LEFT + place * width, width, top)
    ]
    moments = [by_day[0][0], by_day[-1][0]]
    axis = svg.levels([(0.0, "0"), (top, f"{top:g}")], top)
    axis += svg.ticks(svg.across(*moments), moments, svg.day)
    picture = svg.framed("chart", svg.WIDTH, svg.HEIGHT, label, [*axis, *marks])
    return picture + svg.legend(names)


def _column(
    column: Column, names: Sequence[str], left: float, width: float, top: float
) -> list[Markup]:
    at, counts = column
    marks, bottom = [], float(svg.TOP + svg.PLOT_HEIGHT)
    for number, name in enumerate(names):
        if amount := counts.get(name, 0):
            height = amount / top * svg.PLOT_HEIGHT
            bottom -= height
            box = (left, bottom, max(width - 1, 1), height)
            marks.append(svg.rect(svg.style(number), box, f"{svg.day(at)}: {amount:g} {name}"))
    return marks


def phases(timings: Mapping[str, float], longest: float, names: Sequence[str]) -> Markup:
    """Return the phases of one attempt as one bar, as long as its share of the *longest*."""
    scale = _PHASES_WIDTH / longest if longest else 0.0
    marks, at = [], 0.0
    for number, name in enumerate(names):
        if span := timings.get(name, 0.0):
            box = (at * scale, 0.0, max(span * scale, 0.5), 12.0)
            marks.append(svg.rect(svg.style(number), box, f"{name} {seconds(span)}"))
            at += span
    said = ", ".join(f"{name} {seconds(span)}" for name, span in timings.items())
    return svg.framed("phases", _PHASES_WIDTH, 12, said or "no phase was reached", marks)


def _epoch(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


CHARTS = {
    each.__name__: each
    for each in (uptime_bars, steps, lines, stacked, phases, series, columns, svg.legend)
}
