"""What several kinds of integration tests share: the image, built once from a base made here."""

import os
from collections.abc import Iterator

import pytest

from tests import real
from tests.integration.image.base import base
from tests.integration.image.podman import IMAGE, Podman


@pytest.fixture(scope="session")
def podman(pytestconfig: pytest.Config, tmp_path_factory) -> Iterator[Podman]:
    """Give podman with the image in its store."""
    real.need("buildah", "debootstrap", "podman", "runc")
    if os.geteuid() != 0:
        real.cannot("a base image can only be made as root")
    assert pytestconfig.cache is not None
    archive = base(pytestconfig.cache.mkdir("base-image"))
    podman = Podman(tmp_path_factory.mktemp("podman"))
    podman.set_up()
    try:
        podman("import", archive, "localhost/base:made")
        podman.build(IMAGE, "localhost/base:made")
        yield podman
    finally:
        podman.tear_down()
