"""What waits to be written. Nobody who puts something in ever waits."""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field

from probe.domain.bucket import Attempt
from probe.domain.evidence import Entry

# More than any day brings; where so many wait, the ledger has been down for long.
MOST_LETTERS = 100_000


@dataclass(frozen=True, slots=True)
class Letter:
    """Entries that are written together; ``kept`` is told whether they are on the disk."""

    entries: tuple[Entry, ...]
    kept: "Future[bool]" = field(default_factory=Future)

    def answer(self, *, kept: bool) -> None:
        """Tell who waits, if nobody has; they may have turned away."""
        if not self.kept.done():
            with suppress(InvalidStateError):
                self.kept.set_result(kept)


class Inbox:
    """
    Attempts, of which the oldest are dropped when too many wait, and letters, which stay.

    Any thread puts in; one writer takes out.
    """

    def __init__(self, waiting: int) -> None:
        self.dropped = 0
        self.closed = False
        self._waiting = waiting
        self._attempts: deque[Attempt] = deque()
        self._letters: deque[Letter] = deque()
        self._plan: frozenset[str] | None = None
        self._lock = threading.Lock()
        self._stir = threading.Event()

    def put(self, attempt: Attempt) -> None:
        """Take one attempt."""
        with self._lock:
            self._attempts.append(attempt)
            if self.closed or len(self._attempts) > self._waiting:
                self._attempts.popleft()
                self.dropped += 1

    def put_plan(self, keys: frozenset[str]) -> None:
        """Take the keys of all targets there are; only the last of many plans counts."""
        with self._lock:
            self._plan = keys

    def put_letter(self, letter: Letter) -> None:
        """Take entries and rouse the writer; refuse them where nobody will ever write them."""
        with self._lock:
            refused = self.closed or len(self._letters) >= MOST_LETTERS
            if not refused:
                self._letters.append(letter)
        if refused:
            letter.answer(kept=False)
        self._stir.set()

    def close(self) -> None:
        """Take nothing more, and rouse the writer."""
        with self._lock:
            self.closed = True
        self._stir.set()

    def wait(self, seconds: float) -> None:
        """Come back when a letter came, at the end, or after *seconds*."""
        self._stir.wait(seconds)
        self._stir.clear()

    def take_attempts(self) -> deque[Attempt]:
        """Take out all attempts."""
        with self._lock:
            taken, self._attempts = self._attempts, deque()
        return taken

    def take_plan(self) -> frozenset[str] | None:
        """Take out the last plan, if one came."""
        with self._lock:
            taken, self._plan = self._plan, None
        return taken

    def letters(self) -> Sequence[Letter]:
        """Return the letters that wait, oldest first; they stay."""
        with self._lock:
            return tuple(self._letters)

    def delivered(self, letters: Sequence[Letter]) -> None:
        """Drop *letters*, the oldest ones, and tell who waits: they are written."""
        with self._lock:
            for _ in letters:
                self._letters.popleft()
        for letter in letters:
            letter.answer(kept=True)

    def put_off(self) -> None:
        """Tell everyone who waits that nothing is written; what they sent stays."""
        with self._lock:
            letters = tuple(self._letters)
            self._letters = deque(letter for letter in letters if letter.entries)
        for letter in letters:
            letter.answer(kept=False)
