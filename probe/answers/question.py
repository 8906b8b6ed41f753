"""What is asked, and what an answer is."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from probe.domain.evidence import Window
from probe.domain.gate import Gate, Terms
from probe.kpi.hearing import Asked
from probe.kpi.model import MONTH
from probe.kpi.scorecard import Scorecard
from probe.settings import ConfiguredProduct
from probe.transport import PrometheusAccess


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is known ``now`` of a release, or without ``version`` of the last 30 days of its product.

    Of a gate evidence has to come from so many ``regions``.
    """

    product: ConfiguredProduct
    version: str
    now: datetime
    regions: int = 1

    @property
    def terms(self) -> Terms:
        """Return what evidence has to be like."""
        return Terms(regions=self.regions)

    @property
    def asked(self) -> Asked:
        """Return what is asked of KPIs."""
        return Asked(self.now, self.terms.oldest, self.version, self.product.regions)

    @property
    def window(self) -> Window:
        """Return the time that a scorecard is of."""
        return Window(self.now - MONTH, self.now)


@dataclass(frozen=True, slots=True)
class Sources:
    """The ledger of this region in ``directory``, and the Prometheus of all, if there is one."""

    directory: Path
    prometheus: PrometheusAccess | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard, and what is held of the objectives of its product."""

    scorecard: Scorecard
    gate: Gate
