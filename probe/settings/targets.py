"""What is asked of the KPIs of a product, and who answers for it."""

from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema, create_model

from probe.domain.gate import Kind, Mode, Objective
from probe.kpi import BY_NAME, KPIS, STARTER_SET, Direction, Kpi, Unit
from probe.settings.policy import Section
from probe.settings.quantities import lasting, sharing
from probe.settings.words import Url


def _kpi(name: str) -> str:
    if name not in BY_NAME:
        near = get_close_matches(name, BY_NAME, n=1)
        meant = f"did you mean {near[0]}?" if near else "docs/kpis.md lists them"
        raise ValueError(f"is the name of no KPI; {meant}")
    return name


KpiName = Annotated[
    str, AfterValidator(_kpi), WithJsonSchema({"type": "string", "enum": list(BY_NAME)})
]

STARTER = tuple(kpi.name for kpi in STARTER_SET)


def _somebody(owner: str) -> str:
    if not owner.strip():
        raise ValueError("must not be empty")
    return owner


class TargetEntry(Section):
    """A target of a KPI, whatever its unit."""

    mode: Mode = Mode.INFORM
    """Whether it stops a release that misses it (gate), or is only seen (inform)."""
    kind: Kind = Kind.SLO
    """An aim of one's own; a promise to customers (sla) needs 30 days as an slo first."""
    owner: Annotated[str, AfterValidator(_somebody), Field(min_length=1, max_length=100)]
    """Who decides what is done when it is missed."""
    cadence: Annotated[float, *lasting("1d", "400d")]
    """Time between two reviews of it."""
    runbook: Url
    """What to do when it is missed."""

    @property
    def bound(self) -> float:
        """Return what is asked, in the unit of the KPI."""
        raise TypeError("a target is of a unit")


class ShareTarget(TargetEntry):
    """A target of a KPI that is a share."""

    slo: Annotated[float, *sharing()]
    """The share that is asked for, as in 99.9%; at most that where less is better."""

    @property
    def bound(self) -> float:
        """Return what is asked, as a ratio."""
        return self.slo


class TimeTarget(TargetEntry):
    """A target of a KPI that is a time."""

    within: Annotated[float, *lasting("1ms", "90d")]
    """The time that is not to be exceeded, as in 30m."""

    @property
    def bound(self) -> float:
        """Return what is asked, in seconds."""
        return self.within


class LeastTarget(TargetEntry):
    """A target of a KPI that is a count of which more is better."""

    at_least: Annotated[int, Field(ge=0, le=1_000_000)]
    """How many there are to be."""

    @property
    def bound(self) -> float:
        """Return what is asked."""
        return self.at_least


class MostTarget(TargetEntry):
    """A target of a KPI that is a count of which less is better."""

    at_most: Annotated[int, Field(ge=0, le=1_000_000)]
    """How many there may be."""

    @property
    def bound(self) -> float:
        """Return what is asked."""
        return self.at_most


_ENTRIES: Mapping[tuple[Unit, Direction], type[TargetEntry]] = {
    (Unit.RATIO, Direction.HIGHER): ShareTarget,
    (Unit.RATIO, Direction.LOWER): ShareTarget,
    (Unit.SECONDS, Direction.HIGHER): TimeTarget,
    (Unit.SECONDS, Direction.LOWER): TimeTarget,
    (Unit.COUNT, Direction.HIGHER): LeastTarget,
    (Unit.COUNT, Direction.LOWER): MostTarget,
}


def _field(kpi: Kpi) -> Any:
    entry = _ENTRIES[kpi.unit, kpi.direction]
    # No target is no key; a key without a value is a mistake.
    return (entry, Field(default=None, description=kpi.question, json_schema_extra=_absent))


def _absent(schema: dict[str, Any]) -> None:
    del schema["default"]


_ByKpi: type[Section] = create_model(
    "_ByKpi", __base__=Section, **{kpi.name: _field(kpi) for kpi in KPIS}
)


class Targets(_ByKpi):
    """What is asked of a product, by name of KPI."""

    def objectives(self) -> tuple[Objective, ...]:
        """Return what is asked, in the order of the registry."""
        entries = ((name, getattr(self, name)) for name in BY_NAME)
        return tuple(_objective(BY_NAME[name], entry) for name, entry in entries if entry)


def _objective(kpi: Kpi, entry: TargetEntry) -> Objective:
    return Objective(
        kpi=kpi.name,
        target=entry.bound,
        higher_is_better=kpi.direction is Direction.HIGHER,
        mode=entry.mode,
        owner=entry.owner,
        runbook=entry.runbook,
        cadence=timedelta(seconds=entry.cadence),
        kind=entry.kind,
    )
