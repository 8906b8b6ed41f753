"""The one who writes: a thread that takes what waits, counts it, and commits twice a second."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import structlog

from probe.domain.bucket import Attempt
from probe.domain.evidence import Sighting
from probe.domain.moment import to_ms
from probe.evidence.bounds import Bounds
from probe.evidence.inbox import Inbox, Letter
from probe.evidence.ledger_file import LedgerFile, size_on_disk
from probe.evidence.recovery import Recovery
from probe.evidence.status import LedgerStatus
from probe.evidence.track_rows import sighting_of
from probe.evidence.tracks import Tracks, first_seen
from probe.evidence.trouble import FAULTS, Fault
from probe.evidence.upkeep import Upkeep
from probe.ports import Clock

COMMIT_SECONDS = 0.5
SWEEP_SECONDS = 10.0

_log = structlog.get_logger(__name__)


class Writer(threading.Thread):
    """
    Keeps the ledger in *directory*. Whatever happens to the file, the thread goes on.

    *announce* is told of first sights once they are on the disk, from this thread.
    """

    def __init__(
        self,
        directory: Path,
        clock: Clock,
        bounds: Bounds,
        inbox: Inbox,
        announce: Callable[[Sequence[Sighting]], None],
    ) -> None:
        super().__init__(name="ledger-writer", daemon=True)
        self.status = LedgerStatus()
        self._directory = directory
        self._clock = clock
        self._inbox = inbox
        self._announce = announce
        self._tracks = Tracks()
        self._backlog: deque[Attempt] = deque()
        self._file: LedgerFile | None = None
        self._upkeep = Upkeep(bounds)
        self._recovery = Recovery(directory)
        self._sweep_at = 0.0

    def bound(self, bounds: Bounds) -> None:
        """Keep what *bounds* say from the next step of upkeep on. For any thread."""
        self._upkeep.bounds = bounds

    def run(self) -> None:
        """Write until the inbox is closed, and once more then."""
        try:
            while not self._inbox.closed:
                self._turn()
                self._inbox.wait(COMMIT_SECONDS)
            self._turn()
        finally:
            self._end()

    def _turn(self) -> None:
        letters = self._inbox.letters()
        # Who asks for a flush wants to know how it stands, not when it was last tried.
        asked = any(not letter.entries for letter in letters)
        if self._file is None and not (asked or self._recovery.may_try(self._clock.monotonic())):
            self._inbox.put_off()
            return
        try:
            file = self._opened()
            self._absorb(file)
            self._commit(file, letters)
            self._upkeep.step(file, self._tracks, self._clock.now(), self._clock.monotonic())
            self._recovery.recovered()
        except FAULTS as fault:
            self._fall(fault)
            self._inbox.put_off()

    def _opened(self) -> LedgerFile:
        if self._file is None:
            self._file = LedgerFile(self._directory)
            for track in self._file.rows.unsettled():
                self._tracks.put(track)
        return self._file

    def _absorb(self, file: LedgerFile) -> None:
        backlog = self._backlog = self._backlog or self._inbox.take_attempts()
        while backlog:
            self._tracks.take(backlog[0], file.rows)
            backlog.popleft()
        now_ms = to_ms(self._clock.now())
        plan = self._inbox.take_plan()
        if plan is not None:
            self._tracks.keep_only(plan, now_ms, file.rows)
        if self._clock.monotonic() >= self._sweep_at:
            self._tracks.sweep(now_ms, file.rows)
            self._sweep_at = self._clock.monotonic() + SWEEP_SECONDS

    def _commit(self, file: LedgerFile, letters: Sequence[Letter]) -> None:
        dirty = self._tracks.dirty
        entries = [entry for letter in letters for entry in letter.entries]
        if dirty or entries:
            file.write(dirty, entries)
            self.status = replace(self.status, committed_at=self._clock.now())
        seen = [sighting_of(track) for track in first_seen(dirty)]
        self._tracks.written()
        self._stand()
        if seen:
            self._announce(seen)
        self._inbox.delivered(letters)

    def _stand(self) -> None:
        if not self.status.up:
            _log.info("ledger open", directory=str(self._directory))
        size = size_on_disk(self._directory)
        self.status = replace(self.status, up=True, trouble=None, detail="", size_bytes=size)

    def _fall(self, fault: Fault) -> None:
        self._close_file()
        trouble, detail, aside = self._recovery.fell(fault, self._clock)
        if aside:
            self._tracks.moved()
        if (trouble, detail) != (self.status.trouble, self.status.detail):
            _log.error("ledger down", trouble=trouble, detail=detail, aside=aside)
        self.status = replace(
            self.status, up=False, trouble=trouble, detail=detail, aside=aside or self.status.aside
        )

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with suppress(*FAULTS):
                file.close()

    def _end(self) -> None:
        self._inbox.close()
        self._close_file()
        self._inbox.put_off()
        detail = self.status.detail or "closed"
        self.status = replace(self.status, up=False, detail=detail)
