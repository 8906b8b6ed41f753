"""What every test shares."""

import os

import pytest

from tests import real

# What a terminal can do must not hang on the one that the tests were started from.
os.environ["TERM"] = "xterm-256color"
for each in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
    os.environ.pop(each, None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        real.need(*mark.args)
