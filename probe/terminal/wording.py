"""Verdicts, sizes and durations as people read them. Colour is never the only sign."""

from collections.abc import Mapping

from rich.text import Text

from probe.domain.artifact import GIB, KIB, MIB
from probe.domain.observation import Failed, Inconclusive, Observation, Passed, Verdict
from probe.domain.record import verdict_word
from probe.domain.text import clean

_SYMBOLS: Mapping[type[Verdict], tuple[str, str]] = {
    Passed: ("✓", "+"),
    Failed: ("✗", "x"),
    Inconclusive: ("?", "?"),
}
_STYLES: Mapping[type[Verdict], str] = {
    Passed: "green",
    Failed: "bold red",
    Inconclusive: "yellow",
}
_UNITS = ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB"))
_SECONDS_IN_MINUTE = 60
_SPANS = ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s"))


def verdict_text(observation: Observation, *, ascii_only: bool) -> Text:
    """Return symbol and word of a verdict, in its colour."""
    kind = type(observation.verdict)
    symbol = _SYMBOLS[kind][1 if ascii_only else 0]
    return Text(f"{symbol} {verdict_word(observation)}", _STYLES[kind])


def plain(text: str, limit: int = 120) -> Text:
    """Return a text from outside, fit to be shown; nothing in it is read as markup."""
    return Text(clean(text, limit))


def counted(number: int, noun: str) -> str:
    """Return ``1 probe`` or ``2 probes``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def size(count: int) -> str:
    """Return a number of bytes in the largest unit that leaves at least one."""
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} B"


def duration(seconds: float) -> str:
    """Return seconds in a unit that suits them: ``12 ms``, ``3.40 s``, ``2 min 05 s``."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < _SECONDS_IN_MINUTE:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), _SECONDS_IN_MINUTE)
    return f"{minutes} min {rest:02d} s"


def span(seconds: float) -> str:
    """Return a time in the two largest units: ``12 min 05 s``, ``1 h 30 min``, ``2 d``."""
    whole = round(seconds)
    for unit, name, part, part_name in _SPANS:
        if whole >= unit:
            rest = whole % unit // part
            return f"{whole // unit} {name}" + (f" {rest:02d} {part_name}" if rest else "")
    return duration(seconds)
