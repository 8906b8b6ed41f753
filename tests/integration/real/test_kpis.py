"""
Each KPI has two readings, of evidence and of series: of one script both say what is true.

The evidence is that of a real ledger, the series are those that the service exposes, as a real
Prometheus has them. Only time, the network and the engine are the script's.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from probe import series
from probe.domain.evidence import Window
from probe.domain.failure import DELIVERY_REASONS, FailureReason
from probe.domain.sampled import WEEK, Sampled
from probe.evidence import open_reading
from probe.generate.rules import awaited
from probe.kpi import BY_NAME, KPIS, RULES, Evidence, Key, Kpi, Measure, Measured, Unit
from probe.kpi.central import in_span
from probe.kpi.gathering import Gathering
from probe.kpi.model import VERSION, Per
from probe.kpi.past import GatheredPast
from probe.settings import Settings
from probe.settings.load import parse
from tests.integration.real.backfill import Backfill, make_blocks
from tests.integration.real.prometheus import Prometheus
from tests.integration.real.quarter import script, truth
from tests.integration.real.quarter.play import BEFORE, SCRAPE, play

pytestmark = [pytest.mark.needs("prometheus", "promtool"), pytest.mark.timeout(300)]

MEASURES = {
    measure.query: (kpi, measure)
    for kpi in KPIS
    for measure in kpi.measures
    if measure.rule is not None and not awaited(measure.rule)
}
OUTAGES = "delivery:mean_time_to_restore_seconds"
PENDING = "delivery:release_propagation_pending_seconds"
# The last scrape is the second last before the end; what was counted before it is in.
ASKED_AT = script.END - BEFORE - timedelta(seconds=15)


@dataclass(frozen=True)
class Played:
    """
    The script as Prometheus and as the ledger have it.

    ``ruler`` has what would have been recorded each minute of outages.
    """

    prometheus: Prometheus
    ruler: Prometheus
    ledger: Path

    def recorded(self, kpi: Kpi, measure: Measure) -> Mapping[Key, float]:
        assert measure.rule is not None
        if measure.query == OUTAGES:
            at = ASKED_AT.timestamp()
            return self.ruler.query(measure.rule.expr, *measure.labels, at=at)
        expr = inline(measure.rule.expr)
        # What is told of a release that is probed no more was recorded while it was.
        if measure.labels == VERSION and kpi.per is Per.RELEASE and measure.query != PENDING:
            of_window = "and on (version) delivery_release_assets"
            expr = f"last_over_time(({expr})[30d:1h]) {of_window}"
        width = len(measure.labels)
        found = self.prometheus.query(
            expr, *measure.labels, *measure.match, at=ASKED_AT.timestamp()
        )
        wanted = tuple(measure.match.values())
        return {key[:width]: value for key, value in found.items() if key[width:] == wanted}

    def evidence(self, measure: Measure) -> Evidence:
        with self.gathering() as gathering:
            return gathering.evidence(Window(script.END - measure.window, script.END))

    def past(self, kpi: str) -> Sequence[Sampled]:
        with self.gathering() as gathering:
            return GatheredPast(gathering, Window(script.BEGIN, script.END)).sampled(kpi)

    @contextmanager
    def gathering(self) -> Iterator[Gathering]:
        settings = parse(script.RELOADS[max(script.RELOADS)], "probe.yaml")
        assert isinstance(settings, Settings)
        [widget] = settings.products
        with open_reading(self.ledger) as reading:
            yield Gathering(reading, widget.product, settings.weights, widget.regions)

    def local(self, measure: Measure) -> Mapping[Key, float]:
        found = measure.formula(self.evidence(measure))
        return {key: each.value for key, each in found.items() if isinstance(each, Measured)}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("kpis")
    occur = {fault.reason for fault in script.FAULTS} | {FailureReason.NOT_FOUND}
    with (folder / "openmetrics").open("wb") as file:
        backfill = Backfill(file, set(DELIVERY_REASONS) - occur)
        ledger = asyncio.run(play(backfill, folder / "ledger"))
        backfill.end()
    make_blocks(folder / "openmetrics", folder / "prometheus" / "tsdb")
    with Prometheus(folder / "prometheus", keeps="10y") as prometheus:
        record(prometheus, "delivery:endpoint_outage_merged:bool", folder / "recorded")
        make_blocks(folder / "recorded", folder / "ruler" / "tsdb")
        with Prometheus(folder / "ruler", keeps="10y") as ruler:
            yield Played(prometheus, ruler, ledger)


def record(prometheus: Prometheus, name: str, file: Path) -> None:
    """Write what a rule would have recorded each minute of the days on which anything happens."""
    labels = ("product", "channel", "endpoint")
    with file.open("w") as lines:
        for day in sorted(script.EVENTFUL):
            since = script.at(day, "00:00").timestamp()
            until = min(since + 86_340, ASKED_AT.timestamp())
            span = {"since": since, "until": until, "step": 60}
            for key, found in prometheus.over(inline(name), *labels, **span).items():
                said = ",".join(
                    f'{label}="{value}"' for label, value in zip(labels, key, strict=True)
                )
                lines.writelines(f"{name}{{{said}}} {value} {at:.0f}\n" for at, value in found)
        lines.write("# EOF\n")


def inline(expr: str) -> str:
    """Return *expr* with what rules record as they would have recorded it."""

    def replace(found: re.Match[str]) -> str:
        record, span, step = found["record"], found["span"], found["step"]
        (rule,) = {rule.expr for rule in RULES if rule.record == record}
        inner = f"({inline(rule)})"
        usual = "1m" if span and span.endswith("m") else "5m"
        return f"{inner}[{span}:{step or usual}]" if span else inner

    pattern = r"(?P<record>delivery:[\w:]+)(\[(?P<span>\w+)(:(?P<step>\w+))?\])?"
    return re.sub(pattern, replace, expr)


def tolerance(kpi: Kpi, measure: Measure, true: float) -> float:
    """Return how far a reading may be off: by the edges of the window, a bucket, an interval."""
    if kpi.unit is Unit.RATIO or ":ratio" in measure.query:
        # Of a release that is half a day old a scrape is more than of a month.
        return 1e-3 if "version" in measure.labels else 2e-4
    if measure.query == OUTAGES:
        # It is seen from some attempt on; it began between that one and the last before.
        return SCRAPE.total_seconds()
    if measure.query == PENDING:
        return (script.END - ASKED_AT).total_seconds()
    if "duration" in measure.query:
        bounds = (0.0, *series.DURATION_BUCKETS)
        return next(upper - lower for lower, upper in pairwise(bounds) if lower < true <= upper)
    return 1.5


@pytest.mark.parametrize("query", MEASURES)
def test_evidence_and_prometheus_say_the_truth(played, query):
    kpi, measure = MEASURES[query]
    local, recorded = played.local(measure), played.recorded(kpi, measure)
    for key, true in truth.TRUTH[query].items():
        off = tolerance(kpi, measure, true)
        assert local[key] == pytest.approx(true, abs=off), (key, "of evidence")
        assert recorded[key] == pytest.approx(true, abs=off), (key, "of Prometheus")
    told = truth.TRUTH[query].keys()
    assert _without_zeros(local).keys() | told == _without_zeros(recorded).keys() | told == told


@pytest.mark.parametrize("code", truth.OF_THE_LEDGER)
def test_evidence_says_the_truth_where_nothing_is_recorded(played, code):
    (kpi,) = [each for each in BY_NAME.values() if each.code == code]
    assert kpi.headline is not None
    true = truth.OF_THE_LEDGER[code]
    assert played.local(kpi.headline)[()] == pytest.approx(true, abs=1.5 if true > 1 else 1e-9)


def _without_zeros(values: Mapping[Key, float]) -> Mapping[Key, float]:
    return {key: value for key, value in values.items() if value}


def test_truth_is_told_of_every_number_that_has_both_readings():
    assert truth.TRUTH.keys() == MEASURES.keys()


WIDGET = ("widget", "stable")
WEEKLY = [kpi for kpi in KPIS if kpi.per is Per.WEEK and in_span(kpi, WIDGET, WEEK.total_seconds())]


@pytest.mark.parametrize("kpi", WEEKLY, ids=lambda kpi: kpi.name)
def test_every_week_is_the_same_by_evidence_and_by_prometheus(played, kpi):
    # Before the last month few scrapes are made: rules look back no further.
    month = script.END - timedelta(days=30)
    here = {
        each.at + WEEK: each.value
        for each in played.past(kpi.name)
        if each.value is not None and each.at >= month
    }
    assert here
    # What rules record has to be made here, and is made of every product.
    query = re.sub(r"(delivery:[\w:]+)\{[^}]*\}", r"\1", in_span(kpi, WIDGET, WEEK.total_seconds()))
    for end, value in here.items():
        at = (end - (script.END - ASKED_AT)).timestamp()
        # The edges of a week are more of it than those of a month.
        off = tolerance(kpi, kpi.headline, value) * 30 / 7
        assert played.prometheus.query(inline(query), at=at) == {
            (): pytest.approx(value, abs=off)
        }, end
