"""The past over all regions, and what was missed when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from probe.answers.missed import around, before, missed_in
from probe.answers.past import Recorded, RecordedPast, recorded_in
from probe.domain.evidence import Pair, Published, Window
from probe.domain.gate import Objective
from probe.domain.promql import Sample, Series
from probe.domain.sampled import Sampled
from probe.evidence import open_reading
from probe.kpi.gathering import Gathering
from probe.kpi.past import GatheredPast
from probe.ports import EvidenceUnavailable
from tests.builders import NOON, a_product, a_release
from tests.ledgers import a_ledger

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MIDNIGHT = NOON.replace(hour=0)
WINDOW = Window(NOON - 22 * DAY, NOON)
KEY = ("widget", "stable")
AVAILABLE = Objective("artifact_availability", 0.99, True)
LATENCY = Objective("download_latency", 10.0, False)
COMPLETE = Objective("release_completeness", 0.98, True)
NAN = float("nan")


@dataclass
class FakePrometheus:
    """Answers by what a query is about; keeps what it was asked over."""

    points: Mapping[str, list[tuple[datetime, float]]] = field(default_factory=dict)
    values: Mapping[tuple[str, datetime], float] = field(default_factory=dict)
    versions: Mapping[str, float] = field(default_factory=dict)
    spans: list[tuple[Window, timedelta]] = field(default_factory=list)
    fault: EvidenceUnavailable | None = None

    async def at(self, query: str, moment: datetime) -> tuple[Sample, ...]:
        if self.fault is not None:
            raise self.fault
        if "by (version)" in query:
            return tuple(Sample({"version": name}, each) for name, each in self.versions.items())
        found = [v for (word, at), v in self.values.items() if word in query and at == moment]
        return tuple(Sample({}, each) for each in found)

    async def over(self, query: str, window: Window, step: timedelta) -> tuple[Series, ...]:
        self.spans.append((window, step))
        found = [points for word, points in self.points.items() if word in query]
        return tuple(Series({}, tuple(points)) for points in found)


async def test_each_week_is_what_was_recorded_at_its_end():
    points = [(MIDNIGHT - 14 * DAY, 0.9), (MIDNIGHT - 7 * DAY, NAN), (MIDNIGHT, 1.0)]
    prometheus = FakePrometheus({"artifacts_up": points})
    recorded = await recorded_in(prometheus, KEY, [AVAILABLE.kpi, COMPLETE.kpi], WINDOW)
    assert prometheus.spans == [(Window(MIDNIGHT - 14 * DAY, MIDNIGHT), 7 * DAY)]
    assert recorded == Recorded(
        weeks={
            AVAILABLE.kpi: (
                Sampled("2026-07-30", MIDNIGHT - 21 * DAY, 0.9),
                Sampled("2026-08-06", MIDNIGHT - 14 * DAY, None),
                Sampled("2026-08-13", MIDNIGHT - 7 * DAY, 1.0),
            )
        }
    )


async def test_what_was_not_recorded_yet_is_unknown():
    recorded = await recorded_in(FakePrometheus(), KEY, [AVAILABLE.kpi], WINDOW)
    assert [each.value for each in recorded.weeks[AVAILABLE.kpi]] == [None, None, None]


async def test_a_window_without_a_week_has_none():
    short = Window(NOON - DAY, NOON)
    recorded = await recorded_in(FakePrometheus(), KEY, [AVAILABLE.kpi], short)
    assert recorded.weeks == {AVAILABLE.kpi: ()}


async def test_releases_are_those_of_the_ledger_with_what_was_recorded_of_them(tmp_path):
    listed = [a_release("1.0", published_at=NOON - 9 * DAY), a_release("1.1")]
    with a_ledger(tmp_path) as ledger:
        pairs = (Pair("cdn", "eu"),)
        assert await ledger.keep(
            *(Published("widget", each, pairs, each.published_at) for each in listed)
        )
    prometheus = FakePrometheus(versions={"1.0": 300.0, "0.9": 1.0, "1.1": NAN})
    recorded = await recorded_in(prometheus, KEY, ["global_propagation"], WINDOW)
    window = Window(WINDOW.since, NOON + MINUTE)
    with open_reading(tmp_path) as kept:
        past = RecordedPast(recorded, GatheredPast(Gathering(kept, a_product(), {}), window))
        assert past.sampled("global_propagation") == (
            Sampled("1.0", NOON - 9 * DAY, 300.0),
            Sampled("1.1", NOON, None),
        )
        # The rest is of the ledger.
        assert [each.of for each in past.sampled("missing_assets")] == ["1.0", "1.1"]


def test_an_incident_is_looked_at_before_its_bucket_and_an_hour_around():
    onset = NOON + 7 * MINUTE
    assert before(onset) == Window(NOON - 55 * MINUTE, NOON + 5 * MINUTE)
    assert around(onset) == Window(NOON - 53 * MINUTE, NOON + 67 * MINUTE)


async def test_a_target_is_missed_by_what_was_recorded_then():
    good, bad, unknown = (Window(NOON - n * DAY, NOON - n * DAY + 60 * MINUTE) for n in (1, 2, 3))
    prometheus = FakePrometheus(
        values={
            ("artifacts_up", good.until): 1.0,
            ("artifacts_up", bad.until): 0.5,
            ("duration_seconds", bad.until): 9.0,
            ("duration_seconds", unknown.until): NAN,
        }
    )
    asked = [AVAILABLE, LATENCY, COMPLETE]
    assert await missed_in(prometheus, KEY, asked, [good, bad, unknown]) == {
        good: {AVAILABLE.kpi: False, LATENCY.kpi: False},
        bad: {AVAILABLE.kpi: True, LATENCY.kpi: False},
        unknown: {AVAILABLE.kpi: False, LATENCY.kpi: False},
    }


async def test_a_prometheus_that_does_not_answer_is_told():
    prometheus = FakePrometheus(fault=EvidenceUnavailable("no answer"))
    with pytest.raises(EvidenceUnavailable, match="no answer"):
        await recorded_in(prometheus, KEY, ["global_propagation"], WINDOW)
    with pytest.raises(EvidenceUnavailable, match="no answer"):
        await missed_in(prometheus, KEY, [AVAILABLE], [WINDOW])
