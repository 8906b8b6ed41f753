"""What a Prometheus says in JSON, as samples and series, or why it says nothing that counts."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from probe.domain.json_text import load
from probe.domain.promql import Sample, Series
from probe.domain.text import clean

MAX_POINTS = 500_000

# What a newer Prometheus remarks of a query; what it computed is whole all the same.
_REMARK = "PromQL info:"


class Unusable(Exception):
    """An answer from which nothing follows: says why, bounded."""


def samples_of(body: bytes) -> tuple[Sample, ...]:
    """
    Return the instant vector of an answer; a scalar is one sample without labels.

    Raises:
        Unusable: no such answer, an error, or a partial one.
    """
    kind, found = _found(body)
    if kind == "scalar":
        return (Sample({}, _point(found)[1]),)
    if kind != "vector":
        raise Unusable(f"its answer is a {clean(kind, 40)}, not a vector")
    return tuple(Sample(_labels(row), _point(row.get("value"))[1]) for row in _rows(found))


def series_of(body: bytes) -> tuple[Series, ...]:
    """
    Return the range vector of an answer.

    Raises:
        Unusable: no such answer, an error, a partial one, or more than 500 000 points.
    """
    kind, found = _found(body)
    if kind != "matrix":
        raise Unusable(f"its answer is a {clean(kind, 40)}, not a matrix")
    series, points = [], 0
    for row in _rows(found):
        values = row.get("values")
        if not isinstance(values, list):
            raise Unusable("a series of its answer has no values")
        points += len(values)
        if points > MAX_POINTS:
            raise Unusable(f"its answer has more than {MAX_POINTS} points")
        series.append(Series(_labels(row), tuple(map(_point, values))))
    return tuple(series)


def fault_of(body: bytes) -> str:
    """Return what an answer that is an error says of it; empty if it says nothing."""
    try:
        said = load(body)
    except ValueError:
        return ""
    return clean(str(said.get("error", "")), 200) if isinstance(said, dict) else ""


def _found(body: bytes) -> tuple[str, object]:
    try:
        said = load(body)
    except ValueError as fault:
        raise Unusable(f"its answer is {fault}") from None
    if not isinstance(said, dict) or said.get("status") not in ("success", "error"):
        raise Unusable("its answer is JSON, but not that of Prometheus")
    if said["status"] == "error":
        raise Unusable(f"it answers: {clean(str(said.get('error', 'an error')), 200)}")
    partial = next(_doubts(said), "")
    if partial:
        raise Unusable(f"its answer is partial: {partial}")
    found = said.get("data")
    if not isinstance(found, dict) or not isinstance(found.get("resultType"), str):
        raise Unusable("its answer has no data")
    return found["resultType"], found.get("result")


def _doubts(said: Mapping[str, object]) -> Iterator[str]:
    # Thanos, Mimir and Prometheus itself warn of stores that did not answer; VictoriaMetrics has a
    # word of its own for that.
    if said.get("isPartial") is True:
        yield "some of its storage did not answer"
    warnings = said.get("warnings") or []
    for warning in warnings if isinstance(warnings, list) else [warnings]:
        text = str(warning)
        if not text.startswith(_REMARK):
            yield clean(text, 200)


def _rows(found: object) -> Iterator[Mapping[str, object]]:
    if not isinstance(found, list):
        raise Unusable("its answer holds no list of series")
    for row in found:
        if not isinstance(row, dict):
            raise Unusable("a series of its answer is none")
        yield row


def _labels(row: Mapping[str, object]) -> Mapping[str, str]:
    labels = row.get("metric")
    if not isinstance(labels, dict) or not all(isinstance(text, str) for text in labels.values()):
        raise Unusable("a series of its answer has no labels")
    return {name: text for name, text in labels.items() if name != "__name__"}


def _point(point: object) -> tuple[datetime, float]:
    match point:
        case [int() | float() as moment, str() as text]:
            try:
                return datetime.fromtimestamp(moment, UTC), float(text)
            except (ValueError, OverflowError, OSError):
                pass
    raise Unusable("a sample of its answer is no number at a time")
