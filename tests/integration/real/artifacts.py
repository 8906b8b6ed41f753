"""Real artifacts from where they are published, with the digests that are published there."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.real import cannot

NEWEST, PREVIOUS = "0.3.2", "0.3.1"
DEBIAN_PACKAGES = ("hello", "netbase")

# What the package index publishes beside the wheels.
_SUMS = Path(__file__).with_name("wheels.sha256")
_TAGS = {
    "linux/amd64": "manylinux2014_x86_64",
    "linux/arm64": "manylinux2014_aarch64",
    "darwin/arm64": "macosx_11_0_arm64",
    "windows/amd64": "win_amd64",
}


@dataclass(frozen=True)
class Published:
    """A file as its publisher has it; ``platform`` is ``os/arch``, or ``any``."""

    path: Path
    version: str
    platform: str
    sha256: str

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def is_here(self) -> bool:
        if not self.path.exists():
            return False
        return hashlib.sha256(self.path.read_bytes()).hexdigest() == self.sha256


def wheels(folder: Path) -> list[Published]:
    """Return two releases of a package for four platforms, fetched from the package index."""
    published = list(_wheels(folder))
    for wheel in published:
        if not wheel.is_here():
            _fetch_wheel(wheel)
    return published


def debian_packages(folder: Path) -> list[Published]:
    """Return two small packages of the system's own release, fetched with apt."""
    apt = _Apt(folder)
    published = [apt.published(name) for name in DEBIAN_PACKAGES]
    for package, name in zip(published, DEBIAN_PACKAGES, strict=True):
        if not package.is_here():
            apt.run("apt-get", "download", "-qq", name)
    return published


def _wheels(folder: Path) -> Iterator[Published]:
    for line in _SUMS.read_text().splitlines():
        digest, name = line.split()
        version = name.split("-")[1]
        platform = next(platform for platform, tag in _TAGS.items() if tag in name)
        yield Published(folder / name, version, platform, digest)


def _fetch_wheel(wheel: Published) -> None:
    requirement = wheel.path.with_suffix(".txt")
    requirement.write_text(f"propcache=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    which = ["--only-binary=:all:", "--python-version=3.12", f"--platform={_TAGS[wheel.platform]}"]
    where = ["--require-hashes", f"--requirement={requirement}", f"--dest={wheel.path.parent}"]
    _run([*download, *which, *where], wheel.path.parent, "the package index gave no wheel")


class _Apt:
    """apt with lists of its own, so that the system's stay as they are and nobody need be root."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        lists, cache = folder / "lists", folder / "cache"
        (lists / "partial").mkdir(parents=True, exist_ok=True)
        (cache / "archives" / "partial").mkdir(parents=True, exist_ok=True)
        self._options = [
            f"--option=Dir::State::lists={lists}",
            f"--option=Dir::Cache={cache}",
            "--option=APT::Sandbox::User=root",
        ]
        if not any(lists.glob("*Packages*")):
            self.run("apt-get", "update", "-qq")

    def run(self, program: str, *words: str) -> str:
        return _run([program, *self._options, *words], self._folder, f"{program} failed")

    def published(self, name: str) -> Published:
        record = self.run("apt-cache", "show", "--no-all-versions", name)
        fields = dict(re.findall(r"^(Filename|Version|SHA256): (.*)$", record, re.MULTILINE))
        path = self._folder / Path(fields["Filename"]).name
        return Published(path, fields["Version"], "any", fields["SHA256"])


def _run(command: list[str], folder: Path, fault: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        cannot(f"{fault}: {done.stderr.strip()[-300:]}")
    return done.stdout
