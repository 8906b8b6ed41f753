"""Single values of the past of a KPI: of weeks, of releases, of incidents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from probe.domain.evidence import Window

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sampled:
    """
    What a KPI came to once, in its unit; ``value`` is ``None`` where that is not known.

    ``of`` names the week by its first day, the release by its version, the incident by its id.
    ``at`` is when the week began, the release was published or the incident began.
    """

    of: str
    at: datetime
    value: float | None


def weeks_of(window: Window) -> Iterator[Window]:
    """Yield the whole weeks in *window*, the first one first; each is seven days of UTC."""
    end = window.until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range((end - window.since) // WEEK, 0, -1):
        yield Window(end - number * WEEK, end - (number - 1) * WEEK)
