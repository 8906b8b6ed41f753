"""How much a ledger keeps."""

from dataclasses import dataclass

GIB = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """
    For how many days a ledger keeps what it counts, how large it grows, and how much may wait.

    Past ``max_bytes`` the oldest buckets go before their time. The newest ``incidents`` stay
    however old: counters go on from them, and would seem to start anew if they were fewer. Of the
    ``waiting`` attempts that are not yet written the oldest are dropped, and counted, when one
    more comes.
    """

    days: int = 400
    max_bytes: int = 8 * GIB
    incidents: int = 20_000
    waiting: int = 20_000
