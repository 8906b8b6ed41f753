"""
Letting other threads run while a ledger is read.

Who reads lets go of the interpreter at each row and at each chunk that is inflated, for so short a
time that whoever waits for it wakes up too late, and asks anew; since it was let go meanwhile, no
switch is forced either. Without a breath the loop that measures waits up to 100 ms for one reader.
"""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

_SECONDS = 0.00005

# A breath comes about once in a millisecond of reading: after so many steps of SQLite's machine,
STEPS = 10_000
# so many inflated chunks,
CHUNKS = 20
# and so many rows whose durations are read.
_ROWS = 40


T = TypeVar("T")


def breathe() -> None:
    """Let whoever waits for the interpreter have it."""
    time.sleep(_SECONDS)


def breathing(rows: Iterable[T]) -> Iterator[T]:
    """Yield *rows*, with a breath now and then."""
    for number, row in enumerate(rows):
        if not number % _ROWS:
            breathe()
        yield row
