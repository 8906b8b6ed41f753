"""Whether a pair serves the current release, by the last attempts for its files."""

from collections.abc import Sequence
from dataclasses import dataclass

from probe.domain.evidence import Pair
from probe.domain.failure import FailureReason
from probe.domain.hold import INTERVALS_HELD
from probe.domain.observation import Observation, Passed
from probe.domain.propagation import Rollout
from probe.domain.target import Target

# Of the reasons those that say that the file is not there, or is another release's.
_LACKING = frozenset({FailureReason.NOT_FOUND, FailureReason.STALE})


@dataclass(frozen=True, slots=True)
class Heard:
    """What the last conclusive attempt for a file said, and when."""

    monotonic: float
    passed: bool
    lacking: bool


class Presence:
    """
    What the last attempts for the files of one version said at one pair.

    A pair serves a release if it had all of it once, a file of it was just had there, and none of
    its files has gone or is again that of another release. What is known is held two intervals.
    What its own marker names counts until it names another: ``named`` is empty where none does.
    """

    def __init__(self, pair: Pair, version: str) -> None:
        self.pair = pair
        self.version = version
        self.named = ""
        self.heard: dict[str, Heard] = {}
        self._planned: set[str] = set()
        self._held_seconds = 0.0

    def follow(self, before: "Presence") -> None:
        """Take over what was heard *before*, and of another version what is named."""
        self.named = before.named
        if before.version == self.version:
            self.heard = before.heard

    def plan(self, target: Target) -> None:
        """Count *target* among the files of the version."""
        self._planned.add(target.key)
        held = INTERVALS_HELD * target.endpoint.interval_seconds
        self._held_seconds = max(held, self._held_seconds)

    def hear(self, observation: Observation, monotonic: float) -> None:
        """Take in a conclusive attempt."""
        failure = observation.failure
        lacking = failure is not None and failure.reason in _LACKING
        passed = isinstance(observation.verdict, Passed)
        self.heard[observation.probe.target.key] = Heard(monotonic, passed, lacking)

    def serves(self, newest: Rollout, monotonic: float) -> bool | None:
        """Tell whether it serves *newest*; ``None`` if nothing was heard lately."""
        fresh = self._fresh(monotonic)
        if not fresh:
            return None
        had = self._had(newest) and not self._names_another()
        return had and any(each.passed for each in fresh) and not _any_lacking(fresh)

    def lacks(self, rolled: Sequence[Rollout], monotonic: float) -> Rollout | None:
        """Return the oldest of the releases *rolled* that it lacks; none if it has the newest."""
        gone = self._names_another() or _any_lacking(self._fresh(monotonic))
        if self._had(rolled[0]) and not gone:
            return None
        required = [each for each in rolled if self._is_required(each)]
        lacking = [each for each in required if not self._had(each)]
        return min(lacking or rolled[:1], key=lambda each: each.published_at)

    def _fresh(self, monotonic: float) -> list[Heard]:
        since = monotonic - self._held_seconds
        return [
            heard
            for key, heard in self.heard.items()
            if key in self._planned and heard.monotonic >= since
        ]

    def _names_another(self) -> bool:
        return self.named not in ("", self.version)

    def _had(self, rolled: Rollout) -> bool:
        return self.pair in rolled.has

    def _is_required(self, rolled: Rollout) -> bool:
        return self._had(rolled) or self.pair in (*rolled.pending, *rolled.excluded)


def _any_lacking(heard: Sequence[Heard]) -> bool:
    return any(each.lacking for each in heard)
