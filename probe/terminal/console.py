"""Where terminal output goes: as wide as the terminal, or as wide as it needs to be in a pipe."""

import io
from typing import TextIO

from rich.console import Console

_PIPE_COLUMNS = 500


def console_for(stream: TextIO) -> Console:
    """
    Return a console on *stream*; colours and control codes only if it is a terminal.

    NO_COLOR is respected. What the stream's encoding cannot hold is escaped rather than raised.
    """
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    console = Console(file=stream, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = _PIPE_COLUMNS
    return console


def ascii_only(console: Console) -> bool:
    """Tell whether the console cannot show more than ASCII."""
    return console.options.ascii_only
