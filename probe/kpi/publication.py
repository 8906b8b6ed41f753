"""Whether a release came to storage and CDN in time, and what served users if not (X1.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from probe.domain.evidence import LastHeard, Pair
from probe.domain.propagation import Rollout
from probe.domain.target import EndpointKind
from probe.kpi.evidence import COMPLETE_WITHIN, Evidence, Released
from probe.kpi.hearing import by_target
from probe.kpi.sighted import proven
from probe.kpi.value import every, some

_PUBLISHED_TO = frozenset({EndpointKind.S3, EndpointKind.CDN})


class Outcome(StrEnum):
    """What a publication that failed meant for users. Label values: never renamed."""

    FALLBACK = "served_by_fallback"
    OUTAGE = "outage"


_OUTCOMES: Mapping[bool, Outcome] = {True: Outcome.FALLBACK, False: Outcome.OUTAGE}


@dataclass(frozen=True, slots=True)
class FailedPublication:
    """A pair that lacked a release when its deadline passed."""

    pair: Pair
    outcome: Outcome


def failed_publications(evidence: Evidence, release: Released) -> tuple[FailedPublication, ...]:
    """
    Return the pairs of storage and CDN that were seen to lack *release* at their deadline.

    That is half an hour where none is said. They go with whether users in that region could have
    it from elsewhere by then; a pair of which that is not known is left out.
    """
    rollout = release.rollout
    if rollout is None:
        return ()
    sights = _Sights.of(rollout)
    failed = []
    for pair in sights.pairs:
        deadline = rollout.published_at + evidence.deadlines.get(pair.endpoint, COMPLETE_WITHIN)
        published_to = evidence.kinds.get(pair.endpoint) in _PUBLISHED_TO
        if published_to and sights.had(pair, deadline) is False:
            served = sights.had_elsewhere(pair, deadline)
            if served is not None:
                failed.append(FailedPublication(pair, _OUTCOMES[served]))
    return tuple(failed)


@dataclass(frozen=True, slots=True)
class _Sights:
    pairs: tuple[Pair, ...]
    arrivals: Mapping[Pair, datetime]
    missed: Mapping[Pair, datetime | None]

    @classmethod
    def of(cls, rollout: Rollout) -> "_Sights":
        arrived = (*rollout.reached, *rollout.late, *rollout.found)
        return cls(
            rollout.pairs,
            {each.pair: each.at for each in arrived},
            {**rollout.missed, **{each.pair: each.missed_at for each in arrived}},
        )

    def had(self, pair: Pair, by: datetime) -> bool | None:
        """Tell whether *pair* had all of it by then; ``None`` if nobody saw it lack it since."""
        at, missed_at = self.arrivals.get(pair), self.missed.get(pair)
        if at is not None and at <= by:
            return True
        return False if missed_at is not None and missed_at >= by else None

    def had_elsewhere(self, pair: Pair, by: datetime) -> bool | None:
        """Tell whether users in that region had it from another pair by then."""
        others = [each for each in self.pairs if each.region == pair.region and each != pair]
        return some(self.had(each, by) for each in others) if others else False


def fallbacks(evidence: Evidence) -> Mapping[str, bool | None]:
    """
    Return by file of the current release whether GitHub could serve it, from every region.

    It could if it did so once with the right bytes, and what was heard last does not contradict.
    That is not known of what nobody asked for, or nobody in full. Where GitHub is not probed there
    is nothing to tell.
    """
    current, heard = evidence.current, by_target(evidence.heard)
    pairs = current.pairs if current else ()
    github = [each for each in pairs if evidence.kinds.get(each.endpoint) is EndpointKind.GITHUB]
    if current is None or not github:
        return {}
    return {
        name: proven(
            ((pair.endpoint, _serves(heard.get((name, pair), ()))) for pair in github),
            current.whole,
        )
        for name in sorted(current.files)
    }


def _serves(heard: Sequence[LastHeard]) -> bool | None:
    if not heard:
        return None
    return every(each.verified_at is not None if each.up else each.up for each in heard)
