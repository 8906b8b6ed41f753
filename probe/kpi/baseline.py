"""Where the targets of a product could be, by what its KPIs came to in the past."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from probe.domain.quantity import duration, percent
from probe.kpi import KPIS
from probe.kpi.model import Direction, Kpi, Per, Unit
from probe.kpi.value import Unknown, interpolated
from probe.ports import Past

# Fewer say more of chance than of the product.
LEAST: Mapping[Per, int] = {Per.WEEK: 8, Per.RELEASE: 5, Per.INCIDENT: 5}

# The target that is proposed: stricter than the median, and met by three of ten already.
FRACTION = 0.7

_NOUNS: Mapping[Per, str] = {
    Per.WEEK: "whole weeks",
    Per.RELEASE: "releases",
    Per.INCIDENT: "incidents",
}
# A time is rounded up to what one would say of it: what is shorter than the first, to the second.
_STEPS = ((1.0, 0.001), (10.0, 0.1), (60.0, 1.0), (600.0, 10.0), (7200.0, 60.0), (86400.0, 600.0))
_LONGEST_STEP = 3600.0
_LONGEST = 90 * 86400.0
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Spread:
    """
    How the values of a KPI lie, in its unit; ``p70`` is met or bettered by three of ten.

    ``count`` are those that are known, ``unknown`` the others. ``proposal`` is ``p70``, rounded to
    the worse, so that what met it still does.
    """

    count: int
    unknown: int
    p50: float
    p70: float
    best: float
    worst: float
    proposal: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the past says of one KPI, or why it says nothing."""

    kpi: Kpi
    spread: Spread | Unknown


def baselines(past: Past, kpis: Iterable[Kpi] = KPIS) -> tuple[Baseline, ...]:
    """Return what *past* says of each of *kpis*; may raise ``EvidenceUnavailable``."""
    return tuple(Baseline(each, _spread(each, past)) for each in kpis)


def _spread(kpi: Kpi, past: Past) -> Spread | Unknown:
    if kpi.headline is None:
        return Unknown(f"{kpi.awaits} not observed")
    sampled = past.sampled(kpi.name)
    least = LEAST.get(kpi.per)
    if least is None and not sampled:
        return Unknown("only what is so now is known of it")
    per, least = (kpi.per, least) if least is not None else (Per.WEEK, LEAST[Per.WEEK])
    known = [each.value for each in sampled if each.value is not None]
    if len(known) < least:
        return Unknown(f"{len(known)} {_NOUNS[per]}, and it takes {least}")
    return spread_of(kpi, known, len(sampled) - len(known))


def spread_of(kpi: Kpi, values: Sequence[float], unknown: int = 0) -> Spread:
    """Return how *values* lie, of which there must be one."""
    higher = kpi.direction is Direction.HIGHER
    p70 = (
        interpolated(FRACTION, values)
        if higher
        else -interpolated(FRACTION, [-value for value in values])
    )
    best, worst = (max(values), min(values)) if higher else (min(values), max(values))
    return Spread(
        count=len(values),
        unknown=unknown,
        p50=interpolated(0.5, values),
        p70=p70,
        best=best,
        worst=worst,
        proposal=rounded(kpi, p70),
    )


def rounded(kpi: Kpi, value: float) -> float:
    """Return *value* as one would ask for it, and no stricter than it is."""
    higher = kpi.direction is Direction.HIGHER
    match kpi.unit:
        case Unit.RATIO:
            # Of a share, the digits that count are those of what is missing to it.
            missed = _up(1 - value) if higher else _up(value)
            return max(0.0, round(1 - missed, 8)) if higher else min(1.0, missed)
        case Unit.SECONDS:
            step = next((step for end, step in _STEPS if value < end), _LONGEST_STEP)
            # Nothing is there in no time at all.
            return min(_LONGEST, round(ceil(round(value / step, 6)) * step, 3)) or 1.0
        case Unit.COUNT:
            return float(min(_MOST, max(0, floor(value) if higher else ceil(value))))


def asked(kpi: Kpi, value: float) -> tuple[str, str]:
    """Return the key of the configuration by which *value* is asked for, and how it is written."""
    match kpi.unit:
        case Unit.RATIO:
            return "slo", percent(value)
        case Unit.SECONDS:
            return "within", duration(value)
        case Unit.COUNT:
            key = "at_least" if kpi.direction is Direction.HIGHER else "at_most"
            return key, f"{value:.0f}"


def _up(part: float) -> float:
    """Return a part of one, rounded up to two digits that count."""
    if part < 1e-8:  # noqa: PLR2004 - a share is written with no more digits
        return 0.0
    scale = 10.0 ** (1 - floor(log10(part)))
    return round(ceil(round(part * scale, 6)) / scale, 8)
