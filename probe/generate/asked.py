"""A product on a channel and what is asked of it, as the rules for it need it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from probe.domain.gate import Objective
from probe.domain.quantity import duration
from probe.domain.target import Product
from probe.generate.narrowing import Train
from probe.kpi import KPIS, Events, Kpi
from probe.series import DURATION_BUCKETS


@dataclass(frozen=True, slots=True)
class Asked:
    """A product, what is asked of it by KPI, and the regions that it is probed from."""

    product: Product
    objectives: Mapping[str, Objective]
    regions: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"{self.product.name} ({self.product.channel})"

    @property
    def train(self) -> Train:
        """Return what it is held against: what is asked, or else what the registry starts from."""
        targets = {kpi.name: self._target(kpi) for kpi in KPIS}
        budgets = {kpi.name: share for kpi, _, share in self.budgets()}
        return Train(self.product.name, self.product.channel, targets, budgets)

    def budgets(self) -> list[tuple[Kpi, Events, Decimal]]:
        """Return the KPIs of which an error budget is kept, and the share that is asked for."""
        return [
            (kpi, kpi.events, kpi.events.objective or self._target(kpi))
            for kpi in KPIS
            if kpi.events is not None and kpi.name in self.objectives and not self.without(kpi)
        ]

    def without(self, kpi: Kpi) -> str:
        """Return why there cannot be an error budget of *kpi*, of which something is asked."""
        target = self._target(kpi)
        if kpi.events is None:
            return ""
        if kpi.events.objective is None:
            return "100% leaves no budget to spend" if target >= 1 else ""
        if float(target) in DURATION_BUCKETS:
            return ""
        bounds = ", ".join(duration(each) for each in DURATION_BUCKETS)
        return f"a share of downloads is only to be had within {bounds}"

    def _target(self, kpi: Kpi) -> Decimal:
        asked = self.objectives.get(kpi.name)
        return Decimal(str(kpi.target if asked is None else asked.target))
