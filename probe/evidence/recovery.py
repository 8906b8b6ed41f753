"""What follows when the file fails: how long to let it be, and when to begin a new one."""

from pathlib import Path

from probe.domain.text import clean
from probe.evidence.connection import FILE_NAME
from probe.evidence.ledger_file import move_aside
from probe.evidence.trouble import Fault, Trouble, trouble_of
from probe.ports import Clock

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0

# A disk that damages file after file is not to be filled with them.
MOST_ASIDE = 5

_ADVICE = {
    Trouble.DAMAGED: "the ledger is damaged and was put aside",
    Trouble.FULL: "the disk is full",
    Trouble.UNWRITABLE: "the data directory cannot be written to",
    Trouble.IN_USE: "another process writes to the data directory",
    Trouble.NEWER: "a later release wrote the ledger",
    Trouble.FAILED: "the ledger cannot be used",
}


class Recovery:
    """Decides after each fault; waits twice as long after each in a row, a minute at most."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._wait_seconds = FIRST_WAIT_SECONDS
        self._try_at: float | None = 0.0

    def may_try(self, monotonic: float) -> bool:
        """Tell whether it is time to open the file again."""
        return self._try_at is not None and monotonic >= self._try_at

    def recovered(self) -> None:
        """Note that all is well."""
        self._wait_seconds = FIRST_WAIT_SECONDS
        self._try_at = 0.0

    def fell(self, fault: Fault, clock: Clock) -> tuple[Trouble, str, str]:
        """Return what is wrong, in words too, and where the damaged file is, if it was moved."""
        trouble = trouble_of(fault)
        aside = self._moved_aside(clock) if trouble is Trouble.DAMAGED else ""
        self._try_at = clock.monotonic() + self._wait_seconds if trouble.passes else None
        self._wait_seconds = min(2 * self._wait_seconds, LONGEST_WAIT_SECONDS)
        return trouble, f"{_ADVICE[trouble]}: {clean(str(fault), 200)}", aside

    def _moved_aside(self, clock: Clock) -> str:
        earlier = list(self._directory.glob(f"{FILE_NAME}.damaged-*Z"))
        if len(earlier) >= MOST_ASIDE:
            return ""
        stamp = clock.now().strftime("%Y%m%dT%H%M%S.%fZ")
        try:
            return str(move_aside(self._directory, stamp))
        except OSError:
            return ""
