"""Whether thresholds suit what is."""

from datetime import timedelta

import pytest

from probe.domain.gate import Objective
from probe.domain.sampled import Sampled
from probe.kpi.fit import Advice, Fit, fit_of
from tests.builders import NOON

AVAILABLE = Objective("artifact_availability", 0.99, True)
SPREAD = Objective("global_propagation", 1800.0, False)
REGIONS = Objective("regions_verified", 2.0, True)


def weeks(*values):
    return [
        Sampled(f"week {number}", NOON + timedelta(days=7 * number), value)
        for number, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("objective", "values", "advice", "proposal"),
    [
        (AVAILABLE, [0.9975] * 8, Advice.TIGHTEN, 0.9975),
        (AVAILABLE, [0.995] * 8, Advice.TIGHTEN, 0.995),
        (AVAILABLE, [0.9949] * 8, Advice.KEEP, None),
        (AVAILABLE, [0.9975] * 7 + [0.98], Advice.KEEP, None),
        (AVAILABLE, [0.98] * 6 + [0.995] * 2, Advice.LOOSEN, 0.98),
        (AVAILABLE, [0.98] * 5 + [0.995] * 3, Advice.KEEP, None),
        (AVAILABLE, [0.9975] * 7, Advice.UNKNOWN, None),
        (AVAILABLE, [], Advice.UNKNOWN, None),
        (SPREAD, [600.0] * 5, Advice.TIGHTEN, 600.0),
        (SPREAD, [901.0] * 5, Advice.KEEP, None),
        (SPREAD, [7200.0] * 5, Advice.LOOSEN, 7200.0),
        (SPREAD, [600.0] * 4, Advice.UNKNOWN, None),
        (REGIONS, [4.0] * 8, Advice.TIGHTEN, 4.0),
        (REGIONS, [3.0] * 8, Advice.KEEP, None),
    ],
)
def test_advice_follows_from_how_often_and_how_widely_it_is_met(
    objective, values, advice, proposal
):
    fit = fit_of(objective, weeks(*values))
    assert (fit.advice, fit.proposal) == (advice, proposal)


def test_what_missed_it_is_named_and_what_is_unknown_left_out():
    fit = fit_of(AVAILABLE, weeks(1.0, 0.5, None, *[1.0] * 6))
    assert fit == Fit(8, 7, ("week 1",), Advice.KEEP)


def test_what_cannot_be_stricter_is_kept():
    whole = Objective("artifact_availability", 1.0, True)
    assert fit_of(whole, weeks(*[1.0] * 9)).advice is Advice.KEEP
    at_once = Objective("missing_assets", 0.0, False)
    assert fit_of(at_once, weeks(*[0.0] * 9)).advice is Advice.KEEP
