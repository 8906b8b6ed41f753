"""What is printed where a command cannot begin."""

from collections.abc import Sequence
from typing import TextIO

from probe.domain.text import clean

_LINE = 1000


def print_faults(stream: TextIO, faults: Sequence[str]) -> None:
    """Print *faults*, one a line, on a stream that escapes what it cannot hold, as stderr does."""
    stream.writelines(f"{clean(fault, _LINE)}\n" for fault in faults)
