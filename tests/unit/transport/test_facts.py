"""What is kept of an answer's headers."""

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from probe.transport.facts import KEPT, kept


def of(*headers: tuple[str, str]) -> dict[str, str]:
    return dict(kept(CIMultiDictProxy(CIMultiDict(headers))))


@pytest.mark.parametrize(
    "name", ["set-cookie", "location", "authorization", "proxy-authorization", "cookie", "link"]
)
def test_what_may_let_others_in_is_not_kept(name):
    assert name not in KEPT
    assert of((name.title(), "hush")) == {}


def test_names_are_in_lower_case_and_repeats_joined():
    assert of(("Via", "1.1 a"), ("VIA", "1.1 b")) == {"via": "1.1 a, 1.1 b"}


def test_values_are_cleaned_and_cut():
    assert of(("ETag", "a" * 300), ("Server", "a\x07b")) == {
        "etag": "a" * 255 + "…",
        "server": "ab",
    }
