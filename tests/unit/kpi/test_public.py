"""X1.1-X1.5: public binaries on GitHub and S3 behind a CDN."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.artifact import AssetClass, Platform
from probe.domain.evidence import Pair, SightedKind, TimeSource
from probe.domain.expectation import Comparison, Expected, ExpectedBy
from probe.domain.propagation import Reached, Rollout
from probe.domain.target import EndpointKind
from probe.kpi import Measured, Unknown
from probe.kpi.evidence import Current, Notes
from probe.kpi.public import (
    DESKTOP_COMPLETENESS,
    EDGE_PROPAGATION,
    FALLBACK_READINESS,
    MATCHING_CHECKSUMS,
    REGIONS_VERIFIED,
)
from probe.kpi.publication import fallbacks
from tests.builders import NOON, an_artifact
from tests.unit.kpi.builders import an_asset, for_platforms, heard, of, released, the_evidence

EU, US = "eu-west-1", "us-east-1"
BOTH = {Pair("cdn", EU): None, Pair("cdn", US): None}
CDN = frozenset({"cdn"})


def kpi_of(*releases):
    return DESKTOP_COMPLETENESS.value(of(*releases))


def test_desktops_are_linux_macos_and_windows():
    whole = released(*for_platforms("linux", "darwin", "windows", "freebsd"))
    assert DESKTOP_COMPLETENESS.value(of(whole)) == Measured(1.0, 1)
    assert DESKTOP_COMPLETENESS.value(
        of(whole, released(*for_platforms("linux", "darwin")))
    ) == Measured(0.5, 2)


def test_a_release_for_desktops_is_complete_by_the_same_deadline():
    desktops = list(for_platforms("linux", "darwin", "windows"))
    late = an_asset(an_artifact("late"), first_at=NOON, missed_at=NOON - timedelta(hours=1))
    assert kpi_of(released(*desktops, late)) == Measured(0.0, 1)
    unread = an_asset(an_artifact("unread"), first_at=None)
    assert kpi_of(released(*desktops, unread)) == Unknown("none of 1 could be judged")


def test_what_is_for_other_platforms_than_desktops_is_not_asked_for():
    desktops = for_platforms("linux", "darwin", "windows")
    board = Expected("widget_linux_riscv64", AssetClass.ARCHIVE, Platform("linux", "riscv64"))
    release = released(*desktops, comparison=Comparison(ExpectedBy.CATALOG, (board,)))
    assert kpi_of(release) == Measured(1.0, 1)
    sums = Expected("SHA256SUMS", AssetClass.CHECKSUM)
    without = replace(release, comparison=Comparison(ExpectedBy.CATALOG, (board, sums)))
    assert kpi_of(without) == Measured(0.0, 1)


@pytest.mark.parametrize("notes", [Notes.LACKING, Notes.UNKNOWN, Notes.THERE])
def test_notes_of_today_do_not_decide_whether_desktops_had_their_files(notes):
    release = released(*for_platforms("linux", "darwin", "windows"), settled=False, notes=notes)
    assert kpi_of(release) == Measured(1.0, 1)


def test_one_file_for_any_platform_is_for_all_desktops():
    anywhere = an_asset(an_artifact(platform=Platform("any", "any")))
    assert kpi_of(released(anywhere)) == Measured(1.0, 1)


def test_each_file_for_a_desktop_needs_a_checksum():
    release = released(
        *for_platforms("linux", "darwin", "windows"), an_asset(an_artifact("x", digests=()))
    )
    assert DESKTOP_COMPLETENESS.value(of(release)) == Measured(0.0, 1)


@pytest.mark.parametrize(
    ("last", "regions"),
    [
        (heard("b", region=US), 2),
        (heard("b", region=US, up=False), 1),
        (heard("b", region=US, up=None), 1),
        (heard("b", region=US, verified_at=NOON - timedelta(hours=23)), 2),
        (heard("b", region=US, heard_at=NOON - timedelta(minutes=16)), 1),
        (heard("b", region=US, verified_at=None), 1),
        (heard("b", region=US, up=False, asset_class=AssetClass.CHECKSUM), 2),
        (heard("b", "s3", region=US, up=False), 2),
    ],
    ids=["sound", "down", "unknown", "large", "old", "never", "no file to install", "not required"],
)
def test_a_region_counts_if_every_file_was_verified_lately(last, regions):
    there = (heard("a"), heard("a", region=US), heard(last.artifact))
    asset_class = last.segment.asset_class
    files = frozenset({"a", "b"} if asset_class.distributable else {"a"})
    if last.segment.endpoint != "cdn":
        there += (heard("b", region=US),)
    evidence = the_evidence(
        heard=(*there, last), serving=BOTH, current=Current("1.4.2", files, whole=CDN)
    )
    assert REGIONS_VERIFIED.value(evidence) == Measured(regions, 2)


def test_regions_are_seen_from_without_credentials():
    private = heard("a", "portal", region=US, up=False, auth_mode="basic")
    required = {**BOTH, Pair("portal", US): None}
    evidence = the_evidence(heard=(heard("a"), heard("a", region=US), private), serving=required)
    assert REGIONS_VERIFIED.value(evidence) == Measured(2, 2)


def test_a_region_of_which_nothing_was_heard_does_not_count():
    evidence = the_evidence(heard=(heard("a"),), serving=BOTH)
    assert REGIONS_VERIFIED.value(evidence) == Measured(1, 2)


def test_a_file_that_was_not_asked_for_yet_was_not_seen_and_one_of_old_does_not_count():
    current = Current("1.4.2", frozenset({"a", "b"}), whole=CDN)
    seen = (heard("a"), heard("b"), heard("a", region=US))
    gone = heard("was-called-so", up=None)
    evidence = the_evidence(heard=(*seen, gone), serving=BOTH, current=current)
    assert REGIONS_VERIFIED.value(evidence) == Measured(1, 2)
    evidence = the_evidence(heard=(gone,), serving=BOTH, current=current)
    assert REGIONS_VERIFIED.value(evidence) == Unknown(
        "no file of the current release was asked for"
    )


def test_a_region_that_only_asks_for_heads_proves_nothing_but_may_refute():
    required = {**BOTH, Pair("s3", EU): None}
    seen = (heard("a"), heard("a", region=US))
    current = Current("1.4.2", frozenset({"a"}), whole=frozenset({"s3"}))
    for up, regions in ((True, 1), (False, 0)):
        last = (heard("a", up=up), seen[1], heard("a", "s3"))
        evidence = the_evidence(heard=last, serving=required, current=current)
        assert REGIONS_VERIFIED.value(evidence) == Measured(regions, 1, excluded=1)
    heads = replace(current, whole=frozenset())
    evidence = the_evidence(heard=seen, serving=BOTH, current=heads)
    assert REGIONS_VERIFIED.value(evidence) == Unknown(
        "no endpoint that has to serve it is read in full"
    )


def a_rollout(reached: dict[Pair, int], pending: tuple[Pair, ...] = ()) -> Rollout:
    published = NOON - timedelta(days=1)
    arrivals = (Reached(p, published + timedelta(seconds=s)) for p, s in reached.items())
    return Rollout(
        "widget",
        "stable",
        "1.4.2",
        SightedKind.ASSET,
        published,
        TimeSource.PUBLISHED,
        published,
        tuple(arrivals),
        pending,
    )


def test_edges_are_the_endpoints_of_kind_cdn():
    reached = {Pair("cdn", EU): 60, Pair("cdn", US): 90, Pair("s3", EU): 600}
    kinds = {"cdn": EndpointKind.CDN, "s3": EndpointKind.S3}
    waits_for_s3 = a_rollout(reached, (Pair("s3", US),))
    evidence = the_evidence(releases=(released(rollout=waits_for_s3),), kinds=kinds)
    assert EDGE_PROPAGATION.value(evidence) == Measured(90.0, 1)
    waits_for_edge = a_rollout(reached, (Pair("cdn", "ap-south-1"),))
    evidence = the_evidence(releases=(released(rollout=waits_for_edge),), kinds=kinds)
    assert EDGE_PROPAGATION.value(evidence) == Unknown("of no release is known when it arrived")


def test_checksums_match_where_bytes_had_them():
    release = released(an_asset(equal=True), an_asset(equal=False), an_asset())
    assert MATCHING_CHECKSUMS.value(of(release)) == Measured(0.5, 2, excluded=1)


def test_what_only_a_platform_computed_is_no_checksum_that_was_published():
    computed = an_asset(replace(an_artifact(), vouched=False), equal=True)
    unread = an_asset(replace(an_artifact(), vouched=None), equal=True)
    assert MATCHING_CHECKSUMS.value(of(released(computed, unread))) == Measured(0.0, 1, excluded=1)


def test_a_fallback_has_every_file_in_every_region():
    copies = [
        heard("a", "github", kind=EndpointKind.GITHUB),
        heard("a", "github", US, kind=EndpointKind.GITHUB),
        heard("b", "github", kind=EndpointKind.GITHUB),
        heard("b", "github", US, kind=EndpointKind.GITHUB, up=False),
        heard("c"),
        heard("c", "github", kind=EndpointKind.GITHUB, up=False),
    ]
    evidence = the_evidence(heard=tuple(copies))
    assert FALLBACK_READINESS.value(evidence) == Measured(1 / 3, 3)
    assert fallbacks(evidence) == {"a": True, "b": False, "c": False}


GH = Pair("github", EU)
COPY = heard("a", "github", kind=EndpointKind.GITHUB)


@pytest.mark.parametrize(
    ("files", "last", "found"),
    [
        ({"a", "b"}, (heard("b"),), {"a": True, "b": None}),
        ({"a", "b"}, (), {"a": True, "b": None}),
        ({"a"}, (heard("old", "github", kind=EndpointKind.GITHUB, up=None),), {"a": True}),
        ({"a"}, (heard("a", "github", US, kind=EndpointKind.GITHUB, up=None),), {"a": True}),
        ({"a"}, (heard("a", "gh-old", kind=EndpointKind.GITHUB, up=None),), {"a": True}),
    ],
    ids=["not asked there", "not asked anywhere", "renamed", "region gone", "endpoint gone"],
)
def test_a_fallback_is_of_the_files_of_the_catalog_at_what_is_probed_now(files, last, found):
    current = Current("1.4.2", frozenset(files), frozenset({GH}), frozenset({"github"}))
    evidence = the_evidence(heard=(COPY, *last), current=current)
    assert fallbacks(evidence) == found
    unknown = Unknown("of 1 files it is not known")
    value = FALLBACK_READINESS.value(evidence)
    assert value == (unknown if None in found.values() else Measured(1.0, 1))


def test_a_copy_that_nobody_knows_of_is_no_fallback_and_none_that_is_missing():
    copies = [
        heard("a", "github", kind=EndpointKind.GITHUB),
        heard("b", "github", kind=EndpointKind.GITHUB, up=None),
    ]
    assert FALLBACK_READINESS.value(the_evidence(heard=tuple(copies))) == Unknown(
        "of 1 files it is not known"
    )


def test_a_copy_that_was_never_read_in_full_is_no_fallback():
    copy = heard("a", "github", kind=EndpointKind.GITHUB, verified_at=None)
    assert FALLBACK_READINESS.value(the_evidence(heard=(copy,))) == Measured(0.0, 1)


def test_a_copy_of_which_only_the_head_was_asked_for_is_not_known_to_be_one():
    heads = Current("1.4.2", frozenset({"a"}), frozenset({GH}))
    evidence = the_evidence(heard=(COPY,), current=heads)
    assert fallbacks(evidence) == {"a": None}
    assert FALLBACK_READINESS.value(evidence) == Unknown("none of 1 could be judged")
    gone = replace(COPY, up=False)
    assert fallbacks(the_evidence(heard=(gone,), current=heads)) == {"a": False}


def test_without_github_there_is_no_fallback_to_be_ready():
    evidence = the_evidence(heard=(heard("a"),))
    assert FALLBACK_READINESS.value(evidence) == Unknown("no endpoint of kind github")
