"""What is asked in PromQL, and what comes back: samples, and series over time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Sample:
    """The value of one series at one moment; it may be NaN or infinite, as Prometheus has it."""

    labels: Mapping[str, str]
    value: float

    def label(self, name: str) -> str:
        """Return the value of a label; to Prometheus, one that is not there is empty."""
        return self.labels.get(name, "")


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one series over time, in order; there are none while it was absent."""

    labels: Mapping[str, str]
    points: tuple[tuple[datetime, float], ...]


def selector(metric: str, labels: Mapping[str, str]) -> str:
    """Return the PromQL that picks the series of *metric* with exactly these values of *labels*."""
    if not labels:
        return metric
    wanted = (f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{metric}{{{', '.join(wanted)}}}"
