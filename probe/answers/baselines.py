"""Where targets could be, by what is kept of the past."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from probe.domain.evidence import Window
from probe.evidence import open_reading
from probe.kpi.baseline import Baseline, baselines
from probe.kpi.gathering import Gathering
from probe.kpi.past import GatheredPast
from probe.settings import ConfiguredProduct


@dataclass(frozen=True, slots=True)
class Baselines:
    """What the past of *window* says of every KPI of a product."""

    window: Window
    each: tuple[Baseline, ...]


def baselines_of(
    directory: Path, product: ConfiguredProduct, now: datetime, span: timedelta
) -> Baselines:
    """
    Return what the ledger says of the last *span*. Blocks.

    Raises:
        EvidenceUnavailable: there is no ledger in *directory*, or it cannot be read.
    """
    window = Window(now - span, now)
    with open_reading(directory) as kept:
        gathering = Gathering(kept, product.product, product.weights)
        past = GatheredPast(gathering, window, kept.heard_since())
        return Baselines(window, baselines(past))
