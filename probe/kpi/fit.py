"""Whether a threshold suits what a KPI came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from probe.domain.gate import Objective
from probe.domain.sampled import Sampled
from probe.kpi import BY_NAME
from probe.kpi.baseline import LEAST, spread_of
from probe.kpi.model import Direction, Kpi, Per, Unit

# A target that is met less often than that has to become another one, or be paid for.
SELDOM_MET = 0.3


class Advice(StrEnum):
    """What could become of a threshold; a person decides."""

    TIGHTEN = "tighten"
    LOOSEN = "loosen"
    KEEP = "keep"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fit:
    """
    Whether a threshold suits what is: of ``known`` weeks, releases or incidents so many met it.

    ``missed`` names the others. ``proposal`` is the threshold that could be, if that is advised.
    """

    known: int
    met: int
    missed: tuple[str, ...]
    advice: Advice
    proposal: float | None = None


def fit_of(objective: Objective, sampled: Sequence[Sampled]) -> Fit:
    """Return whether the threshold of *objective* suits its past values."""
    kpi = BY_NAME[objective.kpi]
    known = [(each.of, each.value) for each in sampled if each.value is not None]
    missed = tuple(of for of, value in known if not objective.met_by(value))
    met = len(known) - len(missed)
    values = [value for _, value in known]
    if len(values) < LEAST.get(kpi.per, LEAST[Per.WEEK]):
        return Fit(len(known), met, missed, Advice.UNKNOWN)
    spread = spread_of(kpi, values)
    stricter = objective.met_by(spread.proposal) and spread.proposal != objective.target
    if not missed and stricter and _wide(kpi, objective.target, spread.worst):
        return Fit(len(known), met, missed, Advice.TIGHTEN, spread.proposal)
    if met < SELDOM_MET * len(known):
        return Fit(len(known), met, missed, Advice.LOOSEN, spread.proposal)
    return Fit(len(known), met, missed, Advice.KEEP)


def _wide(kpi: Kpi, target: float, worst: float) -> bool:
    """Tell whether even the worst value leaves half of what the target allows."""
    if kpi.direction is Direction.LOWER:
        return worst <= target / 2
    if kpi.unit is Unit.RATIO:
        return 1 - worst <= (1 - target) / 2
    return worst >= 2 * target
