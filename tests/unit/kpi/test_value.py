"""Numbers, and what is no number."""

import pytest

from probe.kpi.value import (
    NO_INCIDENTS,
    NO_RELEASES,
    NOTHING_HEARD,
    Measured,
    Unknown,
    mean,
    quantile,
    ratio,
    share,
    worst_of,
)


def test_of_nothing_there_is_no_share():
    assert ratio(0, 0) == NOTHING_HEARD
    assert share([]) == NO_RELEASES
    assert mean([]) == NO_INCIDENTS
    assert quantile(0.5, []) == NO_RELEASES
    assert worst_of([NOTHING_HEARD], higher_is_better=True) == NOTHING_HEARD


def test_none_of_some_is_a_number():
    assert ratio(0, 4) == Measured(0.0, 4)


def test_what_could_not_be_judged_is_in_neither_side_and_counted():
    assert share([True, None, False, None]) == Measured(0.5, 2, excluded=2)


def test_if_nothing_could_be_judged_nothing_is_known():
    assert share([None, None]) == Unknown("none of 2 could be judged")


@pytest.mark.parametrize(("fraction", "value"), [(0, 10.0), (0.5, 25.0), (0.95, 38.5), (1, 40.0)])
def test_quantiles_are_interpolated_as_promql_does(fraction, value):
    assert quantile(fraction, [40, 10, 30, 20]) == Measured(pytest.approx(value), 4)


def test_the_worst_is_the_lowest_or_the_highest():
    values = [Measured(0.9, 1), Unknown("nobody"), Measured(0.8, 5)]
    assert worst_of(values, higher_is_better=True) == Measured(0.8, 5)
    assert worst_of(values, higher_is_better=False) == Measured(0.9, 1)
