"""The real promtool, where it is installed."""

import os
import shutil

import pytest


def promtool() -> str:
    """Return its path; without it the test is skipped, or fails where REQUIRE_REAL is set."""
    path = shutil.which("promtool")
    if path is None:
        required = os.environ.get("REQUIRE_REAL") == "1"  # noqa: TID251 - says what must be there
        say = pytest.fail if required else pytest.skip
        say("promtool is not installed (Debian package: prometheus)")
    return path
