"""The ledger."""

from probe.series.metric import Kind, Metric

LEDGER_UP = Metric(
    "delivery_ledger_up",
    Kind.GAUGE,
    "1 if what is seen is being written to the ledger, 0 if the ledger cannot be written.",
)
LEDGER_DROPPED = Metric(
    "delivery_ledger_dropped_total",
    Kind.COUNTER,
    "Attempts that the ledger does not count, because too many were waiting to be written.",
)
LEDGER_BYTES = Metric("delivery_ledger_size_bytes", Kind.GAUGE, "Size of the ledger's files.")
LEDGER_LAST_COMMIT = Metric(
    "delivery_ledger_last_commit_timestamp_seconds",
    Kind.GAUGE,
    "When the ledger was last written to.",
)
