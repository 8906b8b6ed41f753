"""C1-C3: what counts as complete, and as described."""

from datetime import timedelta

import pytest

from probe.domain.artifact import AssetClass, Platform
from probe.kpi import Measured, Released, Unknown
from probe.kpi.completeness import (
    METADATA_COMPLETENESS,
    MISSING_ASSETS,
    RELEASE_COMPLETENESS,
)
from probe.kpi.evidence import Notes
from probe.kpi.lacking import Lack, Missing, complete_at, missing, missing_counts
from probe.kpi.value import NO_RELEASES
from tests.builders import NOON, an_artifact
from tests.unit.kpi.builders import an_asset, of, released

YESTERDAY = NOON - timedelta(days=1)
UNWATCHED = Unknown("nobody watched it up to its deadline")
LATE = YESTERDAY + timedelta(minutes=31)
CHECKSUMS = an_artifact("SHA256SUMS", asset_class=AssetClass.CHECKSUM, digests=(), platform=None)


def late_asset(**fields):
    return an_asset(**{"first_at": LATE, "missed_at": LATE - timedelta(minutes=1), **fields})


def test_a_release_is_complete_when_its_last_file_came():
    late = an_asset(CHECKSUMS, first_at=YESTERDAY + timedelta(minutes=20))
    assert complete_at(released(an_asset(), late)) == YESTERDAY + timedelta(minutes=20)


@pytest.mark.parametrize(
    "release",
    [
        released(an_asset(), an_asset(CHECKSUMS, first_at=None, missed_at=NOON)),
        released(an_asset(an_artifact(digests=()))),
        released(absent_platforms=(Platform("darwin", "arm64"),)),
        released(notes=Notes.LACKING),
        Released("1.4.2", "stable", YESTERDAY, ()),
    ],
    ids=["file", "checksum", "platform", "notes", "everything"],
)
def test_a_release_that_lacks_something_is_not_complete(release):
    assert complete_at(release) is None
    assert RELEASE_COMPLETENESS.value(of(release, released())) == Measured(0.5, 2)


def complete_by_now(*releases):
    return RELEASE_COMPLETENESS.parts[0].formula(of(*releases))[()]


def test_what_was_repaired_late_stays_late_and_is_complete_now():
    repaired = released(late_asset())
    assert RELEASE_COMPLETENESS.value(of(repaired)) == Measured(0.0, 1)
    assert complete_by_now(repaired) == Measured(1.0, 1)


def test_what_was_settled_at_the_deadline_is_not_undone_by_a_repair_nor_by_new_demands():
    repaired = released(settled=False)
    demanded = released(settled=True, absent_platforms=(Platform("darwin", "arm64"),))
    assert RELEASE_COMPLETENESS.value(of(repaired, demanded)) == Measured(0.5, 2)
    assert complete_by_now(repaired, demanded) == Measured(0.5, 2)


def test_a_release_that_was_old_when_it_was_first_listed_was_not_late():
    old = released(late_asset(), watched=False)
    assert RELEASE_COMPLETENESS.value(of(old)) == UNWATCHED
    assert complete_by_now(old) == Measured(1.0, 1)


def test_a_file_that_nobody_asked_for_is_neither_there_nor_missing():
    unseen = released(an_asset(), an_asset(CHECKSUMS, first_at=None))
    assert RELEASE_COMPLETENESS.value(of(unseen)) == UNWATCHED
    assert complete_by_now(unseen) == Unknown("none of 1 could be judged")
    assert missing(unseen) == ()


def test_a_file_that_nobody_missed_may_have_been_there_all_the_time():
    found = released(late_asset(missed_at=None))
    assert RELEASE_COMPLETENESS.value(of(found)) == UNWATCHED


def test_notes_that_are_asked_for_and_not_looked_at_yet_are_unknown():
    unread = released(notes=Notes.UNKNOWN)
    assert RELEASE_COMPLETENESS.value(of(unread)) == UNWATCHED
    assert RELEASE_COMPLETENESS.value(of(released(notes=Notes.THERE))) == Measured(1.0, 1)


def test_what_is_missing_is_counted_by_what_it_is():
    sbom = an_artifact("w.spdx.json", asset_class=AssetClass.SBOM)
    lacking = released(
        an_asset(first_at=None, missed_at=NOON),
        an_asset(CHECKSUMS, first_at=None, missed_at=NOON),
        an_asset(sbom),
        an_asset(an_artifact("bare", digests=())),
        absent_platforms=(Platform("darwin", "arm64"),),
        notes=Notes.LACKING,
    )
    assert missing_counts(lacking) == {
        Lack.PLATFORM: 1,
        Lack.FILE: 1,
        Lack.CHECKSUM: 2,
        Lack.NOTES: 1,
        Lack.SBOM: 0,
    }
    assert missing(lacking)[0] == Missing(Lack.PLATFORM, platform=Platform("darwin", "arm64"))


def test_kinds_of_which_nothing_is_known_are_not_counted():
    unseen = released(an_asset(first_at=None), an_asset(CHECKSUMS, first_at=None))
    assert missing_counts(unseen) == {Lack.PLATFORM: 0}
    some = released(an_asset(), an_asset(an_artifact("b"), first_at=None, missed_at=NOON))
    assert missing_counts(some) == {Lack.PLATFORM: 0, Lack.FILE: 1, Lack.CHECKSUM: 0}


def test_a_release_that_still_has_time_is_not_judged():
    fresh = released(
        an_asset(first_at=None, missed_at=NOON), published_at=NOON - timedelta(minutes=29)
    )
    assert RELEASE_COMPLETENESS.value(of(fresh)) == Unknown("its deadline is not over")
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
        released(tag="v11.4.2"),
    ],
    ids=["hash", "size", "platform", "version", "tag", "longer tag"],
)
def test_one_field_that_is_not_valid_is_enough(release):
    assert METADATA_COMPLETENESS.value(of(release)) == Measured(0.0, 1)


def test_files_that_vouch_for_others_need_no_metadata():
    release = released(an_asset(), an_asset(CHECKSUMS), tag="widget-v1.4.2")
    assert METADATA_COMPLETENESS.value(of(release)) == Measured(1.0, 1)
    assert METADATA_COMPLETENESS.value(of()) == NO_RELEASES


def test_each_field_has_a_share_of_its_own():
    release = released(an_asset(an_artifact(size=0, platform=None)), an_asset())
    fields = METADATA_COMPLETENESS.parts[0].formula(of(release))
    assert {key[0]: value.value for key, value in fields.items()} == {
        "hash": 1.0, "size": 0.5, "version": 1.0, "channel": 1.0, "platform": 0.5,
    }  # fmt: skip
