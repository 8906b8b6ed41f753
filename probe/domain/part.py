"""A part of a list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """At most ``limit`` rows, after ``offset``."""

    limit: int = 100
    offset: int = 0


FIRST = Part()
