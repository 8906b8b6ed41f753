"""What a caller of the API asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from probe.domain.text import clean

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
_DIGITS = 9


class BadQuery(Exception):
    """A parameter that cannot be; the text says which and what it may be."""


@dataclass(frozen=True, slots=True)
class Query:
    """Filters by name, and the page: at most ``limit`` rows after ``offset``."""

    filters: Mapping[str, str]
    limit: int
    offset: int


def parse_query(given: Mapping[str, str], filters: frozenset[str]) -> Query:
    """
    Read the parameters of a list.

    Raises:
        BadQuery: a parameter that is not known, or a number that is none.
    """
    unknown = sorted(given.keys() - filters - {"limit", "offset"})
    if unknown:
        known = ", ".join(sorted(filters | {"limit", "offset"}))
        raise BadQuery(f"{unknown[0][:40]} is no parameter here; there are {known}")
    return Query(
        filters={name: value for name, value in given.items() if name in filters},
        limit=_number(given, "limit", 1, DEFAULT_LIMIT, MAX_LIMIT),
        offset=_number(given, "offset", 0, 0, 10**_DIGITS),
    )


def parameters(given: Mapping[str, str], *known: str) -> dict[str, str]:
    """
    Return those of the *known* parameters that are given.

    Raises:
        BadQuery: another one is.
    """
    unknown = sorted(given.keys() - set(known))
    if unknown:
        there_are = ", ".join(known)
        raise BadQuery(f"{clean(unknown[0], 40)} is no parameter here; there are {there_are}")
    return {name: given[name] for name in known if name in given}


def _number(given: Mapping[str, str], name: str, least: int, default: int, most: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else -1
    if not least <= number <= most:
        raise BadQuery(f"{name} is a number from {least} to {most}")
    return number
