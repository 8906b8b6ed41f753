"""A KPI as a count of attempts, some of which fail: what an error budget is spent by."""

from dataclasses import dataclass
from decimal import Decimal
from string import Template

from probe.kpi.alert import Scope


@dataclass(frozen=True, slots=True)
class Events:
    """
    The attempts of a KPI, in PromQL with ``$by`` and ``$window`` to be put in.

    ``objective`` is set where the target of the KPI is not the share of attempts that may not fail.
    ``alert`` is told when the budget burns; ``pages`` if that may wake somebody. Only one KPI of
    each scope does, as nearly every failed attempt is in several.
    """

    failed: str
    attempts: str
    alert: str
    scope: Scope = Scope.GLOBAL
    pages: bool = False
    objective: Decimal | None = None

    @property
    def by(self) -> str:
        """Return the labels that budgets are kept by."""
        region = ", probe_region" if self.scope is Scope.REGIONAL else ""
        return f"product, channel{region}"

    def failed_in(self, window: str) -> str:
        """Return how many attempts failed, as PromQL."""
        return Template(self.failed).substitute(by=self.by, window=window)

    def attempts_in(self, window: str) -> str:
        """Return how many attempts there were, as PromQL."""
        return Template(self.attempts).substitute(by=self.by, window=window)
