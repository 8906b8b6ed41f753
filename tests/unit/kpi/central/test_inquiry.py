"""What is asked of a Prometheus, in PromQL."""

from probe.kpi import BY_NAME, KPIS
from probe.kpi.central import card_asked, facts_asked, kpis_asked
from probe.kpi.central.inquiry import Fact, way_of

WIDGET = ("widget", "stable")
A_1 = BY_NAME["artifact_availability"]


def test_a_kpi_that_is_recorded_for_each_release_is_read_for_the_release():
    asked = kpis_asked([A_1, BY_NAME["global_propagation"]], WIDGET, "1.4.2")
    one = 'product="widget", channel="stable", version="1.4.2"'
    assert asked == {
        "artifact_availability": f"min(delivery:release_availability:ratio_30d{{{one}}})",
        "global_propagation": f"max(delivery:release_propagation_seconds{{{one}}})",
    }


def test_without_a_release_the_number_of_the_product_is_read():
    asked = kpis_asked([A_1, BY_NAME["checksum_coverage"]], WIDGET, "")
    train = 'product="widget", channel="stable"'
    assert asked == {
        "artifact_availability": (
            f"min(delivery:artifact_availability_overall:ratio_30d{{{train}}})"
        ),
        "checksum_coverage": (
            f'min(delivery:release_control_coverage:ratio{{control="checksum", {train}}})'
        ),
    }


def test_a_kpi_that_nobody_records_is_not_asked_for():
    asked = kpis_asked(KPIS, WIDGET, "1.4.2")
    assert not asked.keys() & {"regions_verified", "mirror_coverage", "replication_lag"}
    assert "mirror_coverage" in kpis_asked(KPIS, WIDGET, "")


def test_every_kpi_is_read_or_made_or_of_nothing_observed():
    for kpi in KPIS:
        for version in ("", "1.4.2"):
            assert (way_of(kpi, version) is None) == (kpi.headline is None)


def test_of_a_release_that_is_named_nothing_else_is_asked():
    asked = facts_asked(WIDGET, '1.4"2')
    one = '{product="widget", channel="stable", version="1.4\\"2"}'
    assert asked[Fact.UP] == (
        "min by (endpoint, probe_region, version, artifact, platform) "
        f"(delivery_artifact_available{one})"
    )
    assert asked[Fact.PUBLISHED] == (
        "max by (product, channel, version) "
        f"(max_over_time(delivery_release_published_timestamp_seconds{one}[1h]))"
    )


def test_without_one_files_of_the_newest_are_asked_for_and_rollouts_of_all():
    asked = facts_asked(WIDGET, "")
    train = '{product="widget", channel="stable"}'
    published = (
        "max by (product, channel, version) "
        f"(max_over_time(delivery_release_published_timestamp_seconds{train}[1h]))"
    )
    assert asked[Fact.VERIFIED].endswith(f" and on (version) topk(1, {published})")
    assert "topk" not in asked[Fact.FIRST]


def test_a_scorecard_asks_for_the_release_where_that_is_told_apart():
    asked = card_asked(WIDGET, "1.4.2")
    train = 'product="widget", channel="stable"'
    one = f'{{{train}, version="1.4.2"}}'
    assert asked[Fact.SHARE] == f"min(delivery:release_availability:ratio_30d{one})"
    assert asked[Fact.REGIONS] == f"delivery:release_regional_availability:ratio_30d{one}"
    assert asked[Fact.REASONS] == f"delivery:download_failure:ratio_30d{{{train}}}"
    assert asked[Fact.ATTEMPTS] == (
        f"sum(increase(delivery_download_attempts_total{{{train}}}[30d]))"
    )
    assert card_asked(WIDGET, "")[Fact.REGIONS] == (
        f"delivery:regional_availability:ratio_30d{{{train}}}"
    )
