"""What one attempt brought, what it proves, and the record of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from probe.domain.artifact import Digest
from probe.domain.failure import Failure, Phase
from probe.domain.target import Probe


class Cache(StrEnum):
    """What a cache on the way said of itself, whatever its vendor calls it."""

    HIT = "hit"
    MISS = "miss"
    STALE = "stale"
    BYPASS = "bypass"
    UNKNOWN = "unknown"


class Proof(StrEnum):
    """What a passed attempt rests on, strongest first."""

    DIGEST = "digest"
    SIZE = "size"
    TRANSFER = "transfer"


class Origin(StrEnum):
    """Where a failure seen at a copy comes from (edge, origin), as far as it was asked."""

    EDGE = "edge"
    ORIGIN = "origin"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds spent in each phase of an attempt; ``None`` for a phase that was not reached."""

    resolve: float | None = None
    connect: float | None = None
    tls: float | None = None
    auth: float | None = None
    wait: float | None = None
    redirect: float | None = None
    transfer: float | None = None
    verify: float | None = None

    @property
    def total(self) -> float:
        """Return the seconds from the start of the attempt to its last byte, hashing apart."""
        *phases, _ = self._in_order()
        return sum(filter(None, phases))

    def items(self) -> list[tuple[Phase, float]]:
        """Return the phases that were reached, in order."""
        reached = zip(_PHASES, self._in_order(), strict=True)
        return [(phase, seconds) for phase, seconds in reached if seconds is not None]

    def _in_order(self) -> tuple[float | None, ...]:
        return (
            self.resolve,
            self.connect,
            self.tls,
            self.auth,
            self.wait,
            self.redirect,
            self.transfer,
            self.verify,
        )


_PHASES = tuple(Phase)


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer that led elsewhere: host asked, status it gave, seconds it took."""

    host: str
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Download:
    """
    The facts of one attempt, not judged.

    ``url`` is the last one asked for, without query and user. ``status`` is ``None`` where no
    answer came. ``headers`` are those of the last answer that matter, names in lower case.
    ``sample`` holds the first bytes of the body, ``digests`` those of the bytes received.
    ``complete`` says that the body ended as its own headers declared. ``failure`` is what the
    transport itself ran into.
    """

    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()
    bytes_received: int = 0
    complete: bool = False
    sample: bytes = field(default=b"", repr=False)
    digests: tuple[Digest, ...] = ()
    timings: Timings = Timings()
    cache: Cache = Cache.UNKNOWN
    edge: str = ""
    peer_address: str = ""
    certificate_expires_at: datetime | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """The attempt proved what its depth can prove."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class Failed:
    """A consumer would not have got the right file."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """The prober was at fault, so nothing is known about the artifact."""

    failure: Failure


Verdict = Passed | Failed | Inconclusive


@dataclass(frozen=True, slots=True)
class Observation:
    """One attempt on record. ``id`` joins its log line, its exemplar and its page."""

    id: str
    probe: Probe
    started_at: datetime
    verdict: Verdict
    download: Download
    origin: Origin = Origin.UNKNOWN

    @property
    def failure(self) -> Failure | None:
        """Return what went wrong, whoever is at fault; ``None`` if it passed."""
        return None if isinstance(self.verdict, Passed) else self.verdict.failure
