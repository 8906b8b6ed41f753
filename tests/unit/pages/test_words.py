"""How numbers, times and states are told to people."""

from datetime import timedelta

import pytest

from probe.pages import words
from tests.builders import NOON


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (None, "unknown"),
        (1.0, "100 %"),
        (0.0, "0 %"),
        (0.9995, "99.95 %"),
        (0.5, "50 %"),
        (0.99999, "99.99 %"),
        (0.999999999, "99.99 %"),
    ],
)
def test_a_share_is_never_rounded_up_to_the_whole(ratio, said):
    assert words.percent(ratio) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (None, "unknown"),
        (0.0, "0 s"),
        (0.012, "12 ms"),
        (3.4, "3.4 s"),
        (60.0, "1 min"),
        (5400.0, "1.5 h"),
        (3 * 86400.0, "3 d"),
    ],
)
def test_a_time_is_told_in_the_unit_that_fits(span, said):
    assert words.seconds(span) == said


@pytest.mark.parametrize(
    ("bytes_", "said"), [(None, "unknown"), (5, "5 B"), (1536, "1.5 KiB"), (1 << 31, "2.0 GiB")]
)
def test_a_size_is_told_in_the_unit_that_fits(bytes_, said):
    assert words.size(bytes_) == said


def test_a_moment_is_told_both_as_it_is_and_as_so_long_ago():
    at = (NOON - timedelta(minutes=3)).isoformat()
    assert words.moment(at, NOON) == (
        f'<time datetime="{at}"><span class="ago">3 min ago</span> '
        '<span class="at">2026-08-20 11:57:00 UTC</span></time>'
    )


def test_a_moment_to_come_is_not_ago():
    at = (NOON + timedelta(hours=2)).isoformat()
    assert '<span class="ago">in 2 h</span>' in words.moment(at, NOON)


def test_what_never_was_is_told_so():
    assert words.moment(None, NOON) == '<span class="unknown">never</span>'


@pytest.mark.parametrize(
    ("word", "kind"),
    [("pass", "good"), ("down", "bad"), ("pending", "warn"), (None, "unknown"), ("x", "unknown")],
)
def test_a_state_has_a_sign_beside_its_colour(word, kind):
    shown = words.state(word)
    assert f'class="state {kind}"' in shown
    assert words._SIGNS[kind] in shown


def test_a_state_escapes_what_it_is_told():
    assert "<b>" not in words.state("fail", "<b>")


@pytest.mark.parametrize(
    ("part", "quoted"),
    [("a/b@c", "a%2Fb%40c"), ("..", "%2E%2E"), (".", "%2E"), ("a?b#c", "a%3Fb%23c")],
)
def test_a_part_of_an_address_leads_nowhere_else(part, quoted):
    assert words.quoted(part) == quoted
