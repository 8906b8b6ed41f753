"""What gives the past of a KPI, in PromQL."""

import pytest

from probe.kpi import BY_NAME, KPIS
from probe.kpi.central import by_release, in_span

WIDGET = ("widget", "stable")
OF = 'product="widget", channel="stable"'
WEEK, QUARTER = 7 * 86400.0, 90 * 86400.0


def spanned(name: str, seconds: float = WEEK) -> str:
    return " ".join(in_span(BY_NAME[name], WIDGET, seconds).split())


def test_the_window_of_a_rule_is_another_one_for_one_product():
    assert spanned("artifact_availability") == (
        "min(sum by (product, channel) "
        f"(sum_over_time(delivery:artifacts_up:sum{{{OF}}}[7d])) / sum by (product, channel) "
        f"(sum_over_time(delivery:artifacts_known:count{{{OF}}}[7d])))"
    )


def test_what_is_made_of_other_windows_is_unfolded():
    query = spanned("regional_availability", 3600)
    assert "_30d" not in query
    assert f"delivery:artifacts_up:sum{{{OF}}}[1h]" in query


def test_where_less_is_better_the_worst_is_the_most():
    query = spanned("download_latency")
    assert query.startswith("max(histogram_quantile( 0.95, sum by (product, channel, le) ")
    assert f"delivery_download_duration_seconds_bucket{{{OF}}}[7d]" in query


def test_labels_that_a_rule_picks_stay():
    assert f'delivery_download_attempts_total{{{OF}, depth="full"}}[7d]' in spanned(
        "verification_success"
    )


def test_what_stands_is_its_mean():
    assert (
        spanned("mirror_coverage")
        == f"min(avg_over_time(delivery:mirror_coverage:ratio{{{OF}}}[7d]))"
    )


@pytest.mark.parametrize(
    "name",
    ["release_completeness", "time_to_restore", "incident_recurrence", "regions_verified",
     "publish_success"],
)  # fmt: skip
def test_what_is_no_share_of_time_or_attempts_has_none(name):
    assert spanned(name) == ""


def test_a_name_is_quoted_as_promql_has_it():
    query = in_span(BY_NAME["mirror_coverage"], ('wid"get', "stable"), WEEK)
    assert 'product="wid\\"get"' in query


def test_releases_are_read_by_their_last_number():
    assert by_release(BY_NAME["global_propagation"], WIDGET, QUARTER) == (
        f"max by (version) (last_over_time(delivery:release_propagation_seconds{{{OF}}}[90d]))"
    )
    assert {kpi.name for kpi in KPIS if by_release(kpi, WIDGET, QUARTER)} == {
        "time_to_first_availability",
        "global_propagation",
    }
