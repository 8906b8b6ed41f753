"""What numbers a version goes by."""

import pytest

from probe.domain.version import MAX_VERSION_LENGTH, Version, version_of


@pytest.mark.parametrize(
    ("text", "before", "dotted", "after"),
    [
        ("1.4.2", "", "1.4.2", ""),
        ("v2.0-rc.1", "", "2.0", "-rc.1"),
        ("cli-v1.4.1-1", "cli-", "1.4.1", "-1"),
        ("k8s-1.4.2", "k8s-", "1.4.2", ""),
        ("x86-1.4", "x86-", "1.4", ""),
        ("8-1.4", "8-", "1.4", ""),
        ("python3-2.0", "python3-", "2.0", ""),
        ("go1.21.5", "go", "1.21.5", ""),
        ("1.4.2rc1", "", "1.4.2", "rc1"),
        ("2024a", "", "2024", "a"),
        ("7-rc-1", "", "7", "-rc-1"),
        ("0.0.0-nightly", "", "0.0.0", "-nightly"),
    ],
)
def test_a_version_goes_by_its_longest_run_of_numbers(text, before, dotted, after):
    assert version_of(text) == Version(before, dotted, after)


@pytest.mark.parametrize("text", ["nightly", "k8s", "", "4f5e6d7", "9" * (MAX_VERSION_LENGTH + 1)])
def test_without_numbers_there_are_none(text):
    assert version_of(text) is None


@pytest.mark.parametrize(
    ("dotted", "numbers"), [("1.4.0", (1, 4)), ("0.0.0", ()), ("1.10", (1, 10)), ("0.1", (0, 1))]
)
def test_zeros_at_the_end_make_no_difference(dotted, numbers):
    assert Version("", dotted, "").numbers == numbers
