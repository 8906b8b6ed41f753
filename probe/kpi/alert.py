"""What an alert is: PromQL that is true while somebody has to act, and what to tell them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

AT_ONCE = timedelta()


class Scope(StrEnum):
    """Where an alert can be evaluated: in each region, or only where all of them are seen."""

    REGIONAL = "regional"
    GLOBAL = "global"


class Severity(StrEnum):
    """Who hears of it: a pager, a ticket queue, or nobody unless they look."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"
    NONE = "none"


class Component(StrEnum):
    """What is broken. An alert about the prober silences some about deliveries, never its own."""

    DELIVERY = "delivery"
    PROBE = "probe"


class Dashboard(StrEnum):
    """The dashboard on which an alert can be seen, by its uid."""

    RELEASE = "delivery-release"
    ENDPOINT = "delivery-endpoint"
    LATENCY = "delivery-latency"
    INTEGRITY = "delivery-integrity"
    SLO = "delivery-slo"
    INTERNALS = "delivery-internals"


@dataclass(frozen=True, slots=True)
class Alert:
    """
    An alert; several may share a name and differ by ``severity`` or ``labels``.

    ``expr`` is PromQL for every product. It fires once that is true for ``after``, and ends once it
    is not for ``keep``. ``labels`` are those that it adds. ``description`` may name ``$labels`` and
    ``$value``; ``summary`` is the same sentence every time.
    """

    name: str
    scope: Scope
    severity: Severity
    component: Component
    dashboard: Dashboard
    expr: str
    summary: str
    description: str
    after: timedelta = AT_ONCE
    keep: timedelta = AT_ONCE
    labels: Mapping[str, str] = field(default_factory=dict)
