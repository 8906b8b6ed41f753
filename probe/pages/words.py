"""How numbers, times and states are put into words; ``None`` is always told as unknown."""

from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from probe.kpi import BY_NAME

UNKNOWN = "unknown"

_TIME = Markup('<time datetime="{}"><span class="ago">{}</span> <span class="at">{}</span></time>')
_STAMP = Markup('<time datetime="{}">{}</time>')
_STATE = Markup('<span class="state {}"><span aria-hidden="true">{}</span> {}</span>')

_SPANS = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"))
_SIZES = ((1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))

# Colour is never the only sign: each state has a shape of its own.
_SIGNS = {
    "good": "\N{CHECK MARK}",
    "bad": "\N{MULTIPLICATION X}",
    "warn": "\N{BLACK UP-POINTING TRIANGLE}",
    "unknown": "?",
}
_STATES = {
    "pass": "good",
    "passed": "good",
    "up": "good",
    "current": "good",
    "complete": "good",
    "restored": "good",
    "fail": "bad",
    "failed": "bad",
    "down": "bad",
    "missing": "bad",
    "open": "bad",
    "stale": "warn",
    "pending": "warn",
    "late": "warn",
    "excluded": "warn",
    "inconclusive": "unknown",
}


def quoted(part: str) -> str:
    """Return *part* of a path as a URL has it; nothing in it can lead elsewhere."""
    # A dot or two would be taken for a way up.
    return quote(part, safe="") if part.strip(".") else part.replace(".", "%2E")


def percent(ratio: float | None, digits: int = 2) -> str:
    """Return ``99.95 %``; what is not whole is not rounded up to it."""
    if ratio is None:
        return UNKNOWN
    text = f"{ratio * 100:.{digits}f}"
    if ratio < 1 and float(text) >= 100:  # noqa: PLR2004 - percent
        text = f"{100 - 10**-digits:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def seconds(span: float | None) -> str:
    """Return ``12 ms``, ``3.4 s``, ``5 min``, ``2.5 h`` or ``3 d``."""
    if span is None:
        return UNKNOWN
    for unit, name in _SPANS:
        if span >= unit:
            return f"{span / unit:.1f}".removesuffix(".0") + f" {name}"
    if span >= 1 or span == 0:
        return f"{span:.1f}".removesuffix(".0") + " s"
    return f"{span * 1000:.0f} ms"


def number(amount: float | None) -> str:
    """Return a count with its thousands apart."""
    return UNKNOWN if amount is None else f"{amount:,.0f}".replace(",", "\N{THIN SPACE}")


def size(amount: int | None) -> str:
    """Return bytes in the unit that fits."""
    if amount is None:
        return UNKNOWN
    for unit, name in _SIZES:
        if amount >= unit:
            return f"{amount / unit:.1f} {name}"
    return f"{amount} B"


def measured(value: float | None, unit: str) -> str:
    """Return a value in the unit of its KPI: ``ratio``, ``seconds`` or ``count``."""
    match unit:
        case "ratio":
            return percent(value)
        case "seconds":
            return seconds(value)
        case _:
            return number(value)


def moment(text: str | None, now: datetime) -> Markup:
    """Return a moment in ISO 8601, both as it is and as so long ago."""
    if not text:
        return Markup('<span class="unknown">never</span>')
    at = datetime.fromisoformat(text)
    span = (now - at).total_seconds()
    ago = f"{seconds(span)} ago" if span >= 0 else f"in {seconds(-span)}"
    if abs(span) < 1:
        ago = "now"
    shown = at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return _TIME.format(at.isoformat(), ago, shown)


def stamp(text: str) -> Markup:
    """Return a moment in ISO 8601 as it is, for what may be read much later."""
    at = datetime.fromisoformat(text)
    return _STAMP.format(at.isoformat(), at.strftime("%Y-%m-%d %H:%M:%S UTC"))


def state(word: str | None, text: str | None = None) -> Markup:
    """Return a state as a badge: a sign and a word, in the colour of what it means."""
    word = word or UNKNOWN
    kind = _STATES.get(word, "unknown")
    return _STATE.format(kind, _SIGNS[kind], text or word)


def unit(kpi: str) -> str:
    """Return the unit of a KPI by its name."""
    return BY_NAME[kpi].unit.value


FILTERS = {
    each.__name__: each
    for each in (percent, seconds, number, size, moment, stamp, state, measured, unit)
}
