"""What is known of the releases of a product wherever they are served, as series."""

from collections.abc import Iterable

from probe import series
from probe.domain.propagation import Rollout
from probe.kpi.coverage import Control, covered
from probe.kpi.evidence import Evidence, Released
from probe.kpi.lacking import complete_in_time, complete_now, missing_counts
from probe.kpi.public import FALLBACK_READINESS
from probe.kpi.publication import failed_publications
from probe.kpi.value import Measured
from probe.ports import Metrics
from probe.series import Metric
from probe.sinks.board import Board

Gauge = tuple[tuple[Metric, tuple[str, ...]], float]


class FactSeries:
    """
    Shows by product what its evidence says; what it says nothing of is absent.

    With *starts* also when releases were let out: who follows their rollouts shows that as well.
    """

    def __init__(self, metrics: Metrics, *, starts: bool = False) -> None:
        self._board = Board(metrics)
        self._starts = starts

    def show(self, evidence: Evidence) -> None:
        """Show what *evidence* says of its product, in place of what was shown of it."""
        key = (evidence.product, evidence.channel)
        gauges = dict(gauge for each in evidence.releases for gauge in _gauges(evidence, each))
        gauges |= dict(_fallback(evidence))
        if self._starts:
            gauges |= dict(_start(each.rollout) for each in evidence.releases if each.rollout)
        self._board.show(key, gauges)

    def forget(self, product: str, channel: str) -> None:
        """Show nothing of a product any more."""
        self._board.show((product, channel), {})


def _fallback(evidence: Evidence) -> Iterable[Gauge]:
    value = FALLBACK_READINESS.value(evidence)
    if isinstance(value, Measured) and evidence.current is not None:
        labels = (evidence.product, evidence.channel, evidence.current.version)
        yield (series.FALLBACK_READY, labels), value.value


def _start(rollout: Rollout) -> Gauge:
    labels = (rollout.product, rollout.channel, rollout.version, rollout.start_source.value)
    return (series.RELEASE_START, labels), rollout.started_at.timestamp()


def _gauges(evidence: Evidence, release: Released) -> Iterable[Gauge]:
    labels = (evidence.product, evidence.channel, release.version)
    yield (series.RELEASE_ASSETS, labels), float(len(release.distributable))
    verdicts = {
        series.RELEASE_COMPLETE: complete_in_time(release, evidence.at),
        series.RELEASE_COMPLETE_NOW: complete_now(release),
        series.ROLLBACK_READY: release.rollback.ready if release.rollback else None,
    }
    for metric, verdict in verdicts.items():
        if verdict is not None:
            yield (metric, labels), float(verdict)
    for kind, count in missing_counts(release).items():
        yield (series.RELEASE_MISSING, (*labels, kind.value)), float(count)
    for each in failed_publications(evidence, release):
        place = (*labels, each.pair.endpoint, each.pair.region, each.outcome.value)
        yield (series.PUBLICATION_FAILED, place), 1.0
    for control in Control:
        files = covered(release, control) if release.distributable else None
        if files is not None:
            yield (series.RELEASE_COVERED, (*labels, control.value)), float(files)
