"""A log line holds no secret and nothing that a terminal would obey."""

import pytest

from probe.logs.redaction import HIDDEN, MAX_TEXT, redact, shown


def redacted(**event: object) -> dict[str, object]:
    return dict(redact(None, "info", dict(event)))


@pytest.mark.parametrize(
    "key",
    [
        "authorization",
        "Proxy-Authorization",
        "access_token",
        "password",
        "Set-Cookie",
        "X-Amz-Signature",
        "client_secret",
        "x-api-key",
        "aws_credentials",
    ],
)
def test_the_value_of_a_key_with_a_secret_name_is_hidden(key: str):
    assert redacted(**{key: "hunter2"}) == {key: HIDDEN}
    assert redacted(headers={key: "hunter2"}) == {"headers": {key: HIDDEN}}
    assert redacted(headers=[{key: ["hunter2"]}]) == {"headers": [{key: HIDDEN}]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://u:p@a.example/x", "https://a.example/x"),
        ("https://a.example/x?sig=hunter2", "https://a.example/x?…"),
        ("https://a.example/x#access=hunter2", "https://a.example/x?…"),
        ("HTTP://u:p@ss@a.example?x=1 then", "HTTP://a.example?… then"),
        ("socks5://u:p@proxy:1080", "socks5://proxy:1080"),
        ("Authorization: Bearer abcdef.ghi", "Authorization: Bearer [hidden]"),
        ("sent basic dXNlcjpwYXNz", "sent basic [hidden]"),
        ("a\x1b[31mb\u202ec", "a[31mbc"),
        ("one\r\ntwo", "one\ntwo"),
        ("x" * (MAX_TEXT + 1), "x" * (MAX_TEXT - 1) + "…"),
        ("12:30 all is well", "12:30 all is well"),
    ],
)
def test_text_is_shown_without_credentials_and_controls(text: str, expected: str):
    assert redacted(event=text) == {"event": expected}
    assert redacted(nested=[text]) == {"nested": [expected]}


def test_plain_values_stay_as_they_are():
    event = {"event": "probed", "bytes": 12, "ok": True, "status": None, "detail": "Größe"}
    assert redacted(**event) == event


def test_a_traceback_keeps_its_lines_and_their_indent():
    assert shown("Traceback:\n  File 'x'\n    raise\n") == "Traceback:\n  File 'x'\n    raise"


def test_what_nests_without_end_is_cut():
    endless: list[object] = []
    endless.append(endless)
    assert "…" in str(redacted(value=endless))
