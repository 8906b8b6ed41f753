"""When an artifact first was there, and how sure that is."""

from dataclasses import dataclass

from probe.domain.bucket import Attempt


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    The first verified download, and the last attempt before it that failed.

    It came to be there between the two. Milliseconds since the epoch.
    """

    first_ms: int | None = None
    last_miss_ms: int | None = None


NOWHERE = Arrival()


def look(arrival: Arrival, attempt: Attempt) -> Arrival:
    """Take in *attempt*; once the first download is known nothing changes it."""
    if arrival.first_ms is not None or attempt.passed is None:
        return arrival
    if attempt.verified:
        return Arrival(attempt.at_ms, arrival.last_miss_ms)
    if attempt.passed:
        return arrival
    return Arrival(None, max(attempt.at_ms, arrival.last_miss_ms or 0))
