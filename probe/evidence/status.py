"""How the ledger fares."""

from dataclasses import dataclass
from datetime import datetime

from probe.evidence.trouble import Trouble
from probe.ports import Metrics
from probe.series import LEDGER_BYTES, LEDGER_DROPPED, LEDGER_LAST_COMMIT, LEDGER_UP


@dataclass(frozen=True, slots=True)
class LedgerStatus:
    """
    Whether the ledger is written, and if not, why.

    ``detail`` is for people: what is wrong and what helps. ``aside`` names the damaged file that
    was last put away.
    """

    up: bool = False
    trouble: Trouble | None = None
    detail: str = "not opened"
    size_bytes: int = 0
    committed_at: datetime | None = None
    aside: str = ""


class LedgerSeries:
    """Shows the status as series."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._dropped = 0
        metrics.set(LEDGER_UP, (), 0.0)
        metrics.inc(LEDGER_DROPPED, (), 0)

    def show(self, status: LedgerStatus, dropped: int) -> None:
        """Show *status* and how many attempts were dropped since the start."""
        self._metrics.set(LEDGER_UP, (), float(status.up))
        self._metrics.inc(LEDGER_DROPPED, (), dropped - self._dropped)
        self._dropped = dropped
        self._metrics.set(LEDGER_BYTES, (), status.size_bytes)
        if status.committed_at is not None:
            self._metrics.set(LEDGER_LAST_COMMIT, (), status.committed_at.timestamp())
