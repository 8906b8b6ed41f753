"""A story of some series, and what is told of it when: a unit test of promtool, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass

PAIR = {"product": "widget", "channel": "stable", "endpoint": "cdn", "probe_region": "eu-west-1"}
TRAIN = {"product": "widget", "channel": "stable"}


@dataclass(frozen=True)
class Firing:
    """An alert that fires: what it ``says``, and its labels besides component and owner."""

    says: str
    labels: Mapping[str, str]
    severity: str = "warning"


@dataclass(frozen=True)
class Scenario:
    """
    ``series`` have a sample each ``step``, in promtool's notation, beginning at 0.

    ``moments`` say what fires when: nothing at first and nothing at the end. Of alerts that several
    KPIs have it is about that of ``kpi``.
    """

    alert: str
    title: str
    series: Mapping[str, str]
    moments: Mapping[str, tuple[Firing, ...]]
    step: str = "1m"
    kpi: str = ""

    @property
    def id(self) -> str:
        return f"{self.alert}: {self.title}"


def series(name: str, **labels: str) -> str:
    """Return a series as PromQL names it."""
    inner = ", ".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{inner}}}" if inner else name
