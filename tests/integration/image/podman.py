"""Building and running images, in a store that is nobody else's."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests import real
from tests.contracts.source import ROOT

IMAGE = "localhost/delivery-probe:built"

# Limits that podman would raise, which it may not where it runs in a container itself.
_CONTAINERS = """\
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
_STORAGE = """\
[storage]
driver = "{driver}"
graphroot = "{folder}/store"
runroot = "{folder}/run"
"""


@dataclass(frozen=True, slots=True)
class Podman:
    """podman and buildah, with their images and containers in *folder*."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return what programs of podman are told by."""
        return {
            **os.environ,  # noqa: TID251 - how the network is reached from here is told by it
            "CONTAINERS_CONF": str(self.folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(self.folder / "storage.conf"),
            "BUILDAH_ISOLATION": "chroot",
            "BUILDER": "buildah",
        }

    def set_up(self) -> None:
        """Make the store, layered if the file system can do that."""
        (self.folder / "containers.conf").write_text(_CONTAINERS)
        for driver in ("overlay", "vfs"):
            storage = _STORAGE.format(driver=driver, folder=self.folder)
            (self.folder / "storage.conf").write_text(storage)
            if self.run("info").returncode == 0:
                return
            shutil.rmtree(self.folder / "store", ignore_errors=True)
        real.cannot("podman has no place for images here")

    def tear_down(self) -> None:
        """Leave nothing running, nothing mounted and nothing on the disk."""
        self.run("rm", "--all", "--force", "--volumes")
        subprocess.run(["umount", self.folder / "store/overlay"], capture_output=True, check=False)
        shutil.rmtree(self.folder)

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Return what podman did."""
        return self._run("podman", *arguments)

    def __call__(self, *arguments: str | Path) -> str:
        """Return what podman printed; fail if it failed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def build(self, image: str, base: str) -> None:
        """Build the project's image as a user does, on another base."""
        done = self._run("tools/image", f"--build-arg=BASE_IMAGE={base}", f"--tag={image}")
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]

    def _run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
