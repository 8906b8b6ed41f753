"""Rules of a product override what file names tell."""

import re

from probe.catalog.names import NameRules
from probe.domain.artifact import ANY_PLATFORM, AssetClass, Platform
from probe.domain.naming import Description


def test_groups_of_the_pattern_override_the_name():
    rules = NameRules(
        pattern=re.compile(r"-(?P<version>\d+)-(?P<os>mac|lin)-(?P<arch>\w+)\.(?P<class>package)?")
    )

    assert rules.describe("tool-7-mac-x64.package") == Description(
        Platform("darwin", "amd64"), AssetClass.PACKAGE, "7"
    )
    assert rules.describe("tool-7-lin-x64.zip").platform == Platform("lin", "amd64")


def test_a_group_that_is_missing_leaves_the_name_to_tell():
    rules = NameRules(pattern=re.compile(r"(?P<version>build\d+)"))

    assert rules.describe("tool_build9_linux_arm64.zip") == Description(
        Platform("linux", "arm64"), AssetClass.ARCHIVE, "build9"
    )


def test_half_a_platform_from_the_pattern_needs_the_other_half():
    rules = NameRules(pattern=re.compile(r"(?P<os>linux)"))

    assert rules.describe("tool-linux.zip").platform is None


def test_a_class_nobody_knows_leaves_the_name_to_tell():
    rules = NameRules(pattern=re.compile(r"\.(?P<class>\w+)$"))

    assert rules.describe("tool.zip").asset_class is AssetClass.ARCHIVE


def test_names_the_pattern_does_not_match_tell_what_they_tell():
    rules = NameRules(pattern=re.compile(r"^never(?P<os>x)"))

    assert rules.describe("tool_linux_arm64.zip").platform == Platform("linux", "arm64")


def test_the_first_platform_rule_that_matches_counts():
    rules = NameRules(
        platforms=(
            (re.compile("ninja-linux"), Platform("linux", "amd64")),
            (re.compile("ninja"), ANY_PLATFORM),
        )
    )

    assert rules.describe("ninja-linux.zip").platform == Platform("linux", "amd64")
    assert rules.describe("ninja-linux-aarch64.zip").platform == Platform("linux", "amd64")
    assert rules.describe("ninja.1").platform == ANY_PLATFORM
