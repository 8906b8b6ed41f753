import pytest

from probe.terminal.wording import duration, size


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1572864, "1.5 MiB"), (2**31, "2.0 GiB")],
)
def test_sizes_are_in_the_largest_unit_that_fits(count, words):
    assert size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0123, "12 ms"), (1.0, "1.00 s"), (59.5, "59.50 s"), (125.2, "2 min 05 s")],
)
def test_durations_are_in_the_unit_that_suits_them(seconds, words):
    assert duration(seconds) == words
