"""Whether a pair serves the current release, by the last attempts for its files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from probe.domain.evidence import Pair
from probe.domain.failure import FailureReason
from probe.domain.hold import INTERVALS_HELD
from probe.domain.observation import Observation
from probe.domain.propagation import Rollout
from probe.domain.serving import lacking, serves
from probe.domain.standing import clears
from probe.domain.target import Depth, Target


@dataclass(frozen=True, slots=True)
class Heard:
    """When something was last heard of a file, and the failure that no attempt has refuted."""

    monotonic: float
    reason: FailureReason | None = None
    depth: Depth = Depth.HEAD


class Presence:
    """
    What the last attempts for the files of one version said at one pair.

    A pair serves a release if it had all of it once, a file of it was just had there, and none of
    its files has gone or is again that of another release. What is known is held two intervals.
    What its own marker names counts too: ``named`` is empty where there is none.
    """

    def __init__(self, pair: Pair, version: str) -> None:
        self.pair = pair
        self.version = version
        self.named = ""
        self.heard: dict[str, Heard] = {}
        self._planned: set[str] = set()
        self._held_seconds = 0.0

    def follow(self, before: "Presence") -> None:
        """Take over what was heard *before* of the same version."""
        if before.version == self.version:
            self.heard = before.heard

    def plan(self, target: Target) -> None:
        """Count *target* among the files of the version."""
        self._planned.add(target.key)
        held = INTERVALS_HELD * target.endpoint.interval_seconds
        self._held_seconds = max(held, self._held_seconds)

    def hear(self, observation: Observation, monotonic: float) -> None:
        """Take in a conclusive attempt."""
        key, depth = observation.probe.target.key, observation.probe.depth
        before, failure = self.heard.get(key), observation.failure
        if before and before.reason and not clears(depth, before.reason, before.depth):
            self.heard[key] = replace(before, monotonic=monotonic)
        else:
            self.heard[key] = Heard(monotonic, failure.reason if failure else None, depth)

    def serves(self, newest: Rollout, monotonic: float) -> bool | None:
        """Tell whether it serves *newest*; ``None`` if nothing was heard lately."""
        return serves(newest, self.pair, self.named, self._reasons(monotonic))

    def lacks(self, rolled: Sequence[Rollout], monotonic: float) -> Rollout | None:
        """Return the oldest of the releases *rolled* that it lacks; none if it has the newest."""
        gone = self._names_another() or lacking(self._reasons(monotonic))
        if self._had(rolled[0]) and not gone:
            return None
        required = [each for each in rolled if self._is_required(each)]
        lacked = [each for each in required if not self._had(each)]
        return min(lacked or rolled[:1], key=lambda each: each.published_at)

    def _reasons(self, monotonic: float) -> list[FailureReason | None]:
        since = monotonic - self._held_seconds
        return [
            heard.reason
            for key, heard in self.heard.items()
            if key in self._planned and heard.monotonic >= since
        ]

    def _names_another(self) -> bool:
        return self.named not in ("", self.version)

    def _had(self, rolled: Rollout) -> bool:
        return self.pair in rolled.has

    def _is_required(self, rolled: Rollout) -> bool:
        return self._had(rolled) or self.pair in (*rolled.pending, *rolled.excluded)
