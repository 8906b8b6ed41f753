"""What a caller of the API asks for: the parameters that are described are those that are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from probe.domain.text import clean
from probe.web.openapi.operation import Parameter

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
_DIGITS = 9


class BadQuery(Exception):
    """A parameter that cannot be; the text says which and what it may be."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A parameter that is a whole number from ``least`` to ``most``."""

    name: str
    says: str
    least: int
    most: int
    default: int

    @property
    def parameter(self) -> Parameter:
        """Return how it is described."""
        bounds = {"minimum": self.least, "maximum": self.most, "default": self.default}
        return Parameter(self.name, self.says, {"type": "integer", **bounds})

    def read(self, given: Mapping[str, str]) -> int:
        """
        Return it as it was *given*, or its default.

        Raises:
            BadQuery: not such a number.
        """
        text = given.get(self.name)
        if text is None:
            return self.default
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else -1
        if not self.least <= number <= self.most:
            raise BadQuery(f"{self.name} is a number from {self.least} to {self.most}")
        return number


LIMIT = Whole("limit", "At most so many rows.", 1, MAX_LIMIT, DEFAULT_LIMIT)
OFFSET = Whole("offset", "The rows after so many.", 0, 10**_DIGITS - 1, 0)
PART = (LIMIT.parameter, OFFSET.parameter)
CHANNEL = Parameter("channel", "Which channel of the product, where it has several.")


@dataclass(frozen=True, slots=True)
class Query:
    """Filters by name, and the page: at most ``limit`` rows after ``offset``."""

    filters: Mapping[str, str]
    limit: int
    offset: int


def parse_query(given: Mapping[str, str], known: Iterable[Parameter]) -> Query:
    """
    Read the parameters of a list, of which ``PART`` are two.

    Raises:
        BadQuery: a parameter that is not known, a word that is none, or a number that is none.
    """
    found = parameters(given, known)
    return Query(
        filters={name: found[name] for name in found if name not in (LIMIT.name, OFFSET.name)},
        limit=LIMIT.read(found),
        offset=OFFSET.read(found),
    )


def parameters(given: Mapping[str, str], known: Iterable[Parameter]) -> dict[str, str]:
    """
    Return those of the *known* parameters that are given.

    Raises:
        BadQuery: another one is, or one that is none of the words that it may be.
    """
    by_name = {each.name: each for each in known if each.place == "query"}
    unknown = sorted(given.keys() - by_name)
    if unknown:
        there_are = ", ".join(sorted(by_name)) or "none"
        raise BadQuery(f"{clean(unknown[0], 40)} is no parameter here; there are {there_are}")
    hold_to_words(given, by_name.values())
    return {name: given[name] for name in by_name if name in given}


def hold_to_words(given: Mapping[str, str], known: Iterable[Parameter]) -> None:
    """
    Let those of the *known* parameters that are given be among their words.

    Raises:
        BadQuery: one is not.
    """
    for each in known:
        if each.words and given.get(each.name, each.words[0]) not in each.words:
            raise BadQuery(f"{each.name} is one of {', '.join(each.words)}")
