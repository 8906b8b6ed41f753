"""Whether a document is there, and names a version."""

import pytest

from probe.domain.paper import Found, Paper, again_after, look

PAPER = Paper("https://example.com/notes", "1.4.1")


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (200, "<h1>Widget v1.4.1</h1>", Found.NAMES),
        (200, "back to 1.4.1.", Found.NAMES),
        (200, "(1.4.1)", Found.NAMES),
        (200, "11.4.1 1.4.10 1.4.1.2 1.4.1rc1 x1.4.1 2.1.4.1", Found.SILENT),
        (200, "\n \t", Found.EMPTY),
        (404, "1.4.1", Found.ABSENT),
        (410, "1.4.1", Found.ABSENT),
    ],
)
def test_a_document_names_exactly_its_version_or_does_not(status, body, found):
    assert look(PAPER, status, body.encode()) is found


@pytest.mark.parametrize("status", [204, 206, 401, 403, 429, 500, 503])
def test_of_a_document_that_is_refused_nothing_is_known(status):
    assert look(PAPER, status, b"1.4.1") is None


@pytest.mark.parametrize(
    ("found", "lacking_seconds", "seconds"),
    [
        (Found.NAMES, 0, 3600),
        (Found.ABSENT, 0, 60),
        (Found.SILENT, 3599, 60),
        (None, 3599, 60),
        (Found.EMPTY, 3600, 3600),
        (None, 3600, 600),
    ],
)
def test_what_lacks_is_read_again_soon_and_the_longer_it_does_the_later(
    found, lacking_seconds, seconds
):
    assert again_after(found, lacking_seconds) == seconds


def test_what_is_no_text_is_read_as_far_as_it_is():
    assert look(PAPER, 200, b"\xff\xfe v1.4.1 \x80") is Found.NAMES


def test_a_version_is_not_a_pattern_and_its_v_is_optional():
    assert look(Paper("https://x", "v1.4.1"), 200, b"1.4.1") is Found.NAMES
    assert look(Paper("https://x", "1.4+1"), 200, b"1.44441") is Found.SILENT


@pytest.mark.parametrize(
    ("found", "there"),
    [(Found.NAMES, True), (Found.SILENT, True), (Found.EMPTY, False), (Found.ABSENT, False)],
)
def test_there_is_something_to_read_or_nothing(found, there):
    assert found.there is there


def test_in_the_ledger_a_document_is_no_url():
    assert PAPER.key == (Paper(PAPER.url, "2").subject, "1.4.1")
    assert "example" not in str(PAPER.subject)
