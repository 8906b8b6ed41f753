"""A metrics port that remembers, so that a test can ask for one number."""

from collections import defaultdict

from probe.series import Kind, Metric


class FakeMetrics:
    """Keeps counters and gauges by name and label values, histograms as lists of values."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, tuple[str, ...]], float] = {}
        self.observed: dict[tuple[str, tuple[str, ...]], list[float]] = defaultdict(list)

    def inc(
        self, metric: Metric, labels: tuple[str, ...] = (), amount: float = 1.0, exemplar: str = ""
    ) -> None:
        key = (metric.name, _checked(metric, labels))
        self.values[key] = self.values.get(key, 0.0) + amount

    def set(self, metric: Metric, labels: tuple[str, ...] = (), value: float = 1.0) -> None:
        self.values[metric.name, _checked(metric, labels)] = value

    def observe(
        self, metric: Metric, labels: tuple[str, ...], value: float, exemplar: str = ""
    ) -> None:
        self.observed[metric.name, _checked(metric, labels)].append(value)

    def declare(self, metric: Metric, labels: tuple[str, ...]) -> None:
        if metric.kind is Kind.HISTOGRAM:
            self.observed[metric.name, _checked(metric, labels)]
        else:
            self.values.setdefault((metric.name, _checked(metric, labels)), 0.0)

    def remove(self, metric: Metric, labels: tuple[str, ...]) -> None:
        self.values.pop((metric.name, labels), None)
        self.observed.pop((metric.name, labels), None)

    def value(self, metric: Metric, *labels: str) -> float | None:
        return self.values.get((metric.name, labels))


def _checked(metric: Metric, labels: tuple[str, ...]) -> tuple[str, ...]:
    assert len(labels) == len(metric.labels), (metric.name, labels)
    return labels
