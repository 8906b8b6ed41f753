"""Whatever is asked and read: unknown never passes, and nothing makes a verdict better for free."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.gate import Mode, Objective, Override, Reading, Ruling, Terms, evaluate
from tests.builders import NOON

names = st.sampled_from(["a", "b", "c", "d"])
objectives = st.lists(
    st.builds(
        Objective,
        kpi=names,
        target=st.floats(0, 1),
        higher_is_better=st.booleans(),
        mode=st.sampled_from(Mode),
    )
)
moments = st.integers(-60, 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
read = st.builds(
    Reading,
    value=st.none() | st.floats(0, 1),
    at=moments.filter(lambda moment: moment <= NOON),
    regions=st.none() | st.integers(0, 5),
)
readings = st.dictionaries(names, read)
terms = st.builds(Terms, regions=st.integers(1, 4))
words = st.sampled_from(["", "ada", "because"])
overrides = st.lists(st.builds(Override, kpi=names, who=words, why=words, until=moments))


@given(objectives, readings, terms, overrides)
def test_it_passes_if_and_only_if_something_is_demanded_and_nothing_blocks(
    asked, known, conditions, overridden
):
    gate = evaluate(asked, known, NOON, conditions, overridden)
    demanded = [each for each in gate.judged if each.objective.mode is Mode.GATE]
    passes = bool(demanded) and not any(each.blocks for each in demanded)
    assert (gate.ruling is Ruling.PASS) == passes


@given(objectives, readings, terms)
def test_only_fresh_numbers_from_enough_regions_pass(asked, known, conditions):
    for each in evaluate(asked, known, NOON, conditions).judged:
        if each.ruling is Ruling.PASS:
            assert each.reading.value is not None
            assert each.objective.met_by(each.reading.value)
            assert NOON - each.reading.at <= conditions.oldest
            assert each.reading.regions is None or each.reading.regions >= conditions.regions


@given(objectives, readings, terms, st.data())
def test_losing_evidence_never_helps(asked, known, conditions, data):
    less = {name: each for name, each in known.items() if data.draw(st.booleans())}
    if evaluate(asked, less, NOON, conditions).ruling is Ruling.PASS:
        assert evaluate(asked, known, NOON, conditions).ruling is Ruling.PASS


@given(objectives, readings, terms, overrides)
def test_an_override_changes_what_blocks_and_never_what_is_held(
    asked, known, conditions, overridden
):
    plain = evaluate(asked, known, NOON, conditions)
    with_word = evaluate(asked, known, NOON, conditions, overridden)
    assert [each.ruling for each in plain.judged] == [each.ruling for each in with_word.judged]
