"""The ledger: what was seen, kept in one file beside the service."""

from probe.evidence.bounds import Bounds
from probe.evidence.ledger import Ledger
from probe.evidence.reading import Reading, open_reading
from probe.evidence.status import LedgerSeries, LedgerStatus
from probe.evidence.trouble import Trouble

__all__ = [
    "Bounds",
    "Ledger",
    "LedgerSeries",
    "LedgerStatus",
    "Reading",
    "Trouble",
    "open_reading",
]
