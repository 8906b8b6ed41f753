"""Whether a pair serves the current release (A4), by what was last heard of its files."""

from collections.abc import Collection

from probe.domain.evidence import Pair
from probe.domain.failure import FailureReason
from probe.domain.propagation import Rollout

# Of the reasons those that say that the file is not there, or is another release's.
_LACKING = frozenset({FailureReason.NOT_FOUND, FailureReason.STALE})


def serves(newest: Rollout, pair: Pair, named: str, reasons: Collection[str | None]) -> bool | None:
    """
    Tell whether *pair* serves *newest*; ``None`` if nothing is known of its files.

    It does if it had all of it once, its marker *named* no other, a file of it is there, and none
    has gone or is again that of another release. *reasons* are of its files: ``None`` is there.
    """
    if not reasons:
        return None
    names_another = named not in {"", newest.version}
    had = pair in newest.has and not names_another
    return had and None in reasons and not lacking(reasons)


def lacking(reasons: Collection[str | None]) -> bool:
    """Tell whether a file has gone, or is that of another release."""
    return not _LACKING.isdisjoint(reasons)
