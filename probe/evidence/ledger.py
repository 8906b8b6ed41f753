"""The ledger as the rest of the program knows it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path

from probe.domain.bucket import Attempt
from probe.domain.evidence import Entry, Sighting
from probe.evidence.bounds import Bounds
from probe.evidence.inbox import Inbox, Letter
from probe.evidence.reading import Reading, open_reading
from probe.evidence.status import LedgerStatus
from probe.evidence.writer import Writer
from probe.ports import Clock


class Ledger:
    """
    Keeps what was seen, in SQLite, in one directory.

    ``start`` and ``close`` bound its life. What is recorded is on file within the second; what is
    kept is on the disk when ``keep`` says so.
    """

    def __init__(self, directory: Path, clock: Clock, bounds: Bounds = Bounds()) -> None:
        self._directory = directory
        self._inbox = Inbox(bounds.waiting)
        self._writer = Writer(directory, clock, bounds, self._inbox, self._announce)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._on_sightings: Callable[[Sequence[Sighting]], None] | None = None

    @property
    def status(self) -> LedgerStatus:
        """Return how it fares."""
        return self._writer.status

    @property
    def dropped(self) -> int:
        """Return how many attempts it could not take in."""
        return self._inbox.dropped

    def bound(self, bounds: Bounds) -> None:
        """Keep as much as *bounds* say from here on; how much may wait stays as it was."""
        self._writer.bound(bounds)

    def start(self, on_sightings: Callable[[Sequence[Sighting]], None] | None = None) -> None:
        """
        Begin to write. Needs a running event loop where *on_sightings* is given.

        *on_sightings* is called on that loop with first sights that are on the disk.
        """
        if on_sightings is not None:
            self._loop = asyncio.get_running_loop()
            self._on_sightings = on_sightings
        self._writer.start()

    def record(self, attempt: Attempt) -> None:
        """Count one attempt. Never waits: where too many wait, the oldest is dropped, counted."""
        self._inbox.put(attempt)

    def plan(self, keys: Iterable[str]) -> None:
        """Take the keys of all targets there are; the state of others is unknown from here on."""
        self._inbox.put_plan(frozenset(keys))

    def submit(self, *entries: Entry) -> "Future[bool]":
        """Have *entries* written, together; the answer is that of ``keep``."""
        letter = Letter(entries)
        self._inbox.put_letter(letter)
        return letter.kept

    async def keep(self, *entries: Entry) -> bool:
        """
        Have *entries* written, and wait until they are on the disk.

        Returns:
            Whether they are. If not, the ledger is down: they wait in memory and are written as
            soon as it is up, unless the process ends before.
        """
        return await asyncio.wrap_future(self.submit(*entries))

    async def flush(self) -> bool:
        """Have all written that was recorded, now; tell whether it is."""
        return await self.keep()

    def close(self, seconds: float = 10.0) -> None:
        """Write what waits and end; blocks for *seconds* at most."""
        self._inbox.close()
        if self._writer.is_alive():
            self._writer.join(seconds)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """
        Read what is written, as of one moment. For any thread; not for the event loop.

        Raises:
            EvidenceUnavailable: there is no ledger, or it cannot be read.
        """
        with open_reading(self._directory) as reading:
            yield reading

    def _announce(self, sightings: Sequence[Sighting]) -> None:
        if self._loop is not None and self._on_sightings is not None:
            # The loop may have closed while the last batch was written.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._on_sightings, sightings)
