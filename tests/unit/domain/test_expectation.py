"""What should be there, where its list comes from, and what may have been renamed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.artifact import ANY_PLATFORM, Artifact, AssetClass, Platform
from probe.domain.expectation import (
    Comparison,
    Expectation,
    Expected,
    ExpectedBy,
    absent_platforms,
    compared,
    renamings,
)
from probe.domain.naming import describe
from probe.domain.release_range import ReleaseRange
from tests.builders import NOON, a_release, an_artifact

LINUX, MACOS, WINDOWS = (
    Platform(*each.split("/")) for each in ("linux/amd64", "darwin/arm64", "windows/amd64")
)
TEMPLATES = ("widget_{version}_{os}_{arch}.*", "widget_{version}_SHA256SUMS")


def listed(*names: str, version: str = "1.4.2"):
    files = [describe(name) for name in names]
    artifacts = [
        Artifact(name, told.asset_class, told.platform, 1)
        for name, told in zip(names, files, strict=True)
    ]
    return a_release(version, *artifacts)


def by_templates(*names: str, templates: tuple[str, ...] = TEMPLATES) -> Comparison:
    expects = Expectation(artifacts=templates)
    return compared(expects, (LINUX, MACOS, WINDOWS), listed(*names), None)


ALL = (
    "widget_1.4.2_Linux_x86_64.tar.gz",
    "widget_1.4.2_macos_aarch64.tar.gz",
    "widget_1.4.2_windows_x64.zip",
    "widget_1.4.2_SHA256SUMS",
)


def test_a_template_stands_for_each_platform_however_it_is_spelt():
    assert by_templates(*ALL) == Comparison(ExpectedBy.TEMPLATES)


def test_what_no_file_meets_is_absent_under_the_name_it_should_have():
    assert by_templates(*ALL[:2]).absent == (
        Expected("widget_1.4.2_windows_amd64.*", AssetClass.BINARY, WINDOWS),
        Expected("widget_1.4.2_SHA256SUMS", AssetClass.CHECKSUM),
    )


def test_a_signature_of_a_file_does_not_stand_for_it():
    signed = by_templates(*ALL[:2], "widget_1.4.2_windows_x64.zip.sig", ALL[3])
    assert [each.platform for each in signed.absent] == [WINDOWS]


def test_a_universal_binary_stands_for_both_and_a_portable_one_for_all():
    universal = by_templates(ALL[0], "widget_1.4.2_darwin_all.tar.gz", *ALL[2:])
    assert universal.absent == ()
    release = listed("widget_1.4.2_darwin_universal.tar.gz")
    assert absent_platforms([MACOS, Platform("darwin", "amd64"), LINUX], release) == (LINUX,)
    anywhere = a_release("1", an_artifact(platform=ANY_PLATFORM))
    assert absent_platforms([LINUX, MACOS], anywhere) == ()


def test_what_nobody_asked_for_is_unexpected_if_users_install_it():
    found = by_templates(*ALL, "widget_1.4.2_freebsd_amd64.tar.gz", "README.md")
    assert found.unexpected == ("widget_1.4.2_freebsd_amd64.tar.gz",)


def test_a_version_is_not_a_pattern():
    release = listed("widget_1x2_SHA256SUMS", version="1*2")
    found = compared(Expectation(artifacts=TEMPLATES[1:]), (), release, None)
    assert [each.name for each in found.absent] == ["widget_1*2_SHA256SUMS"]


def test_a_planned_catalog_lists_all_that_should_be_there():
    expects = Expectation(planned=True, artifacts=TEMPLATES)
    assert compared(expects, (LINUX,), listed(), None) == Comparison(ExpectedBy.CATALOG)


def test_without_more_a_release_should_have_what_the_one_before_had():
    before = listed("widget-1.4.1.tgz", "widget-1.4.1.tgz.asc", version="1.4.1")
    found = compared(Expectation(), (), listed("widget-1.4.2.tgz"), before)
    assert found == Comparison(
        ExpectedBy.PREVIOUS,
        (Expected("widget-1.4.2.tgz.asc", AssetClass.SIGNATURE),),
    )
    assert compared(Expectation(like_previous=False), (), listed(), before).absent == ()
    assert compared(Expectation(), (), listed(), None) == Comparison(ExpectedBy.CATALOG)


def test_a_file_that_was_renamed_is_absent_and_unexpected_and_the_pair_is_guessed():
    before = listed("widget_1.4.1_linux_amd64.tar.gz", "notes.pdf", version="1.4.1")
    after = listed("widget_1.4.2_linux_x86_64.tar.gz", "gadget.exe", "notes.pdf")
    found = compared(Expectation(), (), after, before)
    assert [each.name for each in found.absent] == ["widget_1.4.2_linux_amd64.tar.gz"]
    assert set(found.unexpected) == {"widget_1.4.2_linux_x86_64.tar.gz", "gadget.exe"}
    assert found.renamed == {"widget_1.4.2_linux_amd64.tar.gz": "widget_1.4.2_linux_x86_64.tar.gz"}


def test_a_file_whose_name_cannot_be_told_is_neither_missed_nor_unexpected():
    before = listed("w-1.4.1.zip", "w-1.4.1-abc1234-linux.tgz", version="1.4.1")
    found = compared(Expectation(), (), listed("w-1.4.2.zip", "w-1.4.2-def4567-linux.tgz"), before)
    assert found == Comparison(ExpectedBy.PREVIOUS)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (("widget-linux.tgz", "widget-darwin.tgz"), ("widget-linux.tgz",)),
        (("w_1.4.1_linux.tgz", "w_1.4.1_darwin.tgz"), ("widget-1.4.2.zip",)),
        (("w-1.4.1-abc1234.tgz",), ("w-1.4.2-def4567.tgz",)),
    ],
    ids=("no version in any", "all made otherwise", "all of one release only"),
)
def test_names_that_say_nothing_of_the_next_release_ask_for_nothing(before, now):
    found = compared(Expectation(), (), listed(*now), listed(*before, version="1.4.1"))
    assert found == Comparison(ExpectedBy.CATALOG)


def test_each_name_is_in_one_pair_at_most_the_most_alike_first():
    assert renamings(["w-linux.tgz", "w-linus.tgz"], ["w-linux.tar.gz"]) == {
        "w-linux.tgz": "w-linux.tar.gz"
    }
    many = [f"widget-{number}.tgz" for number in range(300)]
    assert len(renamings(many, many)) == 20


def test_the_file_of_a_platform_that_is_dropped_is_not_missed_though_the_release_before_had_it():
    before = listed("w_1.4.1_linux_amd64.tgz", "w_1.4.1_darwin_arm64.tgz", version="1.4.1")
    now = listed("w_1.4.2_linux_amd64.tgz")
    inferred = compared(Expectation(), (), now, before)
    assert [each.platform for each in inferred.absent] == [MACOS]
    dropped = Expectation(ranges=((MACOS, ReleaseRange(until="1.4.2")),))
    assert compared(dropped, (), now, before).absent == ()


@pytest.mark.parametrize(("days", "asked"), [(-1, (LINUX,)), (0, (LINUX, MACOS))])
def test_a_platform_is_asked_for_from_its_day_on(days, asked):
    expects = Expectation(ranges=((MACOS, ReleaseRange(since=NOON.date())),))
    release = replace(a_release(), published_at=NOON + timedelta(days=days))
    assert expects.among((LINUX, MACOS), release) == asked
