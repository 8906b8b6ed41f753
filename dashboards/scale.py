"""How good a value is: colours by threshold, and words for values that stand for something."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grafana_foundation_sdk.models.dashboard import (
    DashboardSpecialValueMapOptions,
    SpecialValueMap,
    SpecialValueMatch,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from probe.kpi import BY_NAME, Direction

RED, ORANGE, GREEN, BLUE, GREY = "red", "orange", "green", "blue", "text"


@dataclass(frozen=True, slots=True)
class Scale:
    """A colour from each value on, words for values; ``base`` is the colour below all of them."""

    base: str
    steps: tuple[tuple[float, str], ...] = ()
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def thresholds(self) -> ThresholdsConfig:
        """Return the colours as Grafana has them."""
        steps = [Threshold(None, self.base), *(Threshold(*step) for step in self.steps)]
        return ThresholdsConfig(ThresholdsMode.ABSOLUTE, steps)

    @property
    def mappings(self) -> list[ValueMapping]:
        """Return the words as Grafana has them; a value that is absent is unknown."""
        if not self.words:
            return []
        words = {
            value: ValueMappingResult(text, colour, index=place)
            for place, (value, (text, colour)) in enumerate(self.words.items())
        }
        unknown = ValueMappingResult("unknown", GREY, index=len(words))
        absent = DashboardSpecialValueMapOptions(SpecialValueMatch.NULL_AND_NAN, unknown)
        return [ValueMap(words), SpecialValueMap(absent)]


PLAIN = Scale(BLUE)
NONE_IS_GOOD = Scale(GREEN, ((1, RED),))
FEW_IS_GOOD = Scale(GREEN, ((1, ORANGE), (10, RED)))
ALL_IS_GOOD = Scale(RED, ((0.9, ORANGE), (1, GREEN)))
UP = Scale(RED, ((1, GREEN),), {"0": ("down", RED), "1": ("up", GREEN)})
OK = Scale(RED, ((1, GREEN),), {"0": ("no", RED), "1": ("yes", GREEN)})


def at_least(good: float) -> Scale:
    """Return a scale of shares: ten times as much amiss as there may be is bad."""
    bad = max(0.0, round(1 - 10 * (1 - good), 9))
    return Scale(RED, ((bad, ORANGE), (good, GREEN)) if bad < good else ((good, GREEN),))


def at_most(good: float, bad: float | None = None) -> Scale:
    """Return a scale of which small values are good; twice as much is bad unless it is said."""
    return Scale(GREEN, ((good, ORANGE), (2 * good if bad is None else bad, RED)))


def scale_of(kpi: str) -> Scale:
    """Return the scale by the target that a KPI starts from."""
    about = BY_NAME[kpi]
    return at_least(about.target) if about.direction is Direction.HIGHER else at_most(about.target)
