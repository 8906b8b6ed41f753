"""What every test shares."""

import pytest

from tests import real


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        real.need(*mark.args)
