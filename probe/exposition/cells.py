"""One series each: its numbers, and the text around them, which is made once."""

from collections.abc import Sequence
from typing import NamedTuple

from probe.series import Metric

_NOT_FINITE = {"inf": "+Inf", "-inf": "-Inf", "nan": "NaN"}
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", '"': '\\"'})

# OpenMetrics 1.0, Exemplars: names and values of the labels are 128 characters together.
EXEMPLAR_LABEL = "probe_id"
_EXEMPLAR_CHARACTERS = 128 - len(EXEMPLAR_LABEL)


class Exemplar(NamedTuple):
    """The attempt behind one event: its id, the value it added, and when (Unix seconds)."""

    id: str
    value: float
    at: float

    def __str__(self) -> str:
        return f' # {{{EXEMPLAR_LABEL}="{escaped(self.id)}"}} {number(self.value)} {self.at:.3f}'


def fits_exemplar(id: str) -> bool:  # noqa: A002 - the id of a probe has that name everywhere
    """Tell whether *id* is short enough to be an exemplar."""
    return len(id) <= _EXEMPLAR_CHARACTERS


class Sample:
    """A counter or a gauge. ``text`` is all of its line before the number."""

    __slots__ = ("exemplar", "text", "value")

    def __init__(self, metric: Metric, labels: Sequence[str]) -> None:
        self.value = 0.0
        self.exemplar: Exemplar | None = None
        body = label_text(metric.labels, labels)
        self.text = f"{metric.name}{{{body}}} " if body else f"{metric.name} "

    def write(self, lines: list[str]) -> None:
        """Append the line of the classic text format."""
        lines.append(f"{self.text}{number(self.value)}\n")

    def write_openmetrics(self, lines: list[str]) -> None:
        """Append the line of OpenMetrics, with the exemplar if there is one."""
        lines.append(f"{self.text}{number(self.value)}{self.exemplar or ''}\n")


class Distribution:
    """A histogram: how many values fell into each bucket, and their sum."""

    __slots__ = ("_bounds", "_tails", "_text", "counts", "exemplars", "sum")

    def __init__(self, metric: Metric, labels: Sequence[str]) -> None:
        buckets = len(metric.buckets) + 1
        self.counts = [0] * buckets
        self.exemplars: list[Exemplar | None] = [None] * buckets
        self.sum = 0.0
        body = label_text(metric.labels, labels)
        self._bounds = bound_texts(metric)
        self._text = f'{metric.name}_bucket{{{body}{"," if body else ""}le="'
        tail = f"{{{body}}} " if body else " "
        self._tails = (f"{metric.name}_sum{tail}", f"{metric.name}_count{tail}")

    def write(self, lines: list[str]) -> None:
        """Append the lines of the classic text format: buckets, sum, count."""
        text = self._text
        total = 0
        for bound, count in zip(self._bounds, self.counts, strict=True):
            total += count
            lines.append(f'{text}{bound}"}} {total}\n')
        self._write_tails(lines, total)

    def write_openmetrics(self, lines: list[str]) -> None:
        """Append the lines of OpenMetrics, with the exemplars there are."""
        text = self._text
        total = 0
        for bound, count, exemplar in zip(self._bounds, self.counts, self.exemplars, strict=True):
            total += count
            lines.append(f'{text}{bound}"}} {total}{exemplar or ""}\n')
        self._write_tails(lines, total)

    def _write_tails(self, lines: list[str], total: int) -> None:
        sum_text, count_text = self._tails
        lines.append(f"{sum_text}{number(self.sum)}\n")
        lines.append(f"{count_text}{total}\n")


_bound_texts: dict[Metric, tuple[str, ...]] = {}


def bound_texts(metric: Metric) -> tuple[str, ...]:
    """Return the values of ``le``, one tuple for all series of *metric*."""
    if metric not in _bound_texts:
        _bound_texts[metric] = (*map(number, metric.buckets), "+Inf")
    return _bound_texts[metric]


def number(value: float) -> str:
    """Return *value* as both formats write it: the shortest text that reads back the same."""
    text = repr(float(value))
    return _NOT_FINITE.get(text, text)


def escaped(value: str) -> str:
    """Return *value* as it stands between quotation marks; what has no UTF-8 form becomes ``?``."""
    return value.encode("utf-8", "replace").decode().translate(_ESCAPES)


def label_text(names: Sequence[str], values: Sequence[str]) -> str:
    """
    Return ``product="widget",channel="stable"``.

    Raises:
        ValueError: not one value for each name.
    """
    return ",".join(f'{name}="{escaped(value)}"' for name, value in zip(names, values, strict=True))
