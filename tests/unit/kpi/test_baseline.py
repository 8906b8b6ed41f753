"""Where targets could be, by what was."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from probe.domain.sampled import Sampled
from probe.kpi import BY_NAME, KPIS, Unknown
from probe.kpi.baseline import asked, baselines, rounded, spread_of
from tests.builders import NOON

AVAILABLE = BY_NAME["artifact_availability"]
SPREAD = BY_NAME["global_propagation"]
MISSING = BY_NAME["missing_assets"]
REGIONS = BY_NAME["regions_verified"]
RESTORED = BY_NAME["time_to_restore"]
PUBLISHED = BY_NAME["publish_success"]
RETAINED = BY_NAME["retention_exceptions"]


@dataclass
class FakePast:
    """Has the same values of every KPI."""

    values: list[float | None]

    def sampled(self, kpi):
        return [
            Sampled(str(number), NOON + timedelta(days=7 * number), value)
            for number, value in enumerate(self.values)
        ]


def test_the_target_that_is_proposed_is_met_by_three_of_ten_and_stricter_than_the_median():
    weeks = [0.990, 0.991, 0.992, 0.993, 0.994, 0.995, 0.996, 0.997, 0.998, 0.999, 1.0]
    spread = spread_of(AVAILABLE, weeks)
    assert (spread.p50, spread.p70, spread.best, spread.worst) == (0.995, 0.997, 1.0, 0.990)
    assert (spread.count, spread.proposal) == (11, 0.997)


def test_where_less_is_better_the_best_is_the_least():
    seconds = [60.0 * minute for minute in (10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110)]
    spread = spread_of(SPREAD, seconds)
    assert (spread.p50, spread.p70, spread.best, spread.worst) == (3600.0, 2400.0, 600.0, 6600.0)
    assert spread.proposal == 2400.0


@pytest.mark.parametrize(
    ("kpi", "value", "written"),
    [
        (AVAILABLE, 1.0, ("slo", "100%")),
        (AVAILABLE, 0.99973, ("slo", "99.973%")),
        (AVAILABLE, 0.999731, ("slo", "99.973%")),
        (AVAILABLE, 0.999, ("slo", "99.9%")),
        (AVAILABLE, 0.98765, ("slo", "98.7%")),
        (AVAILABLE, 1 / 3, ("slo", "33%")),
        (AVAILABLE, 0.999999999, ("slo", "100%")),
        (AVAILABLE, 0.0, ("slo", "0%")),
        (MISSING, 0.0, ("slo", "0%")),
        (MISSING, 0.0234, ("slo", "2.4%")),
        (MISSING, 1.0, ("slo", "100%")),
        (SPREAD, 1800.0, ("within", "30m")),
        (SPREAD, 1723.4, ("within", "29m")),
        (SPREAD, 61.0, ("within", "1m10s")),
        (SPREAD, 59.2, ("within", "1m")),
        (SPREAD, 4.21, ("within", "4s300ms")),
        (SPREAD, 0.0421, ("within", "43ms")),
        (SPREAD, 7300.0, ("within", "2h10m")),
        (SPREAD, 100_000.0, ("within", "1d4h")),
        (SPREAD, 0.0, ("within", "1s")),
        (SPREAD, 1e9, ("within", "90d")),
        (REGIONS, 3.0, ("at_least", "3")),
        (REGIONS, 2.7, ("at_least", "2")),
        (RETAINED, 2.1, ("at_most", "3")),
    ],
)
def test_a_proposal_is_written_as_one_would_ask_for_it(kpi, value, written):
    assert asked(kpi, rounded(kpi, value)) == written


@pytest.mark.parametrize(
    ("kpi", "values", "why"),
    [
        (AVAILABLE, [0.9] * 7, "7 whole weeks, and it takes 8"),
        (AVAILABLE, [0.9] * 7 + [None] * 9, "7 whole weeks, and it takes 8"),
        (SPREAD, [60.0] * 4, "4 releases, and it takes 5"),
        (RESTORED, [60.0] * 4, "4 incidents, and it takes 5"),
        (REGIONS, [], "only what is so now is known of it"),
        (PUBLISHED, [1.0] * 9, "publications of pipelines are not observed"),
    ],
)
def test_too_little_is_no_baseline(kpi, values, why):
    [baseline] = baselines(FakePast(values), [kpi])
    assert baseline.spread == Unknown(why)


def test_what_is_not_known_is_counted_apart():
    [baseline] = baselines(FakePast([0.9] * 8 + [None] * 2), [AVAILABLE])
    assert (baseline.spread.count, baseline.spread.unknown) == (8, 2)


def test_of_what_a_ledger_keeps_no_past_another_source_may():
    [baseline] = baselines(FakePast([3.0] * 8), [REGIONS])
    assert baseline.spread.proposal == 3.0


def test_every_kpi_is_answered_for():
    assert [each.kpi for each in baselines(FakePast([]))] == list(KPIS)
