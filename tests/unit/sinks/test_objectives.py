"""What is asked, as series."""

from datetime import timedelta

from probe import series
from probe.domain.gate import Objective, Source
from probe.sinks.objectives import ObjectiveSeries
from tests.fakes.metrics import FakeMetrics

STABLE, NIGHTLY = ("widget", "stable"), ("widget", "nightly")
MONTH = timedelta(days=31)
AVAILABLE = Objective("artifact_availability", 0.999, True, owner="release-team", cadence=MONTH)
SOON = Objective("global_propagation", 1800, False, owner="edge-team", cadence=3 * MONTH)
REGIONS = Objective("regions_verified", 3, True, owner="release-team", cadence=MONTH)
PUBLISHED = Objective("publish_success", 0.99, True, owner="ci-team", cadence=timedelta(hours=36))


def test_what_is_asked_is_shown_in_the_unit_of_its_kpi():
    metrics = FakeMetrics()
    ObjectiveSeries(metrics).show({STABLE: (AVAILABLE, SOON, REGIONS)})
    ratio, seconds = series.SLO_TARGET_RATIO, series.SLO_TARGET_SECONDS
    assert metrics.value(ratio, *STABLE, "artifact_availability") == 0.999
    assert metrics.value(seconds, *STABLE, "global_propagation") == 1800.0
    assert metrics.value(series.SLO_TARGET_NUMBER, *STABLE, "regions_verified") == 3.0
    about = ("global_propagation", "edge-team", "ledger", "93d")
    assert metrics.value(series.KPI_INFO, *STABLE, *about) == 1.0
    assert len(metrics.values) == 6


def test_what_prometheus_is_asked_says_so():
    metrics = FakeMetrics()
    ObjectiveSeries(metrics).show({STABLE: (AVAILABLE,)}, Source.PROMETHEUS)
    about = ("artifact_availability", "release-team", "prometheus", "31d")
    assert metrics.value(series.KPI_INFO, *STABLE, *about) == 1.0


def test_a_kpi_that_nothing_observes_has_no_source():
    metrics = FakeMetrics()
    ObjectiveSeries(metrics).show({STABLE: (PUBLISHED,)})
    about = ("publish_success", "ci-team", "none", "1d12h")
    assert metrics.value(series.KPI_INFO, *STABLE, *about) == 1.0


def test_what_is_asked_no_more_is_shown_no_more():
    metrics = FakeMetrics()
    shown = ObjectiveSeries(metrics)
    shown.show({STABLE: (AVAILABLE, SOON), NIGHTLY: (SOON,)})
    shown.show({STABLE: (AVAILABLE,)})
    assert {labels[:3] for _, labels in metrics.values} == {(*STABLE, "artifact_availability")}
    shown.show({})
    assert metrics.values == {}
