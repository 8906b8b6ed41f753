"""The questions of a review, answered: which KPI did something, which was noise, which misses."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from probe.domain.basis import Basis
from probe.domain.block import Block
from probe.domain.evidence import DetectedBy, Event, IncidentRecord, Review, Window
from probe.domain.gate import Mode, Objective, Override
from probe.domain.revisit import Trigger
from probe.domain.sampled import Sampled
from probe.kpi import KPIS
from probe.kpi.fit import Fit, fit_of

# Alerts on which less often than that somebody acts are noise.
ACTED_ON = 0.3

# Around a failure that users told of; and before one, for what might have announced it.
NEAR = timedelta(hours=1)

USUAL_CADENCE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What is found of one target.

    ``blocked`` are the versions that it stopped, ``overridden`` those that somebody let pass all
    the same, each with their word; ``named`` the incidents whose post-mortem says that it showed
    them, ``announced`` those within an hour before which it was missed.
    """

    objective: Objective
    fit: Fit
    blocked: tuple[str, ...] = ()
    overridden: tuple[tuple[str, Override], ...] = ()
    named: tuple[str, ...] = ()
    announced: tuple[str, ...] = ()

    @property
    def mode(self) -> Mode:
        """Return what it could be: a gate, or one that only informs."""
        if self.objective.mode is Mode.INFORM:
            return Mode.GATE if self.announced else Mode.INFORM
        return Mode.INFORM if self.overridden and not self.blocked else Mode.GATE


@dataclass(frozen=True, slots=True)
class Heard:
    """How often an alert came, and how often a post-mortem followed; ``kpi`` may be empty."""

    alert: str
    kpi: str
    fired: int
    acted_on: int

    @property
    def noise(self) -> bool:
        """Tell whether hardly anybody did anything about it."""
        return self.acted_on < ACTED_ON * self.fired


@dataclass(frozen=True, slots=True)
class Findings:
    """
    What a review has to look at; ``unmatched`` are failures that users told of and no KPI showed.

    ``triggers`` are ``None`` where no review was accepted yet, so that there is nothing to compare
    with. ``unlooked`` counts incidents beyond those that were looked into.
    """

    window: Window
    last: Review | None
    due_at: datetime
    targets: tuple[Finding, ...]
    heard: tuple[Heard, ...]
    unmatched: tuple[IncidentRecord, ...]
    triggers: tuple[Trigger, ...] | None
    basis: Basis
    unlooked: int = 0

    @property
    def due(self) -> bool:
        """Tell whether it is time for a review, by the calendar or for what has changed."""
        return self.window.until >= self.due_at or bool(self.triggers)


def heard_of(fired: Iterable[Event], incidents: Iterable[IncidentRecord]) -> tuple[Heard, ...]:
    """Return how often each alert came and somebody did something, the most frequent first."""
    by_id = {each.id: each for each in incidents}
    fired_by, acted_by = Counter[str](), Counter[str]()
    for event in fired:
        fired_by[event.detail] += 1
        incident = by_id.get(event.id)
        head = by_id.get(incident.joined) if incident else None
        acted_by[event.detail] += any(each.cause for each in (incident, head) if each)
    kpis = {alert.name: kpi.name for kpi in KPIS for alert in kpi.alerts}
    return tuple(
        Heard(name, kpis.get(name, ""), count, acted_by[name])
        for name, count in fired_by.most_common()
    )


def unmatched_of(
    incidents: Iterable[IncidentRecord], missed_around: Mapping[str, Iterable[str]]
) -> tuple[IncidentRecord, ...]:
    """
    Return the failures that users noticed first and no KPI showed.

    *missed_around* names by incident the KPIs that were missed around it. What a post-mortem says
    to have shown it is believed.
    """
    return tuple(
        each
        for each in incidents
        if each.detected_by is DetectedBy.USER
        and not each.joined
        and not list(missed_around.get(each.id, ()))
        and kpi_named(each.metric_matched) is None
    )


def kpi_named(text: str) -> str | None:
    """Return the KPI that *text* names, by its code or its name."""
    word = text.strip().casefold()
    found = (kpi.name for kpi in KPIS if word in (kpi.code.casefold(), kpi.name))
    return next(found, None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened in the window: gates that stopped a release, words, and incidents."""

    blocks: Sequence[Block]
    words: Sequence[tuple[str, Override]]
    incidents: Sequence[IncidentRecord]
    missed_before: Mapping[str, Iterable[str]]


def finding_of(objective: Objective, sampled: Sequence[Sampled], facts: Facts) -> Finding:
    """Return what is found of one target."""
    kpi = objective.kpi
    return Finding(
        objective,
        fit_of(objective, sampled),
        blocked=tuple(each.version for each in facts.blocks if each.kpi == kpi),
        overridden=tuple(each for each in facts.words if each[1].kpi == kpi),
        named=tuple(each.id for each in facts.incidents if kpi_named(each.metric_matched) == kpi),
        announced=tuple(
            incident for incident, missed in facts.missed_before.items() if kpi in missed
        ),
    )


def due_at(last: Review | None, objectives: Iterable[Objective], now: datetime) -> datetime:
    """Return when the next review is due: the shortest cadence after the last, or now."""
    if last is None:
        return now
    return last.at + min((each.cadence for each in objectives), default=USUAL_CADENCE)


def repeated_classes(
    incidents: Iterable[IncidentRecord], since: datetime | None
) -> tuple[str, ...]:
    """Return the classes of which there were two incidents, the later one after *since*."""
    counts, late = Counter[str](), set[str]()
    for each in incidents:
        if not each.joined:
            counts[each.incident_class] += 1
            if since is None or each.onset_at > since:
                late.add(each.incident_class)
    return tuple(sorted(name for name in late if counts[name] > 1))
