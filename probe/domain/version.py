"""Versions taken apart: their numbers, and what stands around these."""

import re
from dataclasses import dataclass

# At the beginning of a word: the 8 of k8s is none, nor is the 86 of x86.
_WORD = re.compile(r"(?<![0-9A-Za-z])(?<![0-9]\.)[vV]?(?P<numbers>[0-9]+(?:\.[0-9]+)*)")
# As in go1.21.5, if there is nothing better.
_GLUED = re.compile(r"(?<![0-9.])(?P<numbers>[0-9]+(?:\.[0-9]+)+)")
_COMMIT = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{7,64}")
# More digits than a few thousand are no number to Python.
MAX_VERSION_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Version:
    """A version's dotted numbers as they are written, and what is before and after them."""

    before: str
    dotted: str
    after: str

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return its numbers, to be compared: without zeros at the end, as 1.4 is 1.4.0."""
        numbers = [int(each) for each in self.dotted.split(".")]
        while numbers and not numbers[-1]:
            numbers.pop()
        return tuple(numbers)


def version_of(text: str) -> Version | None:
    """
    Take a version apart by its longest run of dotted numbers, the first of those as long.

    So 1.4.2 is what k8s-1.4.2 goes by, and 2.0 what v2.0-rc.1 does; a v before it is left out.
    ``None`` is a version without numbers, as a commit is, or longer than 128 characters.
    """
    if len(text) > MAX_VERSION_LENGTH or _COMMIT.fullmatch(text):
        return None
    found = list(_WORD.finditer(text)) or list(_GLUED.finditer(text))
    if not found:
        return None
    best = max(found, key=lambda each: each["numbers"].count("."))
    return Version(text[: best.start()], best["numbers"], text[best.end() :])
