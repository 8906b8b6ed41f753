"""Real programs and places that a test cannot do without, and what happens where they are not."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

# Daemons live in sbin, which is not on everybody's path; what tools/ builds is the project's own.
_TOOLS = str(Path(__file__).resolve().parents[1] / ".tools/bin")
_PATH = os.pathsep.join([_TOOLS, os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])  # noqa: TID251 - as above


def program(name: str) -> str | None:
    """Return where the program is."""
    return shutil.which(name, path=_PATH)


def cannot(reason: str) -> NoReturn:
    """End a test that cannot have what it needs: skipped, or failed with ``REQUIRE_REAL=1``."""
    if os.environ.get("REQUIRE_REAL") == "1":  # noqa: TID251 - as above
        pytest.fail(f"REQUIRE_REAL=1, but {reason}", pytrace=False)
    pytest.skip(reason)


def need(*programs: str) -> None:
    """Go on only where all of *programs* are installed."""
    absent = [name for name in programs if program(name) is None]
    if absent:
        cannot(f"{', '.join(absent)} is not installed (make test does it, as root)")
