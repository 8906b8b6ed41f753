"""What a KPI is: a question with two readings, one over evidence and one in PromQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from probe.domain.promql import selector
from probe.kpi.alert import Alert, Scope
from probe.kpi.events import Events
from probe.kpi.evidence import Evidence
from probe.kpi.value import NOTHING_HEARD, Unknown, Value

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
QUARTER = timedelta(days=90)


class Category(StrEnum):
    """The five things that a delivery path has to be; one KPI of each is a good start."""

    COMPLETENESS = "completeness"
    AVAILABILITY = "availability"
    PERFORMANCE = "performance"
    INTEGRITY = "integrity"
    RECOVERABILITY = "recoverability"


class Unit(StrEnum):
    """What the number of a KPI is a number of."""

    RATIO = "ratio"
    SECONDS = "seconds"
    COUNT = "count"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Group(StrEnum):
    """A group of recording rules, in the order in which they read one another."""

    TARGETS = "delivery.targets"
    SLI = "delivery.sli"
    SLO_REGIONAL = "delivery.slo.regional"
    SLO_REGIONAL_LONG = "delivery.slo.regional.long"
    CROSS_REGION = "delivery.cross_region"
    SLO_GLOBAL = "delivery.slo.global"
    SLO_GLOBAL_LONG = "delivery.slo.global.long"
    RECOVERABILITY = "delivery.recoverability"

    @property
    def scope(self) -> Scope:
        """Return where it can be evaluated."""
        return Scope.REGIONAL if self in _REGIONAL else Scope.GLOBAL


_REGIONAL = (Group.TARGETS, Group.SLI, Group.SLO_REGIONAL, Group.SLO_REGIONAL_LONG)


class Per(StrEnum):
    """What one value of the past is of; of some KPIs a ledger knows no more than the present."""

    WEEK = "week"
    RELEASE = "release"
    INCIDENT = "incident"
    MOMENT = "moment"


class Basis(StrEnum):
    """What a formula looks at: counts, or when pairs had what; with the files of a catalog, too."""

    COUNTS = "counts"
    SIGHTS = "sights"
    CATALOG = "catalog"


@dataclass(frozen=True, slots=True)
class Rule:
    """A recording rule; ``labels`` are those that it adds."""

    group: Group
    record: str
    expr: str
    labels: Mapping[str, str] = field(default_factory=dict)


Key = tuple[str, ...]
Formula = Callable[[Evidence], Mapping[Key, Value]]

OVERALL: Key = ()
VERSION: Key = ("version",)


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One number of a KPI, or one for each value of ``labels``, and its two readings.

    ``formula`` gives them from the evidence of ``window``. ``rule`` records them for every product
    and channel; ``match`` picks them where the rule records others too. Without a rule there is
    no reading in Prometheus. ``basis`` is what the formula needs to be given.
    """

    formula: Formula
    rule: Rule | None
    labels: Key = ()
    match: Mapping[str, str] = field(default_factory=dict)
    window: timedelta = MONTH
    basis: Basis = Basis.COUNTS

    @property
    def query(self) -> str:
        """Return the PromQL that reads what the rule records; empty without a rule."""
        return self.asked()

    def asked(self, **labels: str) -> str:
        """Return the PromQL that reads what is recorded for *labels*; empty without a rule."""
        if self.rule is None:
            return ""
        return selector(self.rule.record, {**self.rule.labels, **self.match, **labels})


@dataclass(frozen=True, slots=True)
class Kpi:
    """
    A KPI. ``code`` is its number in the reference, ``name`` what targets call it.

    ``target`` is in ``unit`` and only a proposal. ``method`` says what is divided by what.
    ``headline`` is the number of a whole product and channel, ``release`` the same for each
    version, where that can be told; ``parts`` are its details.
    ``awaits`` says what is not observed, where that is why the answer is unknown. ``events`` are
    what its error budget is of, if it has one; ``alerts`` are told when it goes wrong. ``per`` is
    what one value of its past is of.
    """

    code: str
    name: str
    category: Category
    question: str
    method: str
    unit: Unit
    direction: Direction
    target: float
    headline: Measure | None = None
    release: Measure | None = None
    parts: tuple[Measure, ...] = ()
    awaits: str = ""
    events: Events | None = None
    alerts: tuple[Alert, ...] = ()
    per: Per = Per.WEEK

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return the headline, that of each release, and the parts."""
        return (*filter(None, (self.headline, self.release)), *self.parts)

    @property
    def window(self) -> timedelta:
        """Return the length of the window that the headline is of."""
        return self.headline.window if self.headline else MONTH

    def value(self, evidence: Evidence) -> Value:
        """Return the headline by *evidence*, which is of ``window``."""
        if self.headline is None:
            return Unknown(f"{self.awaits} not observed")
        return self.headline.formula(evidence).get(OVERALL, NOTHING_HEARD)

    def meets(self, value: float, target: float) -> bool:
        """Tell whether *value* is as good as *target*, or better."""
        return value >= target if self.direction is Direction.HIGHER else value <= target
