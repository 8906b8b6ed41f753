"""Every rule of the configuration file, by a file that breaks it and says what is to be told."""

from pathlib import Path

import pytest

from probe.settings import load

INVALID = sorted((Path(__file__).parent / "invalid").glob("*.yaml"))


def expected(path: Path) -> list[str]:
    _, _, told = path.read_text().partition("# faults:\n")
    return [line.removeprefix("# ") for line in told.splitlines()]


def told(path: Path) -> list[str]:
    faults = load(path)
    assert isinstance(faults, tuple), "the file was accepted"
    return [str(fault).removeprefix(f"{path}:").strip() for fault in faults]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_every_fault_is_told_at_once_with_its_place_and_what_would_be_right(path: Path):
    assert told(path) == expected(path)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_no_fault_repeats_a_secret(path: Path):
    text = "\n".join(told(path))
    assert "hunter2" not in text
    assert "12345" not in text


def test_a_file_of_nothing_but_faults_tells_five_hundred_and_how_many_more(tmp_path: Path):
    path = tmp_path / "probe.yaml"
    path.write_text("regions: [" + "1," * 1000 + "]\nproducts: []\n")
    lines = told(path)
    assert len(lines) == 501
    assert lines[-1] == "and 501 more faults"
