"""Attempts to incidents: each pair's health goes on step by step, and what changes is kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import structlog

from probe.domain.bucket import Attempt, attempt_of
from probe.domain.evidence import DetectedBy, HealthRecord, IncidentRecord, LastHeard
from probe.domain.health_text import from_text, to_text
from probe.domain.incident import (
    HEALTHY,
    Change,
    PairHealth,
    Transition,
    keep_only,
    passed_before,
    placed,
    serve,
    step,
)
from probe.domain.moment import to_ms
from probe.domain.observation import Observation
from probe.domain.outage import noticed, resolved, weighed
from probe.domain.remembered import RememberedIncidents
from probe.domain.snapshot import ProductKey
from probe.domain.standing import NEVER, Passes
from probe.domain.streak import FRESH, IncidentPolicy
from probe.domain.target import Depth, Product, Target
from probe.ports import Clock, Ledger
from probe.sinks.register import USUAL, Place, Register

_log = structlog.get_logger(__name__)


class IncidentSink:
    """
    Opens and ends incidents by what attempts say.

    ``policy`` may change at any time, and ``weights``, the shares of users by region, with it.
    What is known of pairs is kept with every transition, and with each ``tick`` where a failure
    was involved.
    """

    def __init__(
        self,
        register: Register,
        clock: Clock,
        ledger: Ledger,
        policy: IncidentPolicy = USUAL,
        weights: Mapping[str, float] | None = None,
    ) -> None:
        self.policy = policy
        self.weights = weights or {}
        self._register = register
        self._clock = clock
        self._ledger = ledger
        self._healths: dict[Place, PairHealth] = {}
        # When targets that are well last passed, by depth: what nearly every attempt changes.
        self._passed: dict[Depth, dict[str, int]] = {depth: {} for depth in Depth}
        self._planned: dict[str, Place] = {}
        self._neighbours: Mapping[Place, Sequence[Place]] = {}
        self._unkept: set[Place] = set()

    def restore(self, remembered: RememberedIncidents) -> None:
        """Take in what the ledger holds; to be called before the first plan."""
        self._register.restore(remembered.incidents)
        by_id = {each.id: each for each in remembered.incidents}
        for each in remembered.healths:
            place = (each.product, each.channel, each.endpoint, each.region)
            try:
                self._healths[place] = from_text(each.health, by_id)
            except ValueError as fault:
                _log.warning("health of a pair not restored", pair=place, fault=str(fault))
        for place, passed in _passed(remembered.heard).items():
            health = self._healths.get(place, HEALTHY)
            self._healths[place] = passed_before(health, passed)

    def record(self, observation: Observation) -> None:
        """Take one step; attempts for targets that are not planned say nothing."""
        place = self._planned.get(observation.probe.target.key)
        if place is None:
            return
        attempt = attempt_of(observation)
        self._step(place, attempt)
        if not attempt.verified:
            return
        for other in self._neighbours[place]:
            health = self._healths.get(other, HEALTHY)
            if health.down:
                self._take(other, *serve(health, attempt))

    def retarget(self, products: Sequence[Product], targets: Sequence[Target]) -> None:
        """Forget what is asked for no more; what was down of it is no incident from here on."""
        self._planned = {target.key: _place(target) for target in targets}
        for passed in self._passed.values():
            for gone in passed.keys() - self._planned.keys():
                del passed[gone]
        self._neighbours = _neighbours(set(self._planned.values()))
        self._register.retarget(products, self._neighbours)
        keys: defaultdict[Place, set[str]] = defaultdict(set)
        for key, place in self._planned.items():
            keys[place].add(key)
        # A product whose catalog was not read yet has no targets, and loses none by that.
        unread = {each.key for each in products} - {place[:2] for place in keys}
        now_ms = to_ms(self._clock.now())
        for place, health in list(self._healths.items()):
            if place[:2] not in unread:
                self._take(place, *keep_only(health, keys[place], now_ms))
                if not keys[place]:
                    self._unkept.discard(place)
                    del self._healths[place]
        self._end_orphans(unread)

    def tick(self) -> None:
        """Keep what is not kept yet, and show what is. To be called about once a second."""
        if self._unkept:
            self._ledger.submit(*(self._health_record(place) for place in self._unkept))
            self._unkept.clear()
        self._register.tick()

    def _step(self, place: Place, attempt: Attempt) -> None:
        if attempt.passed is None:
            return
        key = attempt.target.key
        before = self._healths.get(place, HEALTHY)
        streak = before.streaks.get(key, FRESH)
        if attempt.passed and not streak.recent and not streak.down:
            self._passed[attempt.depth][key] = attempt.at_ms
            return
        if (passed := self._last_passes(key)) != NEVER:
            before = passed_before(before, {key: passed})
        after, change = step(before, attempt, self.policy)
        if after is before:
            return
        # Passes of a target that is well change nothing that would matter after a restart.
        if after.streaks[key].recent or before.streaks.get(key, FRESH).recent:
            self._unkept.add(place)
        self._take(place, after, change)

    def _last_passes(self, key: str) -> Passes:
        head, part, full = (
            self._passed[depth].pop(key, 0) for depth in (Depth.HEAD, Depth.RANGE, Depth.FULL)
        )
        return Passes.last(head, part, full)

    def _take(self, place: Place, health: PairHealth, change: Transition | None) -> None:
        self._healths[place] = health
        if change is None:
            return
        incident = weighed(change.incident, self.weights)
        if change.change is Change.OPENED:
            incident = self._opened(incident)
        elif (known := self._register.find(incident.id)) is not None:
            incident = _with_what_was_told(incident, known)
        self._healths[place] = placed(health, incident)
        self._unkept.discard(place)
        self._register.keep(incident, self._health_record(place))
        _log.info(f"incident {change.change.value}", **_said(incident))
        if change.change is Change.RESOLVED:
            self._end_told(incident)

    def _opened(self, incident: IncidentRecord) -> IncidentRecord:
        incident = self._register.place(incident)
        if not incident.joined:
            return incident
        head = self._register.find(incident.joined)
        # What was told of first began no later than what the probe has seen of it.
        if head is not None and head.detected_by is not DetectedBy.PROBE:
            onset = min(head.onset_at, incident.onset_at)
            self._register.keep(replace(head, onset_at=onset))
        return incident

    def _end_told(self, incident: IncidentRecord) -> None:
        """End what somebody told of, with the last of what the probe saw of it."""
        head = self._register.find(incident.joined)
        if head is None or head.detected_by is DetectedBy.PROBE or head.restored_at is not None:
            return
        parts = self._register.select(lambda each: each.joined == head.id)
        if all(each.restored_at is not None for each in parts) and incident.restored_at:
            self._register.keep(weighed(resolved(head, incident.restored_at), self.weights))

    def _end_orphans(self, unread: Collection[ProductKey]) -> None:
        """End what the probe saw at pairs that nobody asks any more."""
        now = self._clock.now()
        for each in self._register.select(_is_seen_and_open):
            place = (each.product, each.channel, each.endpoint, each.region)
            if place[:2] in unread:
                continue
            health = self._healths.get(place)
            if health is None or health.incident is None or health.incident.id != each.id:
                self._register.keep(weighed(resolved(each, now), self.weights))

    def _health_record(self, place: Place) -> HealthRecord:
        health = to_text(self._healths[place])
        return HealthRecord(*place, self._clock.now(), health)


def _is_seen_and_open(incident: IncidentRecord) -> bool:
    return incident.restored_at is None and incident.first_failure_at is not None


def _with_what_was_told(incident: IncidentRecord, known: IncidentRecord) -> IncidentRecord:
    """Return *incident*, as the probe sees it, with what the register has heard besides."""
    incident = replace(
        incident,
        incident_class=known.incident_class,
        recurs=known.recurs,
        joined=known.joined,
        cause=known.cause,
        report=known.report,
        metric_matched=known.metric_matched,
    )
    return noticed(incident, known.detected_at, known.detected_by)


def _passed(heard: Iterable[LastHeard]) -> Mapping[Place, Mapping[str, Passes]]:
    found: defaultdict[Place, dict[str, Passes]] = defaultdict(dict)
    for each in heard:
        segment = each.segment
        place = (segment.product, segment.channel, segment.endpoint, segment.region)
        verified = 0 if each.verified_at is None else to_ms(each.verified_at)
        lately = to_ms(each.heard_at) if each.up and each.heard_at is not None else verified
        found[place][each.key] = Passes.last(lately, verified, verified)
    return found


def _place(target: Target) -> Place:
    return (target.product, target.release.channel, target.endpoint.name, target.region.name)


def _neighbours(places: set[Place]) -> dict[Place, Sequence[Place]]:
    """Return for each pair the others that users in its region have for the same product."""
    groups: defaultdict[tuple[str, str, str], list[Place]] = defaultdict(list)
    for product, channel, endpoint, region in sorted(places):
        groups[product, channel, region].append((product, channel, endpoint, region))
    return {
        place: tuple(each for each in group if each != place)
        for group in groups.values()
        for place in group
    }


def _said(incident: IncidentRecord) -> dict[str, object]:
    return {
        "incident": incident.id,
        "product": incident.product,
        "channel": incident.channel,
        "endpoint": incident.endpoint,
        "region": incident.region,
        "reason": incident.reason,
        "part_of": incident.joined or None,
    }
