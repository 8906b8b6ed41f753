"""Every target this process has, with what it remembers of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from probe.domain.depth import LastFull, Weight, full_due_us, next_full_us, weight_of
from probe.domain.failure import FailureReason
from probe.domain.observation import Origin
from probe.domain.schedule import MICROSECONDS, phase_us
from probe.domain.target import Target
from probe.domain.watch import watch_seconds


@dataclass(slots=True, eq=False)
class TargetState:
    """
    What is remembered of one target while the process lives; moments are microseconds (epoch).

    ``watched`` counts the rounds since a release was new; ``None`` once it is not watched. It was
    ``proven`` if an earlier process read it in full and it passed: then it is new no more.
    """

    target: Target
    first_seen_us: int
    due_us: int = 0
    full_due_us: int = 0
    last_full_us: int = 0
    proven: bool = False
    watched: int | None = None
    waits_for_origin: bool = False
    queued: bool = False
    bulk_queued: bool = False
    in_flight: bool = False
    gone: bool = False
    seen_bytes: int | None = None
    failing: FailureReason | None = None
    origin: Origin = Origin.UNKNOWN
    _host: str = ""

    @classmethod
    def first(cls, target: Target, now_us: int, last_full: LastFull | None = None) -> "TargetState":
        """Return the state of a target of which only the *last_full* download may be known."""
        return cls(
            target,
            now_us,
            full_due_us=full_due_us(target, last_full, now_us),
            last_full_us=last_full.at_us if last_full else 0,
            proven=bool(last_full and last_full.passed),
        )

    def replan(self, target: Target, now_us: int) -> None:
        """Take *target*, of the same key, in place of what was planned."""
        if target.endpoint.depth is not self.target.endpoint.depth:
            self.full_due_us = next_full_us(target, now_us)
        self.target, self._host = target, ""

    def watch(self, now_us: int) -> None:
        """Begin to watch: the release is new, and to be proven in full as soon as it is there."""
        self.watched = 0
        self.full_due_us = now_us

    @property
    def host(self) -> str:
        """Return the host, with its port, that the target's URL names."""
        # Found when it is first due: for all targets of a new plan at once it stalls the loop.
        if not self._host:
            self._host = urlsplit(self.target.url).netloc.rpartition("@")[2].lower()
        return self._host

    @property
    def interval_us(self) -> int:
        """Return the time between two rounds, which is shorter while a release is watched."""
        seconds = self.target.endpoint.interval_seconds
        if self.watched is not None:
            seconds = watch_seconds(self.watched, seconds)
        return int(seconds * MICROSECONDS)

    @property
    def phase_us(self) -> int:
        """Return how long after each multiple of its interval the target is due."""
        return phase_us(self.target.key, self.interval_us)

    @property
    def weight(self) -> Weight:
        """Tell whether full downloads of the target are rationed."""
        return weight_of(self.target, self.seen_bytes)

    @property
    def waiting_since_us(self) -> int:
        """Return when its last full download was, or else when it was first to be had."""
        return self.last_full_us or self.first_seen_us

    @property
    def most_bytes(self) -> int:
        """Return how much a full download may bring, as far as can be known before."""
        if (limit := self.target.byte_limit) is not None:
            return limit
        return self.seen_bytes or self.target.endpoint.full_below_bytes


@dataclass(frozen=True, slots=True)
class Change:
    """What a new plan did: targets that came, that went, and whose interval is another."""

    came: list[TargetState] = field(default_factory=list)
    went: list[TargetState] = field(default_factory=list)
    moved: list[TargetState] = field(default_factory=list)


class Roster:
    """The states of all targets, by key; ``last_full`` is what earlier processes knew of them."""

    def __init__(self) -> None:
        self.last_full: dict[str, LastFull] = {}
        self._states: dict[str, TargetState] = {}

    def __iter__(self) -> Iterator[TargetState]:
        return iter(self._states.values())

    def get(self, key: str) -> TargetState | None:
        """Return the state of the target called *key*."""
        return self._states.get(key)

    def retarget(self, targets: Iterable[Target], now_us: int) -> Change:
        """Take a whole new plan; a target that stays keeps its state."""
        change = Change()
        fresh: dict[str, TargetState] = {}
        for target in targets:
            state = self._states.pop(target.key, None)
            if state is None:
                last_full = self.last_full.pop(target.key, None)
                state = TargetState.first(target, now_us, last_full)
                change.came.append(state)
            elif state.target is not target:
                interval = state.interval_us
                state.replan(target, now_us)
                if state.interval_us != interval:
                    change.moved.append(state)
            fresh[target.key] = state
        for state in self._states.values():
            state.gone = True
            change.went.append(state)
        self._states = fresh
        return change
