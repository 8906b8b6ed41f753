"""Whether a release came to storage and CDN in time, and what served users if not (X1.5)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from probe.domain.evidence import LastHeard, Pair
from probe.domain.target import EndpointKind
from probe.kpi.evidence import COMPLETE_WITHIN, Evidence, Released
from probe.kpi.value import every

_PUBLISHED_TO = frozenset({EndpointKind.S3, EndpointKind.CDN})


class Outcome(StrEnum):
    """What a publication that failed meant for users. Label values: never renamed."""

    FALLBACK = "served_by_fallback"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class FailedPublication:
    """A pair that lacked a release when its deadline passed."""

    pair: Pair
    outcome: Outcome


def failed_publications(evidence: Evidence, release: Released) -> tuple[FailedPublication, ...]:
    """
    Return the pairs of storage and CDN that lacked *release* at their deadline.

    That is half an hour where none is said. They go with whether users in that region could have
    it from elsewhere by then.
    """
    rollout = release.rollout
    if rollout is None:
        return ()
    had = {each.pair: each.at for each in (*rollout.reached, *rollout.late)}
    # They had it before anybody looked.
    had |= {each.pair: rollout.published_at for each in rollout.found}
    failed = []
    for pair in sorted({*had, *rollout.pending, *rollout.excluded}):
        allowed = evidence.deadlines.get(pair.endpoint, COMPLETE_WITHIN)
        deadline = rollout.published_at + allowed
        late = had.get(pair, evidence.at) > deadline
        if late and evidence.kinds.get(pair.endpoint) in _PUBLISHED_TO:
            failed.append(FailedPublication(pair, _outcome(pair, had, deadline)))
    return tuple(failed)


def _outcome(pair: Pair, had: Mapping[Pair, datetime], deadline: datetime) -> Outcome:
    served = any(
        other.region == pair.region and other != pair and at <= deadline
        for other, at in had.items()
    )
    return Outcome.FALLBACK if served else Outcome.OUTAGE


def fallbacks(evidence: Evidence) -> Mapping[str, bool | None]:
    """
    Return by file of the current release whether GitHub could serve it, from every region.

    It could if it did so once with the right bytes, and what was heard last does not contradict.
    """
    found: defaultdict[str, list[bool | None]] = defaultdict(list)
    for each in evidence.heard:
        if each.segment.asset_class.distributable:
            verdicts = found[each.artifact]
            if each.segment.endpoint_kind is EndpointKind.GITHUB:
                verdicts.append(_serves(each))
    return {name: every(verdicts) if verdicts else False for name, verdicts in found.items()}


def _serves(heard: LastHeard) -> bool | None:
    return heard.up if heard.up is not True else heard.verified_at is not None
