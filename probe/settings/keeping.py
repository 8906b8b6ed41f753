"""When failures are an incident, and how much of what was seen is kept."""

import math
from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from probe.domain.streak import MOST_REMEMBERED, IncidentPolicy
from probe.evidence import Bounds
from probe.settings.policy import Section
from probe.settings.quantities import holding, lasting

_POLICY = IncidentPolicy()
_BOUNDS = Bounds()
_DAY_SECONDS = 86_400

Attempts = Annotated[int, Field(ge=1, le=MOST_REMEMBERED)]


class IncidentsEntry(Section):
    """When a target is down, when it is back, and what is one incident."""

    failures: Attempts = _POLICY.failures
    """Down after so many failures in a row."""
    some: Attempts = _POLICY.some
    """Down as well after so many failures among the last attempts, however mixed."""
    of: Attempts = _POLICY.of
    """How many attempts those last ones are."""
    passes: Attempts = _POLICY.passes
    """Back after so many passes in a row."""
    merge: Annotated[float, *lasting("0s", "1d")] = _POLICY.merge.total_seconds()
    """Outages of one endpoint, seen from one region, that are less than that apart are one.
    The recording rules merge what is less than 10m apart, whatever is said here."""
    arrival: Annotated[float, *lasting("0s", "7d")] = _POLICY.arrival.total_seconds()
    """Time after publication before which a file that was never there is no incident."""

    @model_validator(mode="after")
    def _there_are_so_many(self) -> Self:
        if self.some > self.of:
            raise ValueError(f"some ({self.some}) is more than of ({self.of})")
        return self

    def policy(self) -> IncidentPolicy:
        """Return what this says."""
        return IncidentPolicy(
            failures=self.failures,
            some=self.some,
            of=self.of,
            passes=self.passes,
            merge=timedelta(seconds=self.merge),
            arrival=timedelta(seconds=self.arrival),
        )


class LedgerEntry(Section):
    """How much of what was seen is kept in the data directory."""

    keep: Annotated[float, *lasting("91d", "3650d")] = float(_BOUNDS.days * _DAY_SECONDS)
    """For how long; incidents are compared over 90 days. Whole days; a part of one is a day."""
    max_size: Annotated[int, *holding("64MiB", "16TiB")] = _BOUNDS.max_bytes
    """Past this size the oldest counts go before their time; incidents and releases stay."""

    def bounds(self) -> Bounds:
        """Return what this says."""
        return Bounds(days=math.ceil(self.keep / _DAY_SECONDS), max_bytes=self.max_size)
