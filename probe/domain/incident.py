"""
Incidents of one pair of endpoint and region, as a pure step from attempt to attempt.

The pair is down while one of its targets is: a consumer of that file cannot get it there. One
incident covers all that is down at the same time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b

from probe.domain.bucket import Attempt
from probe.domain.evidence import DetectedBy, IncidentRecord, RestoredBy
from probe.domain.failure import FailureReason
from probe.domain.moment import from_ms, to_ms
from probe.domain.outage import class_of, reopened, resolved
from probe.domain.standing import NEVER, Passes
from probe.domain.streak import FRESH, Beginning, IncidentPolicy, Streak, hear
from probe.domain.target import Target

# Of a release and one of its files: what two endpoints have in common.
File = tuple[str, str]


class Change(StrEnum):
    """What becomes of an incident; opened or reopened, and resolved, take turns."""

    OPENED = "opened"
    REOPENED = "reopened"
    SERVED = "served"
    UNSERVED = "unserved"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Transition:
    """What became of an incident, and the incident as it is then."""

    change: Change
    incident: IncidentRecord


@dataclass(frozen=True, slots=True)
class PairHealth:
    """
    What is known of a pair, by the keys of its targets.

    ``down`` are those that are down, with the file that each is; ``served`` the files among them
    that another endpoint gave meanwhile. ``back_ms`` is when the last that rose was back.
    ``incident`` is the open one, or else the last one.
    """

    streaks: Mapping[str, Streak] = field(default_factory=dict)
    down: Mapping[str, File] = field(default_factory=dict)
    served: frozenset[File] = frozenset()
    back_ms: int = 0
    incident: IncidentRecord | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether there is an incident that is not over."""
        return self.incident is not None and self.incident.restored_at is None


HEALTHY = PairHealth()


def file_of(target: Target) -> File:
    """Return what names the file of *target* at every endpoint of its product."""
    return (target.release.version, target.artifact.name)


def step(
    health: PairHealth, attempt: Attempt, policy: IncidentPolicy
) -> tuple[PairHealth, Transition | None]:
    """
    Take in an attempt for a target of the pair; return what is known then, and what changed.

    Inconclusive attempts, and passes that prove nothing about the failure before, change nothing.
    """
    if attempt.passed is None:
        return health, None
    key = attempt.target.key
    before = health.streaks.get(key, FRESH)
    if _is_on_its_way(before, attempt, policy):
        return health, None
    after = hear(before, attempt, policy)
    if after is before:
        return health, None
    health = replace(health, streaks={**health.streaks, key: after})
    if after.down and not before.down:
        return _fell(health, attempt, after, policy)
    if before.down and not after.down:
        return _rose(health, (key,), after.back_ms or attempt.at_ms)
    return health, None


def serve(health: PairHealth, attempt: Attempt) -> tuple[PairHealth, Transition | None]:
    """
    Take in an attempt for a file at *another* endpoint that the same users have.

    Users are served by a fallback as soon as all that is down here was verified elsewhere.
    """
    incident, wanted = health.incident, file_of(attempt.target)
    files = set(health.down.values())
    if incident is None or not attempt.verified or wanted not in files - health.served:
        return health, None
    first = incident.first_failure_at
    if first is not None and attempt.at_ms < to_ms(first):
        return health, None
    health = replace(health, served=health.served | {wanted})
    if incident.served_at is not None or not files <= health.served:
        return health, None
    served = replace(incident, served_at=from_ms(attempt.at_ms), restored_by=RestoredBy.FALLBACK)
    return replace(health, incident=served), Transition(Change.SERVED, served)


def keep_only(
    health: PairHealth, keys: Collection[str], now_ms: int
) -> tuple[PairHealth, Transition | None]:
    """Forget targets that nobody asks for; an incident of which nothing else is left is over."""
    gone = health.streaks.keys() - keys
    if not gone:
        return health, None
    kept = {key: streak for key, streak in health.streaks.items() if key not in gone}
    health = replace(health, streaks=kept)
    fallen = tuple(gone & health.down.keys())
    return _rose(health, fallen, now_ms) if fallen else (health, None)


