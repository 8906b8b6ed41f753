"""What the first bytes of a body say it is."""

import pytest

from probe.domain.content import has_wrong_magic, is_html, page_title


@pytest.mark.parametrize(
    "sample",
    [
        b"<html>",
        b"\xef\xbb\xbf <!DOCTYPE html>",
        b"<!-- a --><!-- b -->\n<HEAD>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "">',
        b"<body class=x>",
    ],
)
def test_a_page_is_known_by_how_it_begins(sample):
    assert is_html("widget.tar.gz", "application/octet-stream", sample)


@pytest.mark.parametrize(
    "sample",
    [b"<htmlx>", b"<svg>", b"<?xml?><rss>", b"MZ<html>", b"<!-- --", b"", b"<!---->" * 9000],
)  # fmt: skip
def test_other_text_is_no_page(sample):
    assert not is_html("widget.bin", "application/octet-stream", sample)


@pytest.mark.parametrize("kind", ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"])
def test_a_page_is_known_by_its_type(kind):
    assert is_html("widget.bin", kind, b"\x00")


def test_a_page_that_is_asked_for_is_no_surprise():
    assert not is_html("index.HTML", "text/html", b"<html>")


@pytest.mark.parametrize(
    ("sample", "title"),
    [
        (b"<html><title lang=en>Sign\n  in</title>", "Sign in"),
        (b"<TITLE>\x1b[31mred", "[31mred"),
        (b"<title>" + b"a" * 900, "a" * 119 + "…"),
        (b"<p>none</p>", ""),
        (b"<title>\xff\xfe</title>", "\ufffd\ufffd"),
    ],
)
def test_a_title_is_cleaned_and_cut(sample, title):
    assert page_title(sample) == title


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (b"No access for Bearer glpat-1234567890", "No access for Bearer [hidden]"),
        (b"Authorization: Basic\0 dXNlcjpwdw==", "Authorization: Basic [hidden]"),
        (b"Expired: https://u:p@h/a?X-Amz-Signature=5e", "Expired: https://h/a?…"),
    ],
)
def test_a_title_repeats_no_secret(title, shown):
    assert page_title(b"<title>" + title + b"</title>") == shown


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("w.tar.gz", b"PK\x03\x04"),
        ("w.zip", b"\x1f\x8b"),
        ("w.deb", b"<?xml"),
        ("W.EXE", b"\x7fELF"),
        ("w.tar.xz", b"\x1f"),
    ],
)
def test_bytes_that_cannot_begin_such_a_file_are_seen(name, sample):
    assert has_wrong_magic(name, sample)


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("w.tar.gz", b"\x1f\x8b\x08"),
        ("w.tar.gz", b"\x1f"),
        ("w.tar.gz", b""),
        ("w.whl", b"PK\x05\x06"),
        ("w.apk", b"\x1f\x8b"),
        ("w.apk", b"PK\x03\x04"),
        ("w.pkg", b"xar!"),
        ("w.pkg", b"\x28\xb5\x2f\xfd"),
        ("w.zst", b"\x5a\x2a\x4d\x18"),
        ("w.bin", b"anything"),
        ("SHA256SUMS", b"<html>"),
    ],
)
def test_bytes_that_may_begin_such_a_file_are_let_be(name, sample):
    assert not has_wrong_magic(name, sample)
