"""Each KPI has two readings, of evidence and of series: over one run they say the same."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from probe import series
from probe.domain.bucket import attempt_of
from probe.domain.evidence import Window
from probe.domain.failure import DELIVERY_REASONS
from probe.evidence import Bounds, Ledger, open_reading
from probe.generate.rules import awaited
from probe.kpi import KPIS, RULES, Evidence, Key, Kpi, Measure, Measured, Unit
from probe.kpi.recoverability import TIME_TO_RESTORE
from probe.sinks import ConfiguredSeries, FactSeries, MetricsSink
from probe.sinks.recent import recent_gauges
from probe.sinks.rollouts import gauges_of
from tests.contracts import kpi_world as world
from tests.fakes.clock import FakeClock
from tests.integration.real.backfill import Backfill, make_blocks
from tests.integration.real.prometheus import Prometheus

pytestmark = [pytest.mark.needs("prometheus", "promtool"), pytest.mark.timeout(300)]

_STATES = (
    series.ARTIFACT_AVAILABLE,
    series.PROBER_LAST_CYCLE,
    series.PROBER_CONTROL_UP,
)
_ROLLOUTS = (
    series.RELEASE_START,
    series.RELEASE_PUBLISHED,
    series.RELEASE_REQUIRED_ENDPOINTS,
    series.RELEASE_FIRST_AVAILABLE,
    series.RELEASE_UNCERTAINTY,
    series.RELEASE_EXCLUDED,
    series.ENDPOINT_REQUIRED,
    series.ENDPOINT_CURRENT,
    series.REGION_WEIGHT,
    series.RELEASE_ASSETS,
    series.RELEASE_COMPLETE,
    series.RELEASE_COMPLETE_NOW,
    series.RELEASE_MISSING,
    series.RELEASE_COVERED,
    series.ROLLBACK_READY,
    series.INCIDENTS_RECENT,
    series.INCIDENTS_RECENT_DETECTION,
    series.INCIDENTS_RECENT_OVER,
    series.INCIDENTS_RECENT_DURATION,
)
_COUNTS = (series.DOWNLOAD_ATTEMPTS, series.DOWNLOAD_FAILURES, series.DOWNLOAD_DURATION)
_COUNTED_FROM = (world.DAYS - 31) * world.STEPS_A_DAY
_WRITTEN_AT_ONCE = 10_000

MEASURES = {
    measure.query: (kpi, measure)
    for kpi in KPIS
    for measure in kpi.measures
    if measure.rule is not None and not awaited(measure.rule)
}


@dataclass(frozen=True)
class Played:
    """The world as Prometheus and as the ledger have it."""

    prometheus: Prometheus
    ledger: Path

    def recorded(self, measure: Measure) -> Mapping[Key, float]:
        assert measure.rule is not None
        at = (world.END - timedelta(seconds=1)).timestamp()
        expr, labels = inline(measure.rule.expr), measure.labels
        found = self.prometheus.query(expr, *labels, *measure.match, at=at)
        wanted = tuple(measure.match.values())
        return {
            key[: len(labels)]: value
            for key, value in found.items()
            if key[len(labels) :] == wanted
        }

    def evidence(self, measure: Measure) -> Evidence:
        window = Window(world.END - measure.window, world.END)
        with open_reading(self.ledger) as reading:
            counted = reading.tallies(*world.PRODUCT.key, window)
        assert counted.window == window
        return Evidence(
            *world.PRODUCT.key,
            window,
            tallies=counted.by_segment,
            releases=world.RELEASES,
            incidents=world.INCIDENTS,
            serving=world.SERVING,
            weights=world.WEIGHTS,
        )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("kpis")
    with (folder / "openmetrics").open("w") as file:
        never = set(DELIVERY_REASONS) - {fault.reason for fault in world.FAULTS}
        _play(Backfill(file, never), folder / "ledger")
        file.write("# EOF\n")
    make_blocks(folder / "openmetrics", folder / "prometheus" / "tsdb")
    with Prometheus(folder / "prometheus", keeps="10y") as prometheus:
        yield Played(prometheus, folder / "ledger")


def _play(backfill: Backfill, directory: Path) -> None:
    clock = FakeClock(world.BEGIN)
    sink = MetricsSink(backfill, clock)
    sink.retarget([world.PRODUCT], world.TARGETS)
    ledger = Ledger(directory, clock, Bounds(waiting=4 * _WRITTEN_AT_ONCE))
    ledger.start()
    with closing(ledger):
        for step in range(world.DAYS * world.STEPS_A_DAY):
            for observation in world.observations(step):
                sink.record(observation)
                ledger.record(attempt_of(observation))
            clock.stall(10)
            sink.expire()
            _tell_of_the_prober(backfill, clock, step)
            backfill.scrape(clock.now(), *_STATES, *(_COUNTS if step >= _COUNTED_FROM else ()))
            clock.stall(world.STEP.total_seconds() - 10)
            if step * len(world.TARGETS) % _WRITTEN_AT_ONCE < len(world.TARGETS):
                assert ledger.submit().result(60)
        assert ledger.submit().result(60)
        assert ledger.dropped == 0
    ConfiguredSeries(backfill).show({}, world.WEIGHTS)
    month = Window(world.END - timedelta(days=30), world.END)
    FactSeries(backfill).show(Evidence(*world.PRODUCT.key, month, releases=world.RELEASES))
    _tell_of_incidents(backfill)
    _tell_of_rollouts(backfill)
    backfill.scrape(world.END - timedelta(seconds=30), *_ROLLOUTS)


def _tell_of_the_prober(backfill: Backfill, clock: FakeClock, step: int) -> None:
    for region in (world.EU, world.US):
        backfill.set(series.PROBER_LAST_CYCLE, (region,), clock.now().timestamp())
        backfill.set(series.PROBER_CONTROL_UP, (region,), float(world.uplink(region, step)))


def _tell_of_incidents(backfill: Backfill) -> None:
    recent = recent_gauges(world.INCIDENTS, [world.PRODUCT.key], world.END)
    for (metric, labels), value in recent.items():
        backfill.set(metric, labels, value)


def _tell_of_rollouts(backfill: Backfill) -> None:
    for each in world.ROLLOUTS:
        published = (*world.PRODUCT.key, each.version)
        backfill.set(series.RELEASE_PUBLISHED, published, each.published_at.timestamp())
        for (metric, labels), value in gauges_of(each, world.NO_POINTERS, 4).items():
            backfill.set(metric, labels, value)
    for pair, serves in world.SERVING.items():
        if serves is not None:
            labels = (*world.PRODUCT.key, pair.endpoint, pair.region)
            backfill.set(series.ENDPOINT_CURRENT, labels, float(serves))


def inline(expr: str) -> str:
    """Return *expr* with what rules record as they would have recorded it each minute."""

    def replace(found: re.Match[str]) -> str:
        record, span, step = found["record"], found["span"], found["step"]
        (rule,) = [rule for rule in RULES if rule.record == record]
        inner = f"({inline(rule.expr)})"
        return f"{inner}[{span}:{step or '1m'}]" if span else inner

    pattern = r"(?P<record>delivery:[\w:]+)(\[(?P<span>\w+)(:(?P<step>\w+))?\])?"
    return re.sub(pattern, replace, expr)


def tolerance(kpi: Kpi, measure: Measure, truth: float) -> float:
    """Return how far a reading may be off: by the edges of the window, a bucket, an interval."""
    if kpi.unit is Unit.RATIO or ":ratio" in measure.query:
        return 2e-4
    if "duration" in measure.query:
        bounds = (0.0, *series.DURATION_BUCKETS)
        return next(upper - lower for lower, upper in pairwise(bounds) if lower < truth <= upper)
    # An outage is seen from some attempt on; its onset lies between that one and the last before.
    return world.STEP.total_seconds() / 2 if kpi is TIME_TO_RESTORE else 1.5


@pytest.mark.parametrize("query", MEASURES)
def test_evidence_and_prometheus_say_the_truth(played, query):
    kpi, measure = MEASURES[query]
    truth = world.TRUTH[query]
    local = {
        key: value.value
        for key, value in measure.formula(played.evidence(measure)).items()
        if isinstance(value, Measured)
    }
    recorded = played.recorded(measure)
    for key, true in truth.items():
        off = tolerance(kpi, measure, true)
        assert local[key] == pytest.approx(true, abs=off), (key, "of evidence")
        assert recorded[key] == pytest.approx(true, abs=off), (key, "of Prometheus")
    assert _without_zeros(local).keys() == _without_zeros(recorded).keys() == truth.keys()


def _without_zeros(values: Mapping[Key, float]) -> Mapping[Key, float]:
    return {key: value for key, value in values.items() if value}


def test_truth_is_told_of_every_number_that_has_both_readings():
    assert world.TRUTH.keys() == MEASURES.keys()
