"""What a ledger needs from time to time, in steps so small that no batch waits for them."""

from datetime import datetime

from probe.domain.bucket import BUCKET_MS
from probe.domain.moment import to_ms
from probe.evidence.bounds import Bounds
from probe.evidence.connection import transaction
from probe.evidence.detail import BUCKETS_PER_CHUNK
from probe.evidence.ledger_file import LedgerFile
from probe.evidence.packing import due_chunk, pack_some
from probe.evidence.pruning import DAY_MS, give_back, prune_some, prune_unused, shrink_some
from probe.evidence.tracks import Tracks

PRUNE_SECONDS = 60.0


class Upkeep:
    """Packs what is over, and removes what is too old or too much by ``bounds``."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._prune_at = 0.0
        self._unused_day = 0

    def step(self, file: LedgerFile, tracks: Tracks, now: datetime, monotonic: float) -> None:
        """Do the next few things that are due. To be called when all of *tracks* is written."""
        now_ms = to_ms(now)
        chunk = due_chunk(file.connection, now_ms // BUCKET_MS)
        if chunk is not None:
            tracks.put_away((chunk + 1) * BUCKETS_PER_CHUNK)
            with transaction(file.connection):
                pack_some(file.connection, chunk)
        if monotonic >= self._prune_at and not self._prune(file, tracks, now_ms):
            self._prune_at = monotonic + PRUNE_SECONDS

    def _prune(self, file: LedgerFile, tracks: Tracks, now_ms: int) -> bool:
        connection, bounds = file.connection, self.bounds
        today = now_ms // DAY_MS
        with transaction(connection):
            more = prune_some(connection, bounds, now_ms)
            more = shrink_some(connection, bounds, now_ms) or more
            if self._unused_day != today:
                tracks.forget(now_ms - bounds.days * DAY_MS)
                if not prune_unused(connection, bounds, now_ms):
                    self._unused_day = today
        return give_back(connection) or more
