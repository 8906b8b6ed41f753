"""Rulings and the numbers of KPIs, as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.text import Text

from probe.domain.gate import Judged, Kind, Objective, Ruling, Source
from probe.kpi import BY_NAME, Unit
from probe.terminal.wording import span

SYMBOLS: Mapping[Ruling, tuple[str, str]] = {
    Ruling.PASS: ("✓", "+"),
    Ruling.FAIL: ("✗", "x"),
    Ruling.UNKNOWN: ("?", "?"),
}
_STYLES: Mapping[Ruling, str] = {
    Ruling.PASS: "green",
    Ruling.FAIL: "bold red",
    Ruling.UNKNOWN: "yellow",
}
UNKNOWN = "unknown"

BY: Mapping[Source, str] = {
    Source.LEDGER: "by the ledger of this region alone",
    Source.PROMETHEUS: "by Prometheus over all regions",
}
_OF_PRODUCT = "of the whole product, not of this release"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a release of a product, or without a version all of them."""

    product: str
    channel: str
    version: str = ""

    def __str__(self) -> str:
        """Return ``widget 1.4.2 (stable)``."""
        return " ".join(filter(None, (self.product, self.version, f"({self.channel})")))


def ruling_text(ruling: Ruling, *, ascii_only: bool) -> Text:
    """Return symbol and word of a ruling, in its colour."""
    return Text(f"{SYMBOLS[ruling][1 if ascii_only else 0]} {ruling}", _STYLES[ruling])


def amount(kpi: str, value: float | None) -> str:
    """Return a number in the unit of its KPI: ``99.9%``, ``12 min 05 s``, ``3``."""
    if value is None:
        return UNKNOWN
    match BY_NAME[kpi].unit:
        case Unit.RATIO:
            return percent(value)
        case Unit.SECONDS:
            return span(value)
        case Unit.COUNT:
            return f"{value:g}"


def percent(ratio: float) -> str:
    """Return a ratio in percent, with what tells 99.9 from 99.99."""
    # Rounded down, so that only what is whole is shown as such.
    return f"{int(ratio * 1e5 + 1e-6) / 1e3:g}%"


def asked(objective: Objective) -> str:
    """Return what is asked: ``at least 99.9%``; a promise is said to be one."""
    bound = "at least" if objective.higher_is_better else "at most"
    promised = " (SLA)" if objective.kind is Kind.SLA else ""
    return f"{bound} {amount(objective.kpi, objective.target)}{promised}"


def why(judged: Judged) -> str:
    """Return why an objective does not pass; the numbers of one that fails stand beside it."""
    words = [judged.why] if judged.ruling is Ruling.UNKNOWN else []
    words += [_OF_PRODUCT] if judged.reading.of_product else []
    said = "; ".join(words)
    if judged.override is None:
        return said
    override = judged.override
    word = f"overridden by {override.who} until {override.until:%Y-%m-%d %H:%M} UTC: {override.why}"
    return f"{said}; {word}" if said else word
