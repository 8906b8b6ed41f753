"""Where every series lives. One thread reads and writes it: that of the event loop."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from probe.exposition.cells import Distribution, Exemplar, Sample, fits_exemplar
from probe.ports import Clock
from probe.series import METRICS, Kind, Metric

# About half a millisecond of rendering, so that nobody who waits for the loop notices.
SLICE_LINES = 500

_UNITS = ("seconds", "bytes", "ratio")


class SeriesStore:
    """
    The metrics port over plain dictionaries.

    Raises:
        KeyError: a metric that the store was not made for, or of another kind.
        ValueError: not one value for each label, or a counter that would fall.
    """

    def __init__(self, clock: Clock, metrics: Sequence[Metric] = METRICS) -> None:
        self._clock = clock
        self._metrics = tuple(metrics)
        self._counters = _families(metrics, Kind.COUNTER)
        self._gauges = _families(metrics, Kind.GAUGE)
        self._histograms: dict[Metric, dict[tuple[str, ...], Distribution]] = {
            metric: {} for metric in metrics if metric.kind is Kind.HISTOGRAM
        }

    def inc(
        self, metric: Metric, labels: tuple[str, ...] = (), amount: float = 1.0, exemplar: str = ""
    ) -> None:
        """Add to a counter; 0 makes the series exist."""
        if amount < 0:
            raise ValueError(f"{metric.name}: a counter cannot fall by {amount}")
        family = self._counters[metric]
        sample = family.get(labels)
        if sample is None:
            sample = family[labels] = Sample(metric, labels)
        sample.value += amount
        if exemplar:
            sample.exemplar = self._exemplar(exemplar, amount)

    def set(self, metric: Metric, labels: tuple[str, ...] = (), value: float = 1.0) -> None:
        """Set a gauge."""
        family = self._gauges[metric]
        sample = family.get(labels)
        if sample is None:
            sample = family[labels] = Sample(metric, labels)
        sample.value = value

    def observe(
        self, metric: Metric, labels: tuple[str, ...], value: float, exemplar: str = ""
    ) -> None:
        """Add a value to a histogram."""
        family = self._histograms[metric]
        series = family.get(labels)
        if series is None:
            series = family[labels] = Distribution(metric, labels)
        bucket = bisect_left(metric.buckets, value)
        series.counts[bucket] += 1
        series.sum += value
        if exemplar:
            series.exemplars[bucket] = self._exemplar(exemplar, value)

    def declare(self, metric: Metric, labels: tuple[str, ...]) -> None:
        """Make a counter or a histogram exist at zero."""
        if metric.kind is Kind.HISTOGRAM:
            self._histograms[metric].setdefault(labels, Distribution(metric, labels))
        else:
            self.inc(metric, labels, 0.0)

    def remove(self, metric: Metric, labels: tuple[str, ...]) -> None:
        """Forget one series; one that is not there is no fault."""
        self._family(metric).pop(labels, None)

    def slices(self, names: frozenset[str], *, openmetrics: bool) -> Iterator[bytes]:
        """
        Yield the text of every family, or of those that *names* name, in bounded pieces.

        Between two pieces the store may change: a series is always consistent with itself.
        """
        lines: list[str] = []
        for metric in self._metrics:
            series: list[Sample | Distribution] = [*self._family(metric).values()]
            if not series or (names and names.isdisjoint(names_of(metric))):
                continue
            lines.append(_heading(metric, openmetrics=openmetrics))
            for cell in series:
                if openmetrics:
                    cell.write_openmetrics(lines)
                else:
                    cell.write(lines)
                if len(lines) >= SLICE_LINES:
                    yield "".join(lines).encode()
                    lines.clear()
        if lines:
            yield "".join(lines).encode()

    def _family(
        self, metric: Metric
    ) -> dict[tuple[str, ...], Sample] | dict[tuple[str, ...], Distribution]:
        if metric.kind is Kind.HISTOGRAM:
            return self._histograms[metric]
        return (self._counters if metric.kind is Kind.COUNTER else self._gauges)[metric]

    def _exemplar(self, id: str, value: float) -> Exemplar | None:  # noqa: A002 - as in the domain
        if not fits_exemplar(id):
            return None
        return Exemplar(id, value, self._clock.now().timestamp())


def _families(metrics: Iterable[Metric], kind: Kind) -> dict[Metric, dict[tuple[str, ...], Sample]]:
    return {metric: {} for metric in metrics if metric.kind is kind}


def names_of(metric: Metric) -> frozenset[str]:
    """Return every name by which a scraper may ask for *metric*: its family's and its samples'."""
    suffixes = ("_bucket", "_sum", "_count") if metric.kind is Kind.HISTOGRAM else ()
    samples = (metric.name + suffix for suffix in suffixes)
    return frozenset({metric.name, metric.name.removesuffix("_total"), *samples})


def _heading(metric: Metric, *, openmetrics: bool) -> str:
    if not openmetrics:
        text = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
        return f"# HELP {metric.name} {text}\n# TYPE {metric.name} {metric.kind}\n"
    counter = metric.kind is Kind.COUNTER
    name = metric.name.removesuffix("_total") if counter else metric.name
    text = metric.help.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    unit = next((unit for unit in _UNITS if name.endswith(f"_{unit}")), "")
    unit_line = f"# UNIT {name} {unit}\n" if unit else ""
    return f"# TYPE {name} {metric.kind}\n{unit_line}# HELP {name} {text}\n"
