"""Durations and sizes as people write them."""

import pytest

from probe.domain.quantity import duration, percent, seconds, share, size, size_bytes


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("60s", 60.0),
        ("5m", 300.0),
        ("1h30m", 5400.0),
        ("500ms", 0.5),
        ("1d", 86400.0),
        ("1s500ms", 1.5),
        ("0s", 0.0),
        ("90m", 5400.0),
    ],
)
def test_a_duration_is_read(text: str, amount: float):
    assert seconds(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "60", "s", "1.5s", "-1s", "30m1h", "1h 30m", "1s1s", "5 m", "5M", "\u0661s", "1s\n"],
)
def test_what_is_no_duration_is_refused(text: str):
    with pytest.raises(ValueError, match="must be a duration with its unit"):
        seconds(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1024", 1024),
        ("0", 0),
        ("7B", 7),
        ("10MB", 10_000_000),
        ("50GiB", 50 * 2**30),
        ("1.5KiB", 1536),
        ("2 TiB", 2 * 2**40),
        ("3KB", 3000),
    ],
)
def test_a_size_is_read(text: str, amount: int):
    assert size_bytes(text) == amount


@pytest.mark.parametrize("text", ["", "-1", "10 MBs", "GiB", "1e3", "10mb", "1,5MB", "10M", "1\n"])
def test_what_is_no_size_is_refused(text: str):
    with pytest.raises(ValueError, match="must be a size in bytes"):
        size_bytes(text)


def test_what_is_written_is_in_the_largest_units_that_fit():
    assert [duration(each) for each in (0, 0.5, 60, 90, 5400, 93784.005)] == [
        "0s",
        "500ms",
        "1m",
        "1m30s",
        "1h30m",
        "1d2h3m4s5ms",
    ]
    assert [size(each) for each in (0, 1023, 1024, 10_000_000, 50 * 2**30)] == [
        "0",
        "1023",
        "1KiB",
        "10MB",
        "50GiB",
    ]


@pytest.mark.parametrize(
    ("text", "ratio"), [("99.9%", 0.999), ("100%", 1.0), ("0%", 0.0), ("99.995%", 0.99995)]
)
def test_a_share_is_read_exactly_and_written_as_it_was(text, ratio):
    assert share(text) == ratio
    assert percent(ratio) == text


@pytest.mark.parametrize("text", ["", "99.9", "101%", "-1%", "99,9%", "nan%", "%", " 99%"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(ValueError, match="must be a share in percent"):
        share(text)
