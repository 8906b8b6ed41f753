"""Durations by bins."""

import pytest

from probe.sketch import bin_of, quantile, within


def bins_of(*durations: float):
    bins: dict[int, int] = {}
    for seconds in durations:
        bins[bin_of(seconds)] = bins.get(bin_of(seconds), 0) + 1
    return bins


def test_a_quantile_is_at_most_one_percent_off():
    bins = bins_of(*(number / 10 for number in range(1, 101)))
    assert quantile(bins, 0.5) == pytest.approx(5.0, rel=0.01)
    assert quantile(bins, 0.95) == pytest.approx(9.5, rel=0.01)
    assert quantile(bins, 1.0) == pytest.approx(10.0, rel=0.01)


def test_there_is_no_quantile_of_nothing():
    assert quantile({}, 0.5) is None


def test_what_lasted_as_long_as_the_threshold_is_within_it():
    bins = bins_of(0.5, 1.0, 10.0, 10.5)
    assert [within(bins, seconds) for seconds in (0.1, 1.0, 10.0, 60.0)] == [0, 2, 3, 4]


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e-9, 1e12])
def test_durations_that_cannot_be_fall_in_the_outermost_bins(seconds):
    assert -1000 < bin_of(seconds) < 1000
