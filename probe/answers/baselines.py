"""Where targets could be, by what is known of the past."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from probe.answers.past import Recorded, RecordedPast, recorded_in
from probe.answers.question import Sources
from probe.domain.evidence import Window
from probe.evidence import open_reading
from probe.kpi import BY_NAME
from probe.kpi.baseline import Baseline, baselines
from probe.kpi.gathering import Gathering
from probe.kpi.past import GatheredPast
from probe.settings import ConfiguredProduct
from probe.transport import open_prometheus


@dataclass(frozen=True, slots=True)
class Baselines:
    """What the past of *window* says of every KPI of a product."""

    window: Window
    each: tuple[Baseline, ...]


async def baselines_of(
    sources: Sources, product: ConfiguredProduct, now: datetime, span: timedelta
) -> Baselines:
    """
    Return what the last *span* says: over all regions where a Prometheus sees them.

    Raises:
        EvidenceUnavailable: there is no ledger, it cannot be read, or Prometheus does not answer.
    """
    window, recorded = Window(now - span, now), Recorded()
    if sources.prometheus is not None:
        async with open_prometheus(sources.prometheus) as prometheus:
            recorded = await recorded_in(prometheus, product.product.key, BY_NAME, window)
    found = await asyncio.to_thread(_baselines, sources.directory, product, window, recorded)
    return Baselines(window, found)


def _baselines(
    directory: Path, product: ConfiguredProduct, window: Window, recorded: Recorded
) -> tuple[Baseline, ...]:
    with open_reading(directory) as kept:
        gathering = Gathering(kept, product.product, product.weights, product.regions)
        gathered = GatheredPast(gathering, window, kept.heard_since())
        return baselines(RecordedPast(recorded, gathered))
