"""Words that let a release go on although a gate says no."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.evidence import Event
from probe.domain.gate import Mode, Objective, Override
from probe.domain.override import Word, override_event, overrides_of, words_window
from probe.domain.told import Unfit
from tests.builders import NOON

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SIGNED = Objective("signature_coverage", 1.0, True, Mode.GATE)
COMPLETE = Objective("release_completeness", 0.98, True, Mode.GATE)
SOON = Objective("global_propagation", 1800, False, Mode.INFORM)
ASKED = (SIGNED, COMPLETE, SOON)
WORD = Word("widget", "stable", "1.4.2", SIGNED.kpi, "ada", "keys rotate", NOON, NOON + 2 * DAY)
BACK = replace(WORD, who="bob", why="keys are there", at=NOON + HOUR, until=None)
HOLDS = Override(SIGNED.kpi, "ada", "keys rotate", NOON + 2 * DAY)

GATES = ", so it stops nothing; gates of widget (stable): signature_coverage, release_completeness"


def kept(*words: Word) -> list[Event]:
    events: list[Event] = []
    for word in words:
        event = override_event(word, ASKED, events)
        events += [event] if event else []
    return events


def test_what_is_kept_says_it_all():
    [event] = kept(WORD)
    assert (event.kind, event.version, event.actor, event.at) == ("override", "1.4.2", "ada", NOON)
    assert overrides_of([event], "1.4.2") == (HOLDS,)


def test_it_is_about_one_release():
    assert overrides_of(kept(WORD), "1.4.3") == ()


def test_the_same_word_said_again_is_known():
    assert len(kept(WORD, WORD, replace(WORD, at=NOON + HOUR))) == 1


def test_the_last_word_on_a_gate_counts():
    longer = replace(WORD, why="keys are late", at=NOON + HOUR, until=NOON + 3 * DAY)
    other = replace(WORD, kpi=COMPLETE.kpi)
    assert set(overrides_of(kept(WORD, other, longer), "1.4.2")) == {
        Override(SIGNED.kpi, "ada", "keys are late", NOON + 3 * DAY),
        Override(COMPLETE.kpi, "ada", "keys rotate", NOON + 2 * DAY),
    }


def test_the_last_word_counts_though_the_clock_went_back():
    sooner = replace(WORD, why="keys come", at=NOON - HOUR, until=NOON + HOUR)
    [override] = overrides_of(kept(WORD, sooner), "1.4.2")
    assert override.why == "keys come"


def test_a_word_that_is_taken_back_holds_no_more():
    [override] = overrides_of(kept(WORD, BACK), "1.4.2")
    assert (override.who, override.why, override.until) == ("bob", "keys are there", BACK.at)
    assert not override.holds(BACK.at)


def test_what_was_taken_back_can_be_said_again():
    [override] = overrides_of(kept(WORD, BACK, replace(WORD, at=NOON + 2 * HOUR)), "1.4.2")
    assert override == HOLDS


def test_to_take_back_what_does_not_hold_changes_nothing():
    assert kept(BACK) == []
    assert len(kept(WORD, BACK, replace(BACK, at=NOON + 2 * HOUR))) == 2
    assert len(kept(WORD, replace(BACK, at=NOON + 2 * DAY))) == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(WORD, kpi="mirror_coverage"), f"mirror_coverage is no target{GATES}"),
        (replace(WORD, kpi=SOON.kpi), f"global_propagation only informs{GATES}"),
        (replace(WORD, who=" "), "an override needs the name of who gives it, and a reason"),
        (replace(WORD, why=""), "an override needs the name of who gives it, and a reason"),
        (replace(WORD, until=NOON), "until is over"),
        (replace(WORD, until=NOON + 31 * DAY), "until is more than 30 days ahead"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(wrong, why):
    with pytest.raises(Unfit) as refused:
        override_event(wrong, ASKED, [])
    assert str(refused.value) == why


def test_where_nothing_is_a_gate_that_is_said():
    with pytest.raises(Unfit, match=r"is no target, so it stops nothing; .*: none"):
        override_event(WORD, (), [])


@pytest.mark.parametrize(
    "detail",
    ["", "{", "[]", "null", "[" * 100_000, '{"kpi": 1}', '{"kpi": "a", "until": 9e99, "why": ""}',
     '{"kpi": "signature_coverage", "until": 99999999999999999, "why": "x"}'],
)  # fmt: skip
def test_what_an_import_brings_and_cannot_be_read_is_no_word(detail):
    [event] = kept(WORD)
    broken = replace(event, id="broken", at=NOON + HOUR, detail=detail)
    assert overrides_of([event, broken], "1.4.2") == (HOLDS,)
    assert override_event(replace(WORD, at=NOON + HOUR), ASKED, [event, broken]) is None


def test_a_word_that_still_holds_is_looked_for():
    window = words_window(NOON)
    assert window.since <= NOON - timedelta(days=30)
    assert window.until > NOON
