"""What all regions saw day by day."""

from datetime import timedelta
from math import nan

from probe.domain.promql import Sample, Series
from probe.kpi.central import Daily, days_asked, days_found
from tests.builders import NOON

DAY = timedelta(days=1)
TODAY = NOON.replace(hour=0)
REGION = {"product": "widget", "channel": "stable", "probe_region": "eu-west-1"}
KEY = ("widget", "stable", "eu-west-1")


def test_of_one_product_availability_latency_and_failures_are_asked_for():
    asked = days_asked(("widget", "stable"), DAY)
    train = '{product="widget", channel="stable"}'
    assert set(asked) == set(Daily)
    assert asked[Daily.FAILED] == (
        f"sum by (reason) (increase(delivery_download_failures_total{train}[1d])) > 0"
    )
    assert asked[Daily.SLOW] == (
        "histogram_quantile(0.95, sum by (endpoint, size_tier, le) "
        f"(increase(delivery_download_duration_seconds_bucket{train}[1d])))"
    )


def test_of_all_products_one_query_tells_the_availability():
    [query] = days_asked(None, timedelta(hours=1)).values()
    by = "sum by (product, channel, probe_region) (sum_over_time("
    assert query == (
        f"{by}delivery:artifacts_up:sum[1h])) / {by}delivery:artifacts_known:count[1h]))"
    )


def test_a_point_is_of_the_day_that_ends_with_it():
    past = {Daily.AVAILABLE: (Series(REGION, ((TODAY, 0.5), (TODAY - DAY, nan))),)}
    today = {Daily.AVAILABLE: (Sample(REGION, 0.75),)}
    found = days_found(past, today, [TODAY - DAY, TODAY])
    assert found.of(Daily.AVAILABLE) == {KEY: {TODAY - DAY: 0.5, TODAY: 0.75}}
    assert found.of(Daily.SLOW) == {}
