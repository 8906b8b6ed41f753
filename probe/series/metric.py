"""What a metric is."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The types of the Prometheus exposition format that are used."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """One metric: its name with the unit as suffix, its labels in order, buckets in its unit."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
