"""From which release on, and until which: by day of publication, or by version."""

from datetime import timedelta

import pytest

from probe.domain.release_range import ReleaseRange, bound_of
from tests.builders import NOON, a_release

TODAY = NOON.date()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "until", "within"),
    [
        (None, None, True),
        ("1.4.2", None, True),
        ("1.10", None, False),
        ("1.4", "1.10", True),
        (None, "1.4.2", False),
        (None, "v1.4.2-rc.1", False),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (None, TODAY, False),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY - DAY, "1.4", False),
    ],
)
def test_the_first_bound_is_within_and_the_last_is_not(since, until, within):
    assert ReleaseRange(since, until).holds(a_release("1.4.2")) is within


def test_a_version_goes_by_its_numbers():
    new = ReleaseRange(since="2.0")
    within = [
        version for version in ("v2", "2.0.0", "2.0-rc.1", "10.1") if new.holds(a_release(version))
    ]
    assert within == ["v2", "2.0.0", "2.0-rc.1", "10.1"]
    assert not new.holds(a_release("release-1.99"))


def test_the_number_of_a_product_is_none_of_its_version():
    versions = ("k8s-1.4.2", "k8s-0.9", "0.0.0", "0.0.0-nightly", "python3-2.0", "go1.21.5")
    new = ReleaseRange(since="1.0")
    assert [new.holds(a_release(each)) for each in versions] == [
        True,
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_version_without_numbers_is_within_whatever_versions_bound_it():
    assert ReleaseRange("1.0", "2.0").holds(a_release("nightly"))


@pytest.mark.parametrize(
    ("since", "until"), [("1.10", "1.9"), ("1.0", "1"), (TODAY, TODAY)], ids=str
)
def test_a_range_that_nothing_is_in_cannot_be(since, until):
    with pytest.raises(ValueError, match=f"no release is since {since} and until {until}"):
        ReleaseRange(since, until)


def test_a_bound_is_a_day_or_else_a_version():
    assert bound_of("2026-08-20") == TODAY
    assert bound_of("v1.10") == "v1.10"
    assert bound_of("20260820") == "20260820"


@pytest.mark.parametrize(
    "text",
    [
        *("2026-8-1", "2026-02-30", "2026-13-01", "2026/08/01", "2026-08", "1/8/2026"),
        *("2026-07-01T00:00:00Z", "2026-07-01 00:00", "20260701T10:00", "2026-07-01Z"),
    ],
)
def test_a_day_that_is_written_otherwise_is_no_version(text):
    with pytest.raises(ValueError, match=r"^a day is written as in 2026-08-01, without a time"):
        bound_of(text)


@pytest.mark.parametrize("text", ["2026.08.01", "2026-08.1", "2024a", "4567-1", "20260701"])
def test_a_version_may_hold_a_day(text):
    assert bound_of(text) == text


@pytest.mark.parametrize("text", ["soon", "", "k8s", "1\n", "9" * 129, "٣"])
def test_what_is_neither_is_no_bound(text):
    with pytest.raises(ValueError, match="must be a day, or a version in quotes"):
        bound_of(text)
