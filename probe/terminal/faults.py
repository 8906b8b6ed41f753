"""What is printed where a command cannot begin."""

from collections.abc import Sequence
from io import TextIOWrapper
from typing import TextIO

from probe.domain.text import clean

_LINE = 1000


def print_faults(stream: TextIO, faults: Sequence[str]) -> None:
    """Print *faults*, one a line. What the stream's encoding cannot hold is escaped."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    stream.writelines(f"{clean(fault, _LINE)}\n" for fault in faults)
