"""The files of this package as they are installed, stamped with another version."""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import requires
from importlib.resources import files
from importlib.resources.abc import Traversable

DISTRIBUTION = "delivery-probe"
PACKAGE = "probe"
REQUIRES_PYTHON = ">=3.11"

_VERSION_LINE = re.compile(rb'^__version__ = ".*"$', re.MULTILINE)


def package_files(version: str) -> Mapping[str, bytes]:
    """Return path -> content of every file of the package, as release *version* would hold them."""
    found = dict(sorted(_walk(files(PACKAGE), PACKAGE)))
    stamp = f'__version__ = "{version}"'.encode()
    start = f"{PACKAGE}/__init__.py"
    return {**found, start: _VERSION_LINE.sub(stamp, found[start])}


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        inner = f"{path}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _walk(entry, inner)
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            yield inner, entry.read_bytes()


def core_metadata(version: str) -> bytes:
    """Return the core metadata (version 2.1) that both a wheel and an sdist carry."""
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {DISTRIBUTION}",
        f"Version: {version}",
        "Summary: A synthetic probe for release-artifact delivery (a release of the demo)",
        f"Requires-Python: {REQUIRES_PYTHON}",
        *(f"Requires-Dist: {need}" for need in _requirements()),
    ]
    return ("\n".join(lines) + "\n").encode()


def build_file(version: str) -> bytes:
    """Return a pyproject.toml from which the sdist can be built again."""
    needs = "".join(f"    {need!r},\n" for need in _requirements())
    return f"""\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{DISTRIBUTION}"
version = "{version}"
requires-python = "{REQUIRES_PYTHON}"
dependencies = [
{needs}]

[project.scripts]
delivery-probe = "probe.cli:main"

[tool.hatch.build.targets.wheel]
packages = ["{PACKAGE}"]
""".encode()


def _requirements() -> list[str]:
    return requires(DISTRIBUTION) or []
