"""What a KPI comes to: a number with what it rests on, or that nobody knows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """
    A number in the unit of its KPI, and how many events, seconds, releases or incidents it is of.

    ``excluded`` are those that could not be judged and are in neither side of the number.
    """

    value: float
    count: float
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no number: neither 0 nor 1, and no reason to pass."""

    why: str


Value = Measured | Unknown

NOTHING_HEARD = Unknown("nothing was observed in the window")
NO_RELEASES = Unknown("no release was published in the window")
NO_INCIDENTS = Unknown("no incident in the window")


def every(verdicts: Iterable[bool | None]) -> bool | None:
    """Tell whether all hold: one that does not is a no, and else one unknown is unknown."""
    found = set(verdicts)
    return False if False in found else None if None in found else True


def some(verdicts: Iterable[bool | None]) -> bool | None:
    """Tell whether one holds; if none does, one unknown makes it unknown, as does nothing."""
    found = set(verdicts)
    return True if True in found else None if None in found or not found else False


def ratio(part: float, whole: float, missing: Unknown = NOTHING_HEARD, excluded: int = 0) -> Value:
    """Return *part* of *whole*; of nothing there is no share."""
    return Measured(part / whole, whole, excluded) if whole > 0 else missing


def share(judged: Iterable[bool | None], missing: Unknown = NO_RELEASES) -> Value:
    """Return the share of those that are true; ``None`` could not be judged and is left out."""
    verdicts = list(judged)
    known = [verdict for verdict in verdicts if verdict is not None]
    if verdicts and not known:
        return Unknown(f"none of {len(verdicts)} could be judged")
    return ratio(sum(known), len(known), missing, len(verdicts) - len(known))


def mean(values: Sequence[float], missing: Unknown = NO_INCIDENTS) -> Value:
    """Return the mean of *values*."""
    return ratio(sum(values), len(values), missing)


def quantile(fraction: float, values: Sequence[float], excluded: int = 0) -> Value:
    """Return the value that *fraction* of *values* do not exceed, as PromQL interpolates it."""
    if not values:
        return NO_RELEASES
    return Measured(interpolated(fraction, values), len(values), excluded)


def interpolated(fraction: float, values: Sequence[float]) -> float:
    """Return the value that *fraction* of *values* do not exceed; there must be one."""
    ordered = sorted(values)
    # Without the last digits, so that what lies on a value is that value.
    place = round(fraction * (len(ordered) - 1), 9)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def worst_of(values: Iterable[Value], *, higher_is_better: bool) -> Value:
    """Return the worst number; what is unknown is no number, and of none the worst is unknown."""
    known = [value for value in values if isinstance(value, Measured)]
    if not known:
        return NOTHING_HEARD
    pick = min if higher_is_better else max
    return pick(known, key=lambda each: each.value)
