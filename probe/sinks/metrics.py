"""Observations as series."""

from collections.abc import Sequence

from probe import series
from probe.domain.failure import DELIVERY_REASONS, Failure
from probe.domain.observation import Failed, Inconclusive, Observation, Passed
from probe.domain.standing import clears
from probe.domain.target import Depth, Product, Target
from probe.ports import Clock, Metrics
from probe.series import Kind
from probe.sinks.layout import SERIES, Columns, Labels, Layout, Level, lay_out

# kpis of availability know up, down and unknown: what nobody looked at lately is unknown.
_INTERVALS_HELD = 2


class _Standing:
    """What is known of one target, and the others that share its labels."""

    __slots__ = ("columns", "failure", "failure_depth", "heard_at", "siblings", "up")

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.up: bool | None = None
        self.heard_at = 0.0
        self.failure: Failure | None = None
        self.failure_depth = Depth.HEAD
        self.siblings: list[_Standing] = [self]

    def answered_by(self, depth: Depth) -> bool:
        """Tell whether an attempt at *depth* would have seen the standing failure, if any."""
        failure = self.failure
        return failure is None or clears(depth, failure.reason, self.failure_depth)


class MetricsSink:
    """
    Keeps the series that follow from observations; knows only the targets it was told of.

    Targets that differ by address alone share their labels: their gauge is 1 if all are up.
    """

    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock
        self._layout = Layout()
        self._standings: dict[str, _Standing] = {}
        self._begun: set[Labels] = set()

    def record(self, observation: Observation) -> None:
        """Count one observation."""
        target = observation.probe.target
        verdict = observation.verdict
        if isinstance(verdict, Inconclusive):
            self._count_error(observation, verdict)
        standing = self._standings.get(target.key)
        # An attempt that outlived its target must not bring the target's series back.
        if standing is None:
            return
        self._count_bytes(observation, standing.columns)
        if isinstance(verdict, Inconclusive):
            return
        self._count_attempt(observation, standing.columns)
        if isinstance(verdict, Passed):
            self._count_pass(observation, standing)
        else:
            self._count_failure(observation, standing, verdict)

    def _count_error(self, observation: Observation, verdict: Inconclusive) -> None:
        region = (observation.probe.target.region.name,)
        if region in self._layout.levels[Level.REGION]:
            labels = (*region, verdict.failure.reason)
            self._metrics.inc(series.PROBE_ERRORS, labels, exemplar=observation.id)

    def retarget(self, products: Sequence[Product], targets: Sequence[Target]) -> None:
        """Start the series of new targets at zero, forget those of targets that are gone."""
        del products
        before, after = self._layout, lay_out(targets)
        self._forget(before, after)
        self._start(before, after)
        self._layout = after
        self._seat(after)
        self._describe(after)

    def expire(self) -> None:
        """Forget the state of every target without news for two intervals."""
        now = self._clock.monotonic()
        for standing in self._standings.values():
            if standing.up is None:
                continue
            held = _INTERVALS_HELD * standing.columns.pair.interval_seconds
            if now - standing.heard_at > held:
                standing.up = None
                self._show(standing)

    def _count_bytes(self, observation: Observation, columns: Columns) -> None:
        download = observation.download
        if download.bytes_received:
            self._metrics.inc(series.DOWNLOAD_BYTES, columns.tier, download.bytes_received)
        expires_at = download.certificate_expires_at
        if expires_at is not None:
            labels = columns.pair.endpoint
            self._metrics.set(series.ENDPOINT_CERTIFICATE, labels, expires_at.timestamp())

    def _count_attempt(self, observation: Observation, columns: Columns) -> None:
        metrics, download, pair = self._metrics, observation.download, columns.pair
        labels = columns.attempts[observation.probe.depth]
        # What is over budget is probed less deep than was foreseen.
        if labels not in self._begun:
            self._begin(labels)
        metrics.inc(series.DOWNLOAD_ATTEMPTS, labels)
        for phase, seconds in download.timings.items():
            metrics.observe(series.DOWNLOAD_PHASE, pair.phases[phase], seconds, observation.id)
        if download.status is not None:
            metrics.inc(series.DOWNLOAD_CACHE, pair.caches[download.cache])

    def _count_pass(self, observation: Observation, standing: _Standing) -> None:
        depth, columns = observation.probe.depth, standing.columns
        if depth is Depth.FULL:
            seconds = observation.download.timings.total
            self._metrics.observe(series.DOWNLOAD_DURATION, columns.tier, seconds, observation.id)
        standing.heard_at = self._clock.monotonic()
        standing.up = standing.answered_by(depth)
        if standing.up:
            standing.failure = None
            at = observation.started_at.timestamp()
            self._metrics.set(series.ARTIFACT_LAST_SUCCESS, columns.artifact, at)
        self._show(standing)

    def _count_failure(
        self, observation: Observation, standing: _Standing, verdict: Failed
    ) -> None:
        columns, depth = standing.columns, observation.probe.depth
        labels = (*columns.attempts[depth], verdict.failure.reason)
        self._metrics.inc(series.DOWNLOAD_FAILURES, labels, exemplar=observation.id)
        if columns.pair.copies:
            self._metrics.inc(series.DOWNLOAD_ORIGIN, columns.pair.faults[observation.origin])
        at = observation.started_at.timestamp()
        self._metrics.set(series.ARTIFACT_LAST_FAILURE, columns.artifact, at)
        standing.heard_at = self._clock.monotonic()
        standing.up = False
        if standing.answered_by(depth):
            standing.failure, standing.failure_depth = verdict.failure, depth
        self._show(standing)

    def _show(self, standing: _Standing) -> None:
        labels = standing.columns.artifact
        known = [sibling.up for sibling in standing.siblings if sibling.up is not None]
        if known:
            self._metrics.set(series.ARTIFACT_AVAILABLE, labels, float(all(known)))
        else:
            self._metrics.remove(series.ARTIFACT_AVAILABLE, labels)

    def _forget(self, before: Layout, after: Layout) -> None:
        for level, metrics in SERIES.items():
            for labels in before.levels[level] - after.levels[level]:
                for metric, tails in metrics:
                    for tail in tails:
                        self._metrics.remove(metric, (*labels, *tail))

    def _start(self, before: Layout, after: Layout) -> None:
        for level in (Level.TIER, Level.PAIR, Level.COPY, Level.REGION):
            for labels in after.levels[level] - before.levels[level]:
                for metric, tails in SERIES[level]:
                    if metric.kind is not Kind.GAUGE:
                        for tail in tails:
                            self._metrics.declare(metric, (*labels, *tail))
        segments = after.levels[Level.SEGMENT]
        self._begun = {labels for labels in self._begun if labels[:-1] in segments}
        for segment, depths in after.foreseen.items():
            for labels in {(*segment, depth) for depth in depths} - self._begun:
                self._begin(labels)

    def _begin(self, labels: Labels) -> None:
        self._begun.add(labels)
        self._metrics.declare(series.DOWNLOAD_ATTEMPTS, labels)
        for reason in DELIVERY_REASONS:
            self._metrics.declare(series.DOWNLOAD_FAILURES, (*labels, reason))

    def _seat(self, layout: Layout) -> None:
        gone = [self._standings[key] for key in self._standings.keys() - layout.columns.keys()]
        standings = {key: self._standings.get(key) for key in layout.columns}
        self._standings = {}
        groups: dict[Labels, list[_Standing]] = {}
        for key, columns in layout.columns.items():
            standing = standings[key] or _Standing(columns)
            standing.columns = columns
            standing.siblings = groups.setdefault(columns.artifact, [])
            standing.siblings.append(standing)
            self._standings[key] = standing
        # A sibling that left has no say in the gauge of those that stay.
        for labels in {standing.columns.artifact for standing in gone} & groups.keys():
            self._show(groups[labels][0])

    def _describe(self, layout: Layout) -> None:
        metrics = self._metrics
        for pair in layout.pairs:
            metrics.set(series.PROBE_INTERVAL, pair.labels, pair.interval_seconds)
        for labels, required in layout.required.items():
            metrics.set(series.ENDPOINT_REQUIRED, labels, float(required))
