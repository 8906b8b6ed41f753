"""From which release of a train on something is so, and until which one."""

import re
from dataclasses import dataclass
from datetime import date

from probe.domain.artifact import Release

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")

Bound = date | str
"""A day of publication, or a version."""


@dataclass(frozen=True, slots=True)
class ReleaseRange:
    """
    Releases from ``since`` on, and before ``until``; ``None`` is no bound.

    Versions go by their dotted numbers: what is around those says nothing, so that a candidate of
    2.0 is one. A version without numbers is before no bound and after none, and so within.

    Raises:
        ValueError: no release could be within.
    """

    since: Bound | None = None
    until: Bound | None = None

    def __post_init__(self) -> None:
        match self.since, self.until:
            case date() as first, date() as last if first >= last:
                raise ValueError(f"no release is since {first} and until {last}")
            case str() as first, str() as last if _numbers(first) >= _numbers(last):
                raise ValueError(f"no release is since {first} and until {last}")

    def holds(self, release: Release) -> bool:
        """Tell whether *release* is within."""
        begun = self.since is None or _reaches(release, self.since) is not False
        return begun and (self.until is None or not _reaches(release, self.until))


def bound_of(text: str) -> Bound:
    """
    Return a day, as in 2026-08-01, or else a version.

    Raises:
        ValueError: it is neither.
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if text.isprintable() and _NUMBERS.search(text):
            return text
    except ValueError:
        pass
    raise ValueError("must be a day, or a version in quotes, as in 2026-08-01 or '1.10'")


def _reaches(release: Release, bound: Bound) -> bool | None:
    """Tell whether *release* is at *bound* or after it; ``None`` if nobody can say."""
    if isinstance(bound, date):
        return release.published_at.date() >= bound
    numbers = _numbers(release.version)
    return numbers >= _numbers(bound) if numbers else None


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.search(version)
    numbers = [int(each) for each in found[0].split(".")] if found else []
    # 1.4 is 1.4.0.
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
