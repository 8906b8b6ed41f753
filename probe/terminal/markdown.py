"""Tables in Markdown, in which nothing from outside is read as markup."""

import re
from collections.abc import Iterable, Sequence

from probe.domain.text import clean

_CELL = 300
# Whatever begins emphasis, code, links, mentions, HTML, entities or a new cell.
_MARKUP = re.compile(r"[\\`*_\[\]<>#!|~&@]|:(?=//)|(?<=www)\.", re.IGNORECASE)


def escaped(text: str, limit: int = _CELL) -> str:
    """Return a text from outside, on one line, of which every sign stands for itself."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", clean(text, limit))


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; *heading* is our own text, *rows* are escaped here."""
    return [
        f"| {' | '.join(heading)} |",
        f"|{' --- |' * len(heading)}",
        *(f"| {' | '.join(map(escaped, row))} |" for row in rows),
    ]
