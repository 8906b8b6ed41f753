import pytest

from probe.demo.files import File, answer, content_type
from tests.builders import NOON

FILE = File(b"0123456789", "application/gzip", NOON)
MODIFIED = "Thu, 20 Aug 2026 12:00:00 GMT"


def asked(method: str = "GET", **headers: str):
    return answer(FILE, method, {name.replace("_", "-"): text for name, text in headers.items()})


def test_a_get_has_the_whole_body_its_length_and_its_validators():
    got = asked()
    assert (got.status, bytes(got.body)) == (200, FILE.body)
    assert got.headers == {
        "ETag": FILE.etag,
        "Last-Modified": MODIFIED,
        "Accept-Ranges": "bytes",
        "Content-Type": "application/gzip",
        "Content-Length": "10",
    }


@pytest.mark.parametrize(
    ("text", "body", "content_range"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=-99", FILE.body, "bytes 0-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_a_range_has_its_bytes_and_says_where_they_stand(text, body, content_range):
    got = asked(Range=text)
    assert (got.status, bytes(got.body)) == (206, body)
    assert got.headers["Content-Range"] == content_range
    assert got.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("text", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_beyond_the_end_is_416_with_the_size(text):
    got = asked(Range=text)
    assert (got.status, bytes(got.body)) == (416, b"")
    assert got.headers["Content-Range"] == "bytes */10"


@pytest.mark.parametrize("text", ["bytes=5-2", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes"])
def test_a_range_that_is_not_understood_is_ignored(text):
    assert asked(Range=text).status == 200


def test_a_head_has_no_ranges():
    assert asked("HEAD", Range="bytes=0-3").status == 200


@pytest.mark.parametrize("validator", [FILE.etag, MODIFIED])
def test_a_range_of_the_same_file_is_given(validator):
    assert asked(Range="bytes=0-3", If_Range=validator).status == 206


@pytest.mark.parametrize("validator", ['"other"', "Thu, 20 Aug 2026 11:59:59 GMT"])
def test_a_range_of_another_file_is_answered_with_all_of_this_one(validator):
    assert asked(Range="bytes=0-3", If_Range=validator).status == 200


def test_a_file_that_the_client_has_is_not_sent_again():
    got = asked(If_None_Match=FILE.etag)
    assert (got.status, bytes(got.body)) == (304, b"")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.whl", "application/zip"),
        ("a.tar.gz", "application/gzip"),
        ("SHA256SUMS", "application/octet-stream"),
    ],
)
def test_the_media_type_goes_by_the_name(name, kind):
    assert content_type(name) == kind
