"""When an artifact first was there, how sure that is, and which digest its bytes have."""

from dataclasses import dataclass, replace

from probe.domain.artifact import Artifact, Digest
from probe.domain.bucket import Attempt
from probe.domain.failure import FailureReason
from probe.domain.target import Depth

_OTHER_BYTES = frozenset(
    {FailureReason.CHECKSUM_MISMATCH, FailureReason.STALE, FailureReason.SIZE_MISMATCH}
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    The first verified download, and the last attempt before it that failed.

    It came to be there between the two. Milliseconds since the epoch. ``digest`` is the published
    one that its bytes were last held against, ``matched`` tells whether they had it.
    """

    first_ms: int | None = None
    last_miss_ms: int | None = None
    digest: Digest | None = None
    matched: bool | None = None

    def is_of_other(self, artifact: Artifact) -> bool:
        """Tell whether the file was published anew, with other bytes, since they were read."""
        known = self.digest is not None and bool(artifact.digests)
        return known and self.digest not in artifact.digests


NOWHERE = Arrival()


def look(arrival: Arrival, attempt: Attempt) -> Arrival:
    """Take in *attempt*; once the first download is known nothing changes when that was."""
    return _held_against(_sighted(arrival, attempt), attempt)


def _sighted(arrival: Arrival, attempt: Attempt) -> Arrival:
    if arrival.first_ms is not None or attempt.passed is None:
        return arrival
    if attempt.verified:
        return replace(arrival, first_ms=attempt.at_ms)
    if attempt.passed:
        return arrival
    return replace(arrival, last_miss_ms=max(attempt.at_ms, arrival.last_miss_ms or 0))


def _held_against(arrival: Arrival, attempt: Attempt) -> Arrival:
    published = attempt.target.artifact.digests
    if not published or attempt.depth is not Depth.FULL:
        return arrival
    matched = attempt.passed or False
    if not matched and (attempt.fault is None or attempt.fault[0] not in _OTHER_BYTES):
        return arrival
    if arrival.matched is matched and arrival.digest == published[0]:
        return arrival
    return replace(arrival, digest=published[0], matched=matched)
