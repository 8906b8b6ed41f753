"""URLs, byte for byte."""

import pytest

from probe.domain.link import Link, link, without_dot_segments


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("http://h", "http://h/"),
        ("HTTP://H:80/A?b#c", "http://h/A?b"),
        ("https://h:443?", "https://h/?"),
        ("https://h:80/", "https://h:80/"),
        ("http://user:word@h/a@b", "http://h/a@b"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://h/a%2fb%2Fc?d=%7e~&e=a+b", "http://h/a%2fb%2Fc?d=%7e~&e=a+b"),
        ("http://h/a b\u20ac", "http://h/a%20b%E2%82%AC"),
        ("http://h/./a/../b", "http://h/./a/../b"),
    ],
)
def test_a_url_is_asked_for_as_it_stands(text, asked):
    assert str(Link.parse(text)) == asked
    assert link(text) is link(text)


@pytest.mark.parametrize(
    "text",
    ["", "h/a", "ftp://h", "http:", "http:h", "http://", "http://:1/", "http://h:0/", "http://h:x/",
     "http://h:65536/", "http://a b/", "http://[::1/", "http://h\n/", "http://h/\x7f", "http://%41/"],
)  # fmt: skip
def test_what_leads_nowhere_is_no_link(text):
    with pytest.raises(ValueError, match=r"."):
        Link.parse(text)


def test_a_link_is_shown_without_what_may_be_secret():
    assert Link.parse("https://user:hush@h:8443/a?sig=hush#hush").shown == "https://h:8443/a"


# RFC 3986 section 5.4, less the references to other schemes and with no fragments kept.
@pytest.mark.parametrize(
    ("reference", "goal"),
    [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"),
        (";x", "http://a/b/c/;x"), ("g;x?y#s", "http://a/b/c/g;x?y"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"),
        ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("http://o/p?q", "http://o/p?q"),
    ],
)  # fmt: skip
def test_a_reference_leads_where_rfc_3986_says(reference, goal):
    assert str(Link.parse("http://a/b/c/d;p?q").join(reference)) == goal


def test_dot_segments_never_lead_above_the_root():
    assert without_dot_segments("/../../a/b/../..") == "/"
