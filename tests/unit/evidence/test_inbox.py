"""What waits to be written."""

from probe.evidence.inbox import MOST_LETTERS, Inbox, Letter
from tests.ledgers import EVENT, an_attempt


def test_attempts_are_taken_out_once_and_in_order():
    inbox = Inbox(10)
    attempts = [an_attempt(second) for second in range(3)]
    for attempt in attempts:
        inbox.put(attempt)
    assert list(inbox.take_attempts()) == attempts
    assert list(inbox.take_attempts()) == []


def test_of_many_plans_the_last_one_counts_once():
    inbox = Inbox(10)
    inbox.put_plan(frozenset({"a"}))
    inbox.put_plan(frozenset({"b"}))
    assert inbox.take_plan() == {"b"}
    assert inbox.take_plan() is None


def test_a_letter_that_is_put_off_stays_and_a_flush_does_not():
    inbox, letter, flush = Inbox(10), Letter((EVENT,)), Letter(())
    inbox.put_letter(letter)
    inbox.put_letter(flush)
    inbox.put_off()
    assert [each.kept.result(0) for each in (letter, flush)] == [False, False]
    assert inbox.letters() == (letter,)
    inbox.delivered([letter])
    assert inbox.letters() == ()


def test_a_letter_too_many_is_refused_at_once():
    inbox = Inbox(10)
    for _ in range(MOST_LETTERS):
        inbox.put_letter(Letter((EVENT,)))
    refused = Letter((EVENT,))
    inbox.put_letter(refused)
    assert refused.kept.result(0) is False
    assert len(inbox.letters()) == MOST_LETTERS
