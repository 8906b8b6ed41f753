"""Text from outside, made fit to be shown."""

import pytest

from probe.domain.text import clean


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("  two  words\n", "two words"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\u202eb\u200bc", "abc"),
        ("a\u00a0b\u2028c\td", "a b c d"),
        ("b\u00fccher \ud800", "bücher"),
        ("", ""),
    ],
)
def test_what_a_terminal_could_obey_is_gone(text, shown):
    assert clean(text) == shown


def test_long_text_is_cut_and_says_so():
    assert clean("a" * 300, 10) == "a" * 9 + "…"


def test_text_that_fits_exactly_is_not_cut():
    assert clean("a" * 10, 10) == "a" * 10


def test_little_is_looked_at_however_long_the_text_is():
    assert clean("\0" * 80 + "a", 10) == ""
