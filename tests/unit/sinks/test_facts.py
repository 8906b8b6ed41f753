"""What is known of releases is shown, and nothing else."""

from datetime import timedelta

from probe import series
from probe.domain.artifact import AssetClass, Platform
from probe.domain.evidence import SightedKind, TimeSource
from probe.domain.propagation import Rollout
from probe.kpi import Evidence, Rollback
from probe.sinks import FactSeries
from tests.builders import NOON, an_artifact
from tests.fakes.metrics import FakeMetrics
from tests.unit.kpi.builders import an_asset, of, released

READY = Rollback(named=True, served=True, signed=True, documented=True)
SUMS = an_asset(an_artifact("SHA256SUMS", asset_class=AssetClass.CHECKSUM))


def shown(*evidences: Evidence) -> dict[str, float]:
    metrics = FakeMetrics()
    sink = FactSeries(metrics)
    for each in evidences:
        sink.show(each)
    return {
        " ".join((name.removeprefix("delivery_"), *labels[2:])): value
        for (name, labels), value in metrics.values.items()
    }


def test_of_a_release_that_is_all_there_everything_is_shown():
    release = released(an_asset(proven=True), SUMS, rollback=READY)
    assert shown(of(release)) == {
        "release_assets 1.4.2": 1.0,
        "release_complete 1.4.2": 1.0,
        "release_complete_now 1.4.2": 1.0,
        "release_missing_assets 1.4.2 platform": 0.0,
        "release_missing_assets 1.4.2 file": 0.0,
        "release_missing_assets 1.4.2 checksum": 0.0,
        "release_assets_covered 1.4.2 checksum": 1.0,
        "release_assets_covered 1.4.2 metadata": 1.0,
        "rollback_ready 1.4.2": 1.0,
    }


def test_what_nobody_has_looked_at_is_absent_and_never_zero():
    unseen = released(an_asset(first_at=None))
    assert shown(of(unseen)) == {
        "release_assets 1.4.2": 1.0,
        "release_missing_assets 1.4.2 platform": 0.0,
        "release_missing_assets 1.4.2 checksum": 0.0,
        "release_assets_covered 1.4.2 metadata": 1.0,
    }


def test_a_release_that_still_has_time_is_neither_complete_nor_not():
    early = released(
        an_asset(first_at=None, missed_at=NOON),
        published_at=NOON - timedelta(minutes=5),
        absent_platforms=(Platform("darwin", "arm64"),),
    )
    found = shown(of(early))
    assert "release_complete 1.4.2" not in found
    assert found["release_complete_now 1.4.2"] == 0.0
    assert found["release_missing_assets 1.4.2 platform"] == 1.0
    assert found["release_missing_assets 1.4.2 file"] == 1.0


def test_series_of_releases_that_are_gone_go():
    both = of(released(), released(version="1.4.1"))
    assert shown(both, of(released())) == shown(of(released()))


def test_of_a_product_that_is_forgotten_nothing_is_left():
    metrics = FakeMetrics()
    sink = FactSeries(metrics)
    sink.show(of(released()))
    sink.forget("widget", "stable")
    assert metrics.values == {}


def test_signatures_and_provenance_are_shown_once_they_are_known():
    release = released(an_asset(attested=True), an_asset(attested=False))
    assert shown(of(release))["release_assets_covered 1.4.2 provenance"] == 1.0
    assert series.RELEASE_COVERED.labels[-1] == "control"


def test_who_follows_no_rollouts_says_when_a_release_was_let_out():
    tagged = NOON - timedelta(minutes=10)
    rolled = released(
        rollout=Rollout(
            "widget", "stable", "1.4.2", SightedKind.ASSET, tagged, TimeSource.TAG, NOON
        )
    )
    metrics = FakeMetrics()
    FactSeries(metrics, starts=True).show(of(rolled))
    started = metrics.value(series.RELEASE_START, "widget", "stable", "1.4.2", "tag")
    assert started == tagged.timestamp()
    assert not any("start" in name for name in shown(of(rolled)))
