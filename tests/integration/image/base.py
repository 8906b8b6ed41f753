"""A base image made here, from packages alone: Debian's slim image without a registry of images."""

import platform
import shutil
import subprocess
from pathlib import Path

from tests import real

# The release that the Dockerfile starts from.
_SUITE = "trixie"
_ROOTS = Path("/etc/ssl/certs/ca-certificates.crt")
# What the slim images leave out too.
_LEFT_OUT = ("usr/share/doc", "usr/share/locale", "usr/share/man", "var/cache/apt", "var/lib/apt")


def base(kept: Path) -> Path:
    """Return the archive of a minimal system, from *kept* if it was made before."""
    archive = kept / f"{_suite()}.tar"
    if not archive.exists():
        root = kept / "root"
        shutil.rmtree(root, ignore_errors=True)
        _bootstrap(root)
        half = archive.with_suffix(".part")
        tar = ["tar", "--directory", root, "--numeric-owner", "--create", "--file", half]
        subprocess.run([*tar, *(f"--exclude=./{each}/*" for each in _LEFT_OUT), "."], check=True)
        half.rename(archive)
        shutil.rmtree(root)
    return archive


def _bootstrap(root: Path) -> None:
    options = ["--variant=minbase", "--include=ca-certificates", f"--components={_components()}"]
    command = ["debootstrap", *options, _suite(), str(root), _mirror()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        real.cannot(f"debootstrap cannot make a base image: {done.stdout[-300:]}")
    (root / "etc/dpkg/dpkg.cfg.d/image").write_text("force-unsafe-io\n")
    if _ROOTS.exists():
        # What is downloaded while the image is built may come by way of a company's own proxy.
        shutil.copy(_ROOTS, root / _ROOTS.relative_to("/"))


def _suite() -> str:
    system = platform.freedesktop_os_release()
    return _SUITE if system["ID"] == "debian" else system["VERSION_CODENAME"]


def _components() -> str:
    # Ubuntu's main holds no venv.
    return "main" if platform.freedesktop_os_release()["ID"] == "debian" else "main,universe"


def _mirror() -> str:
    """Return the mirror that this machine installs its own packages from."""
    own = platform.freedesktop_os_release()["VERSION_CODENAME"]
    listing = ["apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)"]
    listed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    mirrors = [uri for suite, uri in map(str.split, listed.splitlines()) if suite == own]
    return mirrors[0] if mirrors else real.cannot(f"apt knows no mirror of {own}")
