"""Secrets are references: what they lead to is read on use and is shown nowhere."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from probe.ports import SecretUnavailable
from probe.secret import MAX_SECRET_BYTES, SecretRef


def unavailable(ref: SecretRef) -> str:
    with pytest.raises(SecretUnavailable) as caught:
        ref.read()
    return str(caught.value)


def test_a_file_is_read_again_on_every_use(tmp_path: Path):
    path = tmp_path / "token"
    ref = SecretRef(file=str(path))
    path.write_text("first\n")
    assert ref.read() == "first"
    path.write_text("second\r\n")
    assert ref.read() == "second"


def test_only_one_newline_at_the_end_is_not_part_of_the_secret(tmp_path: Path):
    path = tmp_path / "token"
    path.write_bytes(b" a \n\n")
    assert SecretRef(file=str(path)).read() == " a \n"


def test_a_variable_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WIDGET_TOKEN", "s3cret")
    assert SecretRef(env="WIDGET_TOKEN").read() == "s3cret"


def test_a_variable_that_is_not_set_is_named():
    text = unavailable(SecretRef(env="NO_SUCH_TOKEN"))
    assert text == "environment variable NO_SUCH_TOKEN is not set"


def test_a_variable_that_is_not_utf_8_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WIDGET_TOKEN", os.fsdecode(b"\xff"))
    text = unavailable(SecretRef(env="WIDGET_TOKEN"))
    assert text == "environment variable WIDGET_TOKEN is not UTF-8"


def test_each_file_that_holds_no_secret_is_named_with_its_reason(tmp_path: Path):
    empty, long, binary = tmp_path / "empty", tmp_path / "long", tmp_path / "binary"
    empty.write_text("\n")
    long.write_bytes(b"a" * (MAX_SECRET_BYTES + 1))
    binary.write_bytes(b"\xff\xfe")
    os.mkfifo(tmp_path / "pipe")
    reasons = {
        "missing": ": No such file or directory",
        "empty": " is empty",
        "long": " is longer than 65536 bytes",
        "binary": " is not UTF-8",
        "pipe": " is not a regular file",
        ".": " is not a regular file",
    }
    for name, reason in reasons.items():
        path = str(tmp_path / name)
        assert unavailable(SecretRef(file=path)) == f"secret file {path}{reason}"


def test_a_secret_for_a_header_holds_no_line_break(tmp_path: Path):
    path = tmp_path / "token"
    path.write_text("abc\r\nX-Evil: 1")
    with pytest.raises(SecretUnavailable) as caught:
        SecretRef(file=str(path)).read_visible()
    assert str(caught.value) == f"secret file {path} holds characters that a header cannot carry"


@pytest.mark.parametrize(
    "given",
    ["hunter2", 12345, ["hunter2"], {"hunter2": None}, {"env": "A", "file": "b"}, {}, None],
)
def test_anything_but_one_reference_is_refused_and_not_repeated(given: object):
    with pytest.raises(ValidationError) as caught:
        SecretRef.model_validate(given)
    assert caught.value.error_count() == 1
    assert "{env: NAME} or {file: PATH}" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "12345" not in str(caught.value)


def test_a_reference_may_be_made_in_code():
    ref = SecretRef(env="WIDGET_TOKEN")
    assert SecretRef.model_validate(ref) == ref


def test_a_relative_file_belongs_to_the_folder_of_the_configuration():
    context = {"directory": "/etc/delivery-probe"}
    ref = SecretRef.model_validate({"file": "tokens/a"}, context=context)
    assert ref.file == "/etc/delivery-probe/tokens/a"
    assert SecretRef.model_validate({"file": "/run/b"}, context=context).file == "/run/b"


def test_a_reference_shows_where_and_never_what(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WIDGET_TOKEN", "s3cret")
    ref = SecretRef(env="WIDGET_TOKEN")
    ref.read()
    assert str(ref) == "environment variable WIDGET_TOKEN"
    assert repr(ref) == "SecretRef(env='WIDGET_TOKEN', file='')"
    assert ref.model_dump(exclude_defaults=True) == {"env": "WIDGET_TOKEN"}
