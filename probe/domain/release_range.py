"""From which release of a train on something is so, and until which one."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from probe.domain.artifact import Release
from probe.domain.version import MAX_VERSION_LENGTH, version_of

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What is meant for a day or a moment: 2026-8-1, 2026/08/01, 2026-08, 1/8/2026, and a time of day.
_LIKE_A_DAY = re.compile(
    r"(?:19|20)[0-9]{2}([-/])[0-9]{1,2}(?:\1[0-9]{1,2})?(?:[^0-9.].*)?"
    r"|[0-9]{1,2}([-/])[0-9]{1,2}\2(?:19|20)[0-9]{2}"
    r"|.*[0-9]:[0-9]{2}.*"
)

Bound = date | str
"""A day of publication, or a version."""


@dataclass(frozen=True, slots=True)
class ReleaseRange:
    """
    Releases from ``since`` on, and before ``until``; ``None`` is no bound.

    Versions go by their longest run of dotted numbers: what is around those says nothing, so that
    a candidate of 2.0 is one. A version without numbers is before no bound and after none, and so
    within.

    Raises:
        ValueError: no release could be within.
    """

    since: Bound | None = None
    until: Bound | None = None

    def __post_init__(self) -> None:
        match self.since, self.until:
            case date() as first, date() as last if first >= last:
                raise ValueError(f"no release is since {first} and until {last}")
            case str() as first, str() as last if not _before(first, last):
                raise ValueError(f"no release is since {first} and until {last}")

    def holds(self, release: Release) -> bool:
        """Tell whether *release* is within."""
        begun = self.since is None or _reaches(release, self.since) is not False
        return begun and (self.until is None or not _reaches(release, self.until))


def bound_of(text: str) -> Bound:
    """
    Return a day, as in 2026-08-01, or else a version.

    Raises:
        ValueError: it is neither, or a day that is written otherwise.
    """
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    if _LIKE_A_DAY.fullmatch(text):
        raise ValueError("a day is written as in 2026-08-01, without a time, and must exist")
    if not text.isprintable() or version_of(text) is None:
        raise ValueError(
            "must be a day, or a version in quotes, as in 2026-08-01 or '1.10', of no more than "
            f"{MAX_VERSION_LENGTH} characters"
        )
    return text


def _reaches(release: Release, bound: Bound) -> bool | None:
    """Tell whether *release* is at *bound* or after it; ``None`` if nobody can say."""
    if isinstance(bound, date):
        return release.published_at.date() >= bound
    before = _before(release.version, bound)
    return None if before is None else not before


def _before(version: str, bound: str) -> bool | None:
    own, other = version_of(version), version_of(bound)
    return own.numbers < other.numbers if own and other else None
