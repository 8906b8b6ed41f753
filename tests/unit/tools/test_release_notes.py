"""What a release says of itself is what the changelog says of its version."""

import subprocess
from pathlib import Path

import pytest

from tests.contracts.source import ROOT

CHANGELOG = """\
# Changelog

## [Unreleased]

## [1.4.2] - 2026-08-20

- [BUGFIX] One.

- [FEATURE] Two.

## [1.4.20] - 2026-08-19

- [CHANGE] Three.
"""


def notes(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    (folder / "changelog").write_text(CHANGELOG)
    command = [ROOT / "tools/release-notes", version]
    where = {"PATH": "/usr/bin:/bin", "CHANGELOG": str(folder / "changelog")}
    return subprocess.run(command, env=where, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("1.4.2", "- [BUGFIX] One.\n\n- [FEATURE] Two.\n\n"),
        ("1.4.20", "- [CHANGE] Three.\n"),
    ],
)
def test_the_notes_of_a_version_are_its_entries(version, text, tmp_path):
    assert notes(tmp_path, version).stdout == text


@pytest.mark.parametrize("version", ["Unreleased", "1.4.3"])
def test_a_version_of_which_nothing_is_said_has_no_notes(version, tmp_path):
    done = notes(tmp_path, version)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"release-notes: CHANGELOG.md says nothing of {version}\n"