def passed_before(health: PairHealth, passed: Mapping[str, Passes]) -> PairHealth:
    """Return *health* with the last passes of its targets, if they are later."""
    streaks = dict(health.streaks)
    for key, passes in passed.items():
        known = streaks.get(key, FRESH)
        if not known.recent:
            streaks[key] = replace(known, passed=known.passed.merged(passes))
    return replace(health, streaks=streaks)


def placed(health: PairHealth, incident: IncidentRecord) -> PairHealth:
    """Return *health* with its incident as the register has it."""
    return replace(health, incident=incident)


def _is_on_its_way(streak: Streak, attempt: Attempt, policy: IncidentPolicy) -> bool:
    if attempt.passed or streak.passed != NEVER or streak.failures:
        return False
    due = attempt.target.release.published_at + policy.arrival
    return attempt.at_ms < to_ms(due)


def _fell(
    health: PairHealth, attempt: Attempt, streak: Streak, policy: IncidentPolicy
) -> tuple[PairHealth, Transition | None]:
    file = file_of(attempt.target)
    health = replace(health, down={**health.down, attempt.target.key: file})
    if health.is_open:
        return _fell_too(health, file)
    in_a_row = streak.failures >= policy.failures
    begun = streak.row if streak.row and in_a_row else streak.spell[0]
    flapped = _flapped(health.incident, begun, policy)
    if flapped is not None:
        again = reopened(flapped)
        return replace(health, incident=again), Transition(Change.REOPENED, again)
    incident = _incident(attempt, begun)
    health = replace(health, incident=incident, served=frozenset(), back_ms=0)
    return health, Transition(Change.OPENED, incident)


def _fell_too(health: PairHealth, file: File) -> tuple[PairHealth, Transition | None]:
    incident = health.incident
    if incident is None or incident.served_at is None or file in health.served:
        return health, None
    unserved = replace(incident, served_at=None, restored_by=None)
    return replace(health, incident=unserved), Transition(Change.UNSERVED, unserved)


def _flapped(
    incident: IncidentRecord | None, begun: Beginning, policy: IncidentPolicy
) -> IncidentRecord | None:
    if incident is None or incident.restored_at is None:
        return None
    apart = from_ms(begun.failure_ms) - incident.restored_at
    return incident if apart < policy.merge else None


def _rose(
    health: PairHealth, keys: Collection[str], back_ms: int
) -> tuple[PairHealth, Transition | None]:
    down = {key: file for key, file in health.down.items() if key not in keys}
    health = replace(health, down=down, back_ms=max(back_ms, health.back_ms))
    incident = health.incident
    if down or incident is None or incident.restored_at is not None:
        return health, None
    over = resolved(incident, from_ms(health.back_ms))
    return replace(health, incident=over), Transition(Change.RESOLVED, over)


def _incident(attempt: Attempt, begun: Beginning) -> IncidentRecord:
    target = attempt.target
    reason = attempt.fault[0] if attempt.fault else FailureReason.INTERNAL
    first, last = begun.failure_ms, begun.success_ms
    detected = max(attempt.at_ms, first)
    # Between the last success and the first failure nobody looked: the middle is the best guess.
    onset = first if last is None else (min(last, first) + first) // 2
    return IncidentRecord(
        id=incident_id(target, first),
        product=target.product,
        channel=target.release.channel,
        endpoint=target.endpoint.name,
        region=target.region.name,
        onset_at=from_ms(onset),
        detected_at=from_ms(detected),
        detected_by=DetectedBy.PROBE,
        reason=reason.value,
        incident_class=class_of(reason, target.endpoint.kind),
        version=target.release.version,
        first_failure_at=from_ms(first),
        last_success_at=None if last is None else from_ms(last),
    )


def incident_id(target: Target, first_failure_ms: int) -> str:
    """Return the id of an incident: the same whenever the same attempts are taken in again."""
    place = (target.product, target.release.channel, target.endpoint.name, target.region.name)
    text = "\0".join((*place, str(first_failure_ms)))
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
