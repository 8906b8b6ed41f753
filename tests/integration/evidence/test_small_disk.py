"""A disk that is full, or that nobody may write to, costs time and no counts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import real

SCRIPT = Path(__file__).with_name("small_disk.py")
ROOT = Path(__file__).parents[3]
MOUNT = 'mount -t tmpfs -o size=1m tmpfs "$1" && shift && exec "$@"'

pytestmark = pytest.mark.needs("unshare", "mount")


def seen_on_a_small_disk(directory, step):
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        real.cannot("a mount namespace needs root")
    script = [sys.executable, SCRIPT, step, directory]
    answer = subprocess.run(
        ["unshare", "-m", "sh", "-c", MOUNT, "sh", directory, *script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])


def test_a_full_disk_is_waited_for_and_nothing_is_counted_twice(tmp_path):
    assert seen_on_a_small_disk(tmp_path, "full") == {
        "written": [True, False, False, True],
        "down": [False, "full"],
        "up": True,
        "attempts": 3,
        "known_ms": 120_000,
        "events": 20,
        "sound": True,
    }


def test_a_disk_that_is_full_from_the_start_is_waited_for(tmp_path):
    assert seen_on_a_small_disk(tmp_path, "full_from_the_start") == {
        "written": [False, True],
        "down": [False, "full"],
        "attempts": 1,
    }


def test_a_directory_that_cannot_be_written_to_is_waited_for(tmp_path):
    assert seen_on_a_small_disk(tmp_path, "read_only") == {
        "written": [True, False, True],
        "down": [False, "unwritable"],
        "attempts": 2,
    }
