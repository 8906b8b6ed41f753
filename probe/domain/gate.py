"""Whether a release may go on: what was asked of each KPI, and what is known of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import isnan


class Mode(StrEnum):
    """What a target is for: to stop a release that misses it, or to be seen."""

    GATE = "gate"
    INFORM = "inform"


class Kind(StrEnum):
    """Whose a target is: an aim of one's own, or a promise to customers."""

    SLO = "slo"
    SLA = "sla"


class Ruling(StrEnum):
    """What is held of a target, or of all of them. Only ``PASS`` lets a release go on."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """What an answer rests on: the ledger of one region, or what Prometheus has of all of them."""

    LEDGER = "ledger"
    PROMETHEUS = "prometheus"


@dataclass(frozen=True, slots=True)
class Objective:
    """What is asked of a KPI, in its unit, and who answers for it and reviews it how often."""

    kpi: str
    target: float
    higher_is_better: bool
    mode: Mode = Mode.INFORM
    owner: str = ""
    runbook: str = ""
    cadence: timedelta = timedelta()
    kind: Kind = Kind.SLO

    def met_by(self, value: float) -> bool:
        """Tell whether *value* is as good as the target, or better."""
        return value >= self.target if self.higher_is_better else value <= self.target


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What is known of a KPI: ``why`` says why it is not, where ``value`` is ``None``.

    ``at`` is how fresh the evidence is. ``regions`` is from how many regions it comes; ``None``
    where the KPI is not about regions, as of the files of a release. ``of_product`` tells that it
    is of the whole product, though one release was asked about: of that alone nobody can tell.
    """

    value: float | None
    at: datetime
    regions: int | None = None
    why: str = ""
    of_product: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody's word that a release may go on although one KPI says no."""

    kpi: str
    who: str
    why: str
    until: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether it is in force; it needs a name and a reason to be."""
        return bool(self.who.strip()) and bool(self.why.strip()) and now < self.until


@dataclass(frozen=True, slots=True)
class Terms:
    """How fresh evidence has to be, and from how many regions it has to come."""

    oldest: timedelta = timedelta(minutes=15)
    regions: int = 1


PLAIN_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Judged:
    """One objective and what is held of it; ``why`` is empty where it passes."""

    objective: Objective
    reading: Reading
    ruling: Ruling
    why: str = ""
    override: Override | None = None

    @property
    def blocks(self) -> bool:
        """Tell whether it stops a release."""
        demanded = self.objective.mode is Mode.GATE
        return demanded and self.ruling is not Ruling.PASS and self.override is None


@dataclass(frozen=True, slots=True)
class Gate:
    """Every objective, judged as of one moment by one source."""

    at: datetime
    judged: tuple[Judged, ...]
    source: Source = Source.LEDGER

    @property
    def ruling(self) -> Ruling:
        """Return what is held of them all: of nothing demanded nothing is known."""
        if not any(each.objective.mode is Mode.GATE for each in self.judged):
            return Ruling.UNKNOWN
        blocking = {each.ruling for each in self.judged if each.blocks}
        if Ruling.FAIL in blocking:
            return Ruling.FAIL
        return Ruling.UNKNOWN if blocking else Ruling.PASS


def evaluate(
    objectives: Iterable[Objective],
    readings: Mapping[str, Reading],
    now: datetime,
    terms: Terms = PLAIN_TERMS,
    overrides: Sequence[Override] = (),
) -> Gate:
    """Return what is held of each of *objectives*; *readings* are by name of KPI."""
    nothing = Reading(None, now, why="it was not read")
    judged = [
        _judge(each, readings.get(each.kpi, nothing), now, terms, overrides) for each in objectives
    ]
    return Gate(now, tuple(judged))


def _judge(
    objective: Objective,
    reading: Reading,
    now: datetime,
    terms: Terms,
    overrides: Sequence[Override],
) -> Judged:
    ruling, why = _rule(objective, reading, now, terms)
    override = None
    if ruling is not Ruling.PASS:
        holding = (each for each in overrides if each.kpi == objective.kpi and each.holds(now))
        override = next(holding, None)
    return Judged(objective, reading, ruling, why, override)


def _rule(
    objective: Objective, reading: Reading, now: datetime, terms: Terms
) -> tuple[Ruling, str]:
    if reading.value is None or isnan(reading.value):
        return Ruling.UNKNOWN, reading.why or "nothing is known"
    if now - reading.at > terms.oldest:
        minutes = (now - reading.at) / timedelta(minutes=1)
        return Ruling.UNKNOWN, f"the evidence is {minutes:.0f} minutes old"
    if reading.regions is not None and reading.regions < terms.regions:
        return Ruling.UNKNOWN, f"seen from {reading.regions} regions, not {terms.regions}"
    if objective.met_by(reading.value):
        return Ruling.PASS, ""
    bound = "at least" if objective.higher_is_better else "at most"
    return Ruling.FAIL, f"{reading.value:.6g}, not {bound} {objective.target:.6g}"
