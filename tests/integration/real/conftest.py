"""Real artifacts, fetched once and kept between runs."""

from pathlib import Path

import pytest

from tests import real
from tests.integration.real import artifacts


@pytest.fixture(scope="session")
def published_wheels(pytestconfig: pytest.Config) -> list[artifacts.Published]:
    return artifacts.wheels(_kept(pytestconfig))


@pytest.fixture(scope="session")
def published_packages(pytestconfig: pytest.Config) -> list[artifacts.Published]:
    real.need("apt-get")
    return artifacts.debian_packages(_kept(pytestconfig))


def _kept(config: pytest.Config) -> Path:
    assert config.cache is not None
    return config.cache.mkdir("real-artifacts")
