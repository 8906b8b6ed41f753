"""The ledger: what was seen, kept in one file beside the service."""

from probe.evidence.adding import add
from probe.evidence.bounds import Bounds
from probe.evidence.checkup import Checkup, examine
from probe.evidence.exporting import export_lines
from probe.evidence.importing import MAX_LINE_BYTES, ImportRefused, import_lines
from probe.evidence.ledger import Ledger
from probe.evidence.reading import Reading, open_reading
from probe.evidence.status import LedgerSeries, LedgerStatus
from probe.evidence.trouble import Trouble

__all__ = [
    "MAX_LINE_BYTES",
    "Bounds",
    "Checkup",
    "ImportRefused",
    "Ledger",
    "LedgerSeries",
    "LedgerStatus",
    "Reading",
    "Trouble",
    "add",
    "examine",
    "export_lines",
    "import_lines",
    "open_reading",
]
