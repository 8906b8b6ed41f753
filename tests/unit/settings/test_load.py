"""What can be wrong with a file before its content is."""

import codecs
import os
from pathlib import Path
from threading import Thread

import pytest
import yaml

from probe.settings import Settings, load
from probe.settings.document import MAX_DEPTH, read
from tests.unit.settings.valid import VALID, faults, settings


def told(path: Path) -> list[str]:
    found = load(path)
    assert isinstance(found, tuple)
    return [str(fault) for fault in found]


def test_a_file_is_loaded(tmp_path: Path):
    path = tmp_path / "probe.yaml"
    path.write_text(VALID)
    assert load(path) == settings()


def test_a_relative_secret_belongs_to_the_folder_of_the_file(tmp_path: Path):
    path = tmp_path / "probe.yaml"
    path.write_text(VALID.replace("interval: 30s\n", "auth: {kind: bearer, token: {file: t}}\n"))
    (tmp_path / "t").write_text("s3cret\n")
    found = load(path)
    assert isinstance(found, Settings)
    assert found.products[0].auth["cdn"].token.read() == "s3cret"


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path):
    path = tmp_path / "probe.yaml"
    assert told(path) == [f"{path}: there is no such file; --config or PROBE_CONFIG names another"]


def test_a_directory_is_one_line(tmp_path: Path):
    assert told(tmp_path) == [f"{tmp_path}: is a directory, not a file"]


def test_what_is_no_path_is_one_line():
    assert told(Path("a\0b")) == ["ab: is not a path"]


def test_a_file_below_a_file_is_one_line(tmp_path: Path):
    (tmp_path / "file").touch()
    assert told(tmp_path / "file" / "a") == [f"{tmp_path}/file/a: cannot be read: Not a directory"]


def test_a_file_larger_than_one_mebibyte_is_not_read_whole(tmp_path: Path):
    path = tmp_path / "probe.yaml"
    path.write_bytes(b"#" * (1024 * 1024 + 1))
    assert told(path) == [f"{path}: is larger than 1 MiB"]


def test_a_pipe_is_read_to_its_end(tmp_path: Path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = Thread(target=path.write_text, args=(VALID,))
    writer.start()
    assert load(path) == settings()
    writer.join()


def test_a_pipe_to_which_nobody_writes_is_not_waited_for(tmp_path: Path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    (fault,) = load(path, pipe_seconds=0.01)
    assert str(fault) == f"{path}: cannot be read: nothing comes from the pipe"


def test_a_byte_order_mark_is_no_fault():
    assert isinstance(settings("\ufeff" + VALID), Settings)


def test_windows_line_ends_are_no_fault():
    assert settings(VALID.replace("\n", "\r\n")).content_hash == settings().content_hash


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "probe.yaml: is empty; it must hold at least regions and products"),
        (b"# nothing\n", "probe.yaml: is empty; it must hold at least regions and products"),
        (
            codecs.BOM_UTF16_LE + "a: 1".encode("utf-16-le"),
            "probe.yaml:1:1: is UTF-16; save it as UTF-8",
        ),
        (
            "a: ä\nb: ö\n".encode("latin-1"),
            "probe.yaml:1:4: is not UTF-8 here; save the file as UTF-8",
        ),
        (
            b"a: 1\nb: \xff\n",
            "probe.yaml:2:4: is not UTF-8 here; save the file as UTF-8",
        ),
        (b"a: 1\nb\0: 1\n", "probe.yaml:2:2: the character U+0000 cannot stand in YAML"),
        (b"a: 1\n\x1b[31m\n", "probe.yaml:2:1: the character U+001B cannot stand in YAML"),
        (b"just a text", "probe.yaml:1:1: must be a mapping, as in key: value"),
        (b"~", "probe.yaml:1:1: must be a mapping, as in key: value; it has no value"),
    ],
)
def test_what_is_no_configuration_is_one_line(raw: bytes, fault: str):
    assert faults(raw) == [fault]


def test_what_nests_too_deep_is_refused_before_it_costs_anything():
    [fault] = faults("a: " + "[" * 100_000)
    assert fault.endswith(f": nested more than {MAX_DEPTH} levels deep")


def test_aliases_that_multiply_are_counted_in_full():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for name, below in zip("bcdefgh", "abcdefg", strict=True):
        lines.append(f"{name}: &{name} [{', '.join(['*' + below] * 10)}]")
    assert faults("\n".join(lines)) == [
        "probe.yaml:5:4: e: more than 100000 values, aliases counted in full"
    ]


def test_an_alias_within_its_own_anchor_is_refused():
    assert faults("a: &a [*a]") == [
        "probe.yaml:1:8: a[0]: an alias (*) of an anchor (&) that is not defined before it"
    ]


def test_half_a_surrogate_pair_is_no_text_where_libyaml_does_not_refuse_it_first():
    text = 'a: "\\ud800"\n"\\udc00": 1\n'
    _, found = read(text, "probe.yaml", loader=yaml.SafeLoader)
    assert [str(fault) for fault in found] == [
        "probe.yaml:1:4: a: holds half a surrogate pair, which is not text",
        "probe.yaml:2:1: a key holds half a surrogate pair, which is not text",
    ]


def test_both_parsers_read_the_same():
    [(fast, _), (slow, _)] = (
        read(VALID, "probe.yaml", loader=loader) for loader in (yaml.CSafeLoader, yaml.SafeLoader)
    )
    assert fast is not None
    assert slow is not None
    assert fast.plain == slow.plain == yaml.safe_load(VALID)


def test_a_number_too_large_for_anything_is_a_text():
    text = VALID.replace("interval: 30s", "max_redirects: " + "9" * 5000)
    assert faults(text) == [
        "probe.yaml:20:24: products[0].endpoints[1].max_redirects: must be a whole number"
    ]
