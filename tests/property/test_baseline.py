"""What holds of every proposal."""

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.quantity import seconds, share
from probe.kpi import KPIS, Unit
from probe.kpi.baseline import asked, rounded, spread_of

kpis = st.sampled_from([kpi for kpi in KPIS if kpi.headline])


def values_of(kpi):
    most = {Unit.RATIO: 1.0, Unit.SECONDS: 80 * 86400.0, Unit.COUNT: 1000.0}[kpi.unit]
    # What is measured is of whole events and milliseconds.
    values = st.floats(0, most).map(lambda value: round(value, 7))
    return st.lists(values, min_size=5, max_size=60)


@given(st.data(), kpis)
def test_three_of_ten_meet_what_is_proposed_and_half_do_not_better_it(data, kpi):
    values = data.draw(values_of(kpi))
    spread = spread_of(kpi, values)
    met = sum(kpi.meets(value, spread.proposal) for value in values)
    assert met >= 0.3 * (len(values) - 1)
    assert kpi.meets(spread.p70, spread.p50)
    assert kpi.meets(spread.best, spread.p70)
    assert kpi.meets(spread.p50, spread.worst)


@given(st.data(), kpis)
def test_what_is_written_is_what_is_proposed(data, kpi):
    value = data.draw(st.sampled_from(data.draw(values_of(kpi))))
    proposal = rounded(kpi, value)
    _, text = asked(kpi, proposal)
    read = {Unit.RATIO: share, Unit.SECONDS: seconds, Unit.COUNT: float}[kpi.unit]
    assert read(text) == proposal
