"""Series as a scraper would have seen them, with timestamps, given to a Prometheus."""

import subprocess
from collections.abc import Container
from datetime import datetime
from pathlib import Path
from typing import TextIO

from probe.exposition.cells import bound_texts
from probe.series import DOWNLOAD_FAILURES, Kind, Metric
from tests import real

Key = tuple[Metric, tuple[str, ...]]


class Backfill:
    """
    A metrics port that writes what a scrape would have got to a file.

    It leaves out failures by *never*: reasons of which the counters stay at zero.
    """

    def __init__(self, file: TextIO, never: Container[str] = ()) -> None:
        self._file = file
        self._never = never
        self._values: dict[Key, float] = {}
        self._buckets: dict[Key, list[int]] = {}
        self._sums: dict[Key, float] = {}
        self._heads: dict[tuple[Key, str], str] = {}

    def inc(
        self, metric: Metric, labels: tuple[str, ...] = (), amount: float = 1.0, exemplar: str = ""
    ) -> None:
        key = (metric, labels)
        self._values[key] = self._values.get(key, 0.0) + amount

    def set(self, metric: Metric, labels: tuple[str, ...] = (), value: float = 1.0) -> None:
        self._values[metric, labels] = value

    def observe(
        self, metric: Metric, labels: tuple[str, ...], value: float, exemplar: str = ""
    ) -> None:
        self.declare(metric, labels)
        self._sums[metric, labels] += value
        buckets = self._buckets[metric, labels]
        for place, bound in enumerate((*metric.buckets, float("inf"))):
            buckets[place] += value <= bound

    def declare(self, metric: Metric, labels: tuple[str, ...]) -> None:
        if metric is DOWNLOAD_FAILURES and labels[-1] in self._never:
            return
        if metric.kind is Kind.HISTOGRAM:
            self._buckets.setdefault((metric, labels), [0] * (len(metric.buckets) + 1))
            self._sums.setdefault((metric, labels), 0.0)
        else:
            self._values.setdefault((metric, labels), 0.0)

    def remove(self, metric: Metric, labels: tuple[str, ...]) -> None:
        self._values.pop((metric, labels), None)
        self._buckets.pop((metric, labels), None)

    def scrape(self, at: datetime, *metrics: Metric) -> None:
        """Write every series of *metrics* as of *at*."""
        wanted, stamp = frozenset(metrics), f"{at.timestamp():.0f}\n"
        write = self._file.write
        for key, value in self._values.items():
            if key[0] in wanted:
                write(f"{self._head(key)}}} {value!r} {stamp}")
        for key, buckets in self._buckets.items():
            if key[0] in wanted:
                for bound, count in zip(bound_texts(key[0]), buckets, strict=True):
                    write(f'{self._head(key, "_bucket")},le="{bound}"}} {count} {stamp}')
                write(f"{self._head(key, '_sum')}}} {self._sums[key]!r} {stamp}")
                write(f"{self._head(key, '_count')}}} {buckets[-1]} {stamp}")

    def _head(self, key: Key, part: str = "") -> str:
        head = self._heads.get((key, part))
        if head is None:
            metric, values = key
            pairs = zip(metric.labels, values, strict=True)
            labels = ",".join(f'{label}="{value}"' for label, value in pairs)
            head = self._heads[key, part] = f"{metric.name}{part}{{{labels}"
        return head


def make_blocks(openmetrics: Path, folder: Path) -> None:
    """Turn the file, which ends as OpenMetrics does, into the blocks of a Prometheus."""
    promtool = real.program("promtool") or "promtool"
    subprocess.run(
        [
            *(promtool, "tsdb", "create-blocks-from", "openmetrics", "--quiet"),
            # As few passes over the file as there are blocks.
            *("--max-block-duration=2400h", openmetrics, folder),
        ],
        check=True,
        capture_output=True,
    )
