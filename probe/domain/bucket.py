"""Five minutes of one target, and how attempts and states fill them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from probe.domain.failure import FailureReason, Phase
from probe.domain.moment import to_ms
from probe.domain.observation import Inconclusive, Observation, Passed
from probe.domain.target import Depth, DepthPolicy, Target

BUCKET_MS = 300_000
BUCKETS_PER_DAY = 288

Fault = tuple[FailureReason, Phase]


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    An observation, reduced to what is counted of it.

    ``at_ms`` is when it ended. ``passed`` is ``None`` where it was inconclusive, ``fault`` where
    it passed. ``seconds`` leave hashing out.
    """

    target: Target
    at_ms: int
    depth: Depth
    passed: bool | None
    fault: Fault | None
    seconds: float
    bytes_received: int

    @property
    def verified(self) -> bool:
        """Tell whether it passed at the greatest depth that its endpoint's policy allows."""
        if not self.passed:
            return False
        policy = self.target.endpoint.depth
        return self.depth is Depth.FULL or (
            policy is not DepthPolicy.AUTO and policy.value == self.depth.value
        )


def attempt_of(observation: Observation) -> Attempt:
    """Return what is counted of *observation*."""
    verdict, download = observation.verdict, observation.download
    failure = observation.failure
    seconds = download.timings.total
    return Attempt(
        target=observation.probe.target,
        at_ms=to_ms(observation.started_at) + int(seconds * 1000),
        depth=observation.probe.depth,
        passed=None if isinstance(verdict, Inconclusive) else isinstance(verdict, Passed),
        fault=(failure.reason, failure.phase) if failure else None,
        seconds=seconds,
        bytes_received=download.bytes_received,
    )


@dataclass(slots=True)
class Tally:
    """
    What is counted over some time: of a bucket, a day, or anything that is a sum of them.

    ``attempts`` are the conclusive ones. ``up_ms`` of ``known_ms`` the state was up.
    ``durations`` counts verified full downloads by bin of ``probe.sketch``.
    """

    attempts: int = 0
    verified: int = 0
    full_attempts: int = 0
    full_verified: int = 0
    inconclusive: int = 0
    up_ms: int = 0
    known_ms: int = 0
    bytes_received: int = 0
    faults: dict[Fault, int] = field(default_factory=dict)
    durations: dict[int, int] = field(default_factory=dict)

    def count(self, attempt: Attempt, duration_bin: int | None) -> None:
        """Count *attempt*; *duration_bin* is that of a verified full download."""
        self.bytes_received += attempt.bytes_received
        if attempt.fault is not None:
            self.faults[attempt.fault] = self.faults.get(attempt.fault, 0) + 1
        if attempt.passed is None:
            self.inconclusive += 1
            return
        full = attempt.depth is Depth.FULL
        self.attempts += 1
        self.verified += attempt.passed
        self.full_attempts += full
        self.full_verified += full and attempt.passed
        if duration_bin is not None:
            self.durations[duration_bin] = self.durations.get(duration_bin, 0) + 1

    def hold(self, ms: int, *, up: bool) -> None:
        """Count *ms* of a bucket in which the state was *up*; a bucket holds no more than it is."""
        ms = min(ms, BUCKET_MS - self.known_ms)
        self.known_ms += ms
        self.up_ms += ms if up else 0

    def add(self, other: "Tally") -> None:
        """Count all that *other* counts."""
        self.attempts += other.attempts
        self.verified += other.verified
        self.full_attempts += other.full_attempts
        self.full_verified += other.full_verified
        self.inconclusive += other.inconclusive
        self.up_ms += other.up_ms
        self.known_ms += other.known_ms
        self.bytes_received += other.bytes_received
        for fault, count in other.faults.items():
            self.faults[fault] = self.faults.get(fault, 0) + count
        for place, count in other.durations.items():
            self.durations[place] = self.durations.get(place, 0) + count


def over_buckets(start_ms: int, end_ms: int) -> Iterator[tuple[int, int]]:
    """Yield the number of each bucket from *start_ms* to *end_ms* with the time spent in it."""
    while start_ms < end_ms:
        number = start_ms // BUCKET_MS
        until = min(end_ms, (number + 1) * BUCKET_MS)
        yield number, until - start_ms
        start_ms = until
