"""JSON from outside."""

import pytest

from probe.domain.json_text import load


def test_a_document_is_its_value():
    assert load(b'{"a": [1, 2.5, null]}') == {"a": [1, 2.5, None]}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON: Expecting value"),
        (b"<html>", "not JSON: Expecting value"),
        (b'{"a": 1, "a": 2}', "not JSON: an object has the same key twice"),
        (b"[NaN]", "not JSON: NaN is not a JSON number"),
        (b"1" * 31, "not JSON: a number of 31 digits"),
        (b"[" * 100_000, "JSON that is nested too deeply"),
        (b"\xff", "not JSON: "),
    ],
)
def test_what_is_no_document_is_refused(body, why):
    with pytest.raises(ValueError, match=f"^{why}"):
        load(body)
