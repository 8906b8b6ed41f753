"""The state of a target is up, down, or unknown; it is held for two intervals."""

from probe.domain.bucket import Attempt
from probe.domain.failure import FailureReason, Phase
from probe.domain.hold import BACKSTEP_MS, UNHEARD, Hold, Span, hear, settle
from probe.domain.moment import to_ms
from probe.domain.target import Depth
from tests.builders import NOON
from tests.ledgers import an_attempt

START = to_ms(NOON)
MISMATCH = (FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY)


def heard(*attempts: Attempt):
    hold, spans = UNHEARD, []
    for attempt in attempts:
        hold, span = hear(hold, attempt)
        spans += [span] if span else []
    return hold, spans


def seconds(spans):
    return [
        ((span.start_ms - START) / 1000, (span.end_ms - START) / 1000, span.up) for span in spans
    ]


def test_time_counts_as_the_state_that_it_began_with():
    _, spans = heard(an_attempt(0), an_attempt(60, passed=False), an_attempt(100))
    assert seconds(spans) == [(0, 60, True), (60, 100, False)]


def test_a_state_is_unknown_two_intervals_after_it_was_last_seen():
    _, spans = heard(an_attempt(0), an_attempt(500))
    assert seconds(spans) == [(0, 120, True)]


def test_an_inconclusive_attempt_changes_nothing():
    before, _ = heard(an_attempt(0))
    assert hear(before, an_attempt(60, passed=None)) == (before, None)


def test_nothing_is_known_before_the_first_attempt():
    assert settle(UNHEARD, START) == (UNHEARD, None)
    assert heard(an_attempt(0))[1] == []


def test_what_is_settled_is_not_counted_again():
    hold, _ = heard(an_attempt(0))
    hold, span = settle(hold, START + 30_000)
    assert span == Span(START, START + 30_000, up=True)
    _, span = hear(hold, an_attempt(60))
    assert span == Span(START + 30_000, START + 60_000, up=True)


def test_an_attempt_that_ended_before_what_is_counted_takes_effect_from_there():
    hold, _ = heard(an_attempt(100))
    hold, span = hear(hold, an_attempt(40, passed=False))
    assert span is None
    assert (hold.up, hold.settled_ms, hold.until_ms) == (False, START + 100_000, START + 220_000)


def test_a_clock_that_was_far_ahead_does_not_stop_the_count():
    hold, _ = heard(an_attempt(BACKSTEP_MS / 1000 + 1), an_attempt(0))
    _, span = hear(hold, an_attempt(60))
    assert span == Span(START, START + 60_000, up=True)


def test_a_head_request_does_not_refute_wrong_bytes():
    wrong = an_attempt(0, passed=False, fault=MISMATCH)
    hold, _ = heard(wrong, an_attempt(60, depth=Depth.HEAD))
    assert hold.up is False
    assert (hold.reason, hold.depth) == (FailureReason.CHECKSUM_MISMATCH, Depth.FULL)
    assert heard(wrong, an_attempt(60, depth=Depth.HEAD), an_attempt(90))[0] == Hold(
        up=True, settled_ms=START + 90_000, until_ms=START + 210_000
    )


def test_a_shallow_failure_does_not_replace_a_deeper_one():
    hold, _ = heard(
        an_attempt(0, passed=False, fault=MISMATCH),
        an_attempt(60, passed=False, depth=Depth.HEAD),
    )
    assert hold.reason is FailureReason.CHECKSUM_MISMATCH
