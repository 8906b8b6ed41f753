"""What every chart is made of: a frame with a name, scales, axes and a legend."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from markupsafe import Markup

WIDTH, HEIGHT = 720, 160
LEFT, BOTTOM, TOP = 48, 22, 8
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - 8, HEIGHT - BOTTOM - TOP
STYLES = 8

_GRID = Markup(
    '<line class="grid" x1="{}" x2="{}" y1="{y}" y2="{y}"/>'
    '<text class="tick end" x="{}" y="{y}">{}</text>'
)
_TICK = Markup('<text class="tick {}" x="{}" y="{}">{}</text>')
_SVG = Markup('<svg class="{}" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>')
_ITEM = Markup(
    '<li><svg class="swatch" width="14" height="10" aria-hidden="true">'
    '<rect class="s{}" width="14" height="10"/></svg> {}</li>'
)
_RECT = Markup(
    '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>'
)
_ANCHORS = {2: ("start", "end"), 3: ("start", "middle", "end")}

Scale = Callable[[float], str]


def framed(kind: str, width: float, height: float, label: str, marks: Sequence[Markup]) -> Markup:
    """Return a picture that is read aloud as *label*."""
    return _SVG.format(kind, label, width, height, Markup("").join(marks))


def rect(kind: str, box: tuple[float, float, float, float], title: str) -> Markup:
    """Return a box (left, top, width, height) with a title."""
    return _RECT.format(kind, *box, title)


def across(first: float, last: float) -> Scale:
    """Return where moments from *first* to *last* are, from left to right."""
    span = last - first if last > first else 1.0
    return lambda at: f"{LEFT + (at - first) / span * PLOT_WIDTH:.1f}"


def up(value: float, top: float) -> str:
    """Return where *value* is between 0, at the bottom, and *top*."""
    return f"{TOP + PLOT_HEIGHT * (1 - value / top):.1f}"


def levels(marked: Sequence[tuple[float, str]], top: float) -> list[Markup]:
    """Return lines across the picture, each with what it stands for."""
    right, beside = LEFT + PLOT_WIDTH, LEFT - 6
    return [_GRID.format(LEFT, right, beside, said, y=up(value, top)) for value, said in marked]


def ticks(x: Scale, moments: Sequence[float], say: Callable[[float], str]) -> list[Markup]:
    """Return what stands below two or three moments."""
    anchors = _ANCHORS[len(moments)]
    return [
        _TICK.format(anchor, x(at), HEIGHT - 6, say(at))
        for anchor, at in zip(anchors, moments, strict=True)
    ]


def style(number: int) -> str:
    """Return the class of a series by its number, from 0."""
    return f"s{number % STYLES + 1}"


def legend(names: Sequence[str]) -> Markup:
    """Return which colour is which."""
    items = (_ITEM.format(number % STYLES + 1, name) for number, name in enumerate(names))
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(items))


def day(at: float) -> str:
    """Return the day (UTC) of a moment in seconds since the epoch."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
