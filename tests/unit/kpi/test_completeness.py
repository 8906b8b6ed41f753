"""C1-C3: what counts as complete, and as described."""

from datetime import timedelta

import pytest

from probe.domain.artifact import AssetClass, Platform
from probe.kpi import Measured, Unknown
from probe.kpi.completeness import (
    METADATA_COMPLETENESS,
    MISSING_ASSETS,
    RELEASE_COMPLETENESS,
    complete_at,
)
from probe.kpi.value import NO_RELEASES
from tests.builders import NOON, an_artifact
from tests.unit.kpi.builders import an_asset, of, released

YESTERDAY = NOON - timedelta(days=1)
CHECKSUMS = an_artifact("SHA256SUMS", asset_class=AssetClass.CHECKSUM, digests=(), platform=None)


def test_a_release_is_complete_when_its_last_file_came():
    late = an_asset(CHECKSUMS, first_at=YESTERDAY + timedelta(minutes=20))
    assert complete_at(released(an_asset(), late)) == YESTERDAY + timedelta(minutes=20)


@pytest.mark.parametrize(
    "release",
    [
        released(an_asset(), an_asset(CHECKSUMS, first_at=None)),
        released(an_asset(an_artifact(digests=()))),
        released(absent_platforms=(Platform("darwin", "arm64"),)),
        released(notes=False),
    ],
    ids=["file", "checksum", "platform", "notes"],
)
def test_a_release_that_lacks_something_is_not_complete(release):
    assert complete_at(release) is None
    assert RELEASE_COMPLETENESS.value(of(release, released())) == Measured(0.5, 2)


def test_what_was_repaired_late_stays_late_and_is_complete_now():
    repaired = released(an_asset(first_at=YESTERDAY + timedelta(minutes=31)))
    assert RELEASE_COMPLETENESS.value(of(repaired)) == Measured(0.0, 1)
    [now] = [part.formula(of(repaired))[()] for part in RELEASE_COMPLETENESS.parts]
    assert now == Measured(1.0, 1)


def test_a_release_that_still_has_time_is_not_judged():
    fresh = released(an_asset(first_at=None), published_at=NOON - timedelta(minutes=29))
    assert RELEASE_COMPLETENESS.value(of(fresh)) == Unknown("none of 1 could be judged")
    assert RELEASE_COMPLETENESS.value(of(fresh, released())) == Measured(1.0, 1, excluded=1)


def test_missing_platforms_are_counted_by_release_and_not_by_file():
    two = released(absent_platforms=(Platform("darwin", "arm64"), Platform("linux", "arm64")))
    assert MISSING_ASSETS.value(of(two, released(), released(), released())) == Measured(0.25, 4)


@pytest.mark.parametrize(
    "release",
    [
        released(an_asset(an_artifact(digests=()))),
        released(an_asset(an_artifact(size=0))),
        released(an_asset(an_artifact(platform=None))),
        released(version="latest"),
        released(tag="v1.4.1"),
    ],
    ids=["hash", "size", "platform", "version", "tag"],
)
def test_one_field_that_is_not_valid_is_enough(release):
    assert METADATA_COMPLETENESS.value(of(release)) == Measured(0.0, 1)


def test_files_that_vouch_for_others_need_no_metadata():
    release = released(an_asset(), an_asset(CHECKSUMS), tag="widget-v1.4.2")
    assert METADATA_COMPLETENESS.value(of(release)) == Measured(1.0, 1)
    assert METADATA_COMPLETENESS.value(of()) == NO_RELEASES
