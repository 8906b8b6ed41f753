"""Which text a scraper asks for (RFC 9110, sections 12.4.2, 12.5.1 and 12.5.3)."""

from collections.abc import Iterator
from enum import StrEnum


class Format(StrEnum):
    """The formats that are written, by their media type."""

    CLASSIC = "text/plain; version=0.0.4; charset=utf-8"
    OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def choose_format(accept: str) -> Format:
    """Return the format *accept* prefers; the classic one where it says nothing that helps."""
    openmetrics = classic = 0.0
    for name, parameters, weight in _weighted(accept):
        if name == "application/openmetrics-text":
            if parameters.get("version", "1.0.0") == "1.0.0":
                openmetrics = max(openmetrics, weight)
        elif name == "text/plain":
            classic = max(classic, weight)
    return Format.OPENMETRICS if openmetrics > 0 and openmetrics >= classic else Format.CLASSIC


def accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether gzip is named, and not to refuse it."""
    return any(name == "gzip" and weight > 0 for name, _, weight in _weighted(accept_encoding))


def _weighted(header: str) -> Iterator[tuple[str, dict[str, str], float]]:
    for element in header.split(","):
        name, *rest = (part.strip().lower() for part in element.split(";"))
        parameters = dict(_parameter(part) for part in rest)
        yield name, parameters, _weight(parameters.get("q", "1"))


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip().strip('"')


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
