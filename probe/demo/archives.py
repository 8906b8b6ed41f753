"""Wheels, sdists and platform archives: the same files always give the same bytes."""

import base64
import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping

from probe.demo.source import build_file, core_metadata

_EPOCH = (2026, 1, 1, 0, 0, 0)
_EPOCH_SECONDS = 1767225600
_EXECUTABLE = 0o755
_READABLE = 0o644
_STEM = "delivery_probe"
_LAUNCHERS = {
    "unix": (
        "delivery-probe",
        b'#!/bin/sh\nPYTHONPATH="$(dirname "$0")/lib" exec python3 -m probe "$@"\n',
    ),
    "windows": (
        "delivery-probe.cmd",
        b'@echo off\r\nset "PYTHONPATH=%~dp0lib"\r\npython -m probe %*\r\n',
    ),
}
_START_SCRIPTS = frozenset(name for name, _ in _LAUNCHERS.values())


def wheel(version: str, sources: Mapping[str, bytes]) -> bytes:
    """Return a wheel (binary distribution format 1.0) of *sources*."""
    info = f"{_STEM}-{version}.dist-info"
    content = {
        **sources,
        f"{info}/METADATA": core_metadata(version),
        f"{info}/WHEEL": (
            b"Wheel-Version: 1.0\nGenerator: delivery-probe demo\n"
            b"Root-Is-Purelib: true\nTag: py3-none-any\n"
        ),
        f"{info}/entry_points.txt": b"[console_scripts]\ndelivery-probe = probe.cli:main\n",
    }
    return _zip({**content, f"{info}/RECORD": _record(content, f"{info}/RECORD")})


def sdist(version: str, sources: Mapping[str, bytes]) -> bytes:
    """Return a source distribution of *sources* with its PKG-INFO and build file."""
    content = {
        "PKG-INFO": core_metadata(version),
        "pyproject.toml": build_file(version),
        **sources,
    }
    return _tar(f"{_STEM}-{version}", content)


def unix_archive(stem: str, sources: Mapping[str, bytes]) -> bytes:
    """Return a .tar.gz with a start script, all of it under the folder *stem*."""
    return _tar(stem, _with_launcher("unix", sources))


def windows_archive(stem: str, sources: Mapping[str, bytes]) -> bytes:
    """Return a .zip with a start script, all of it under the folder *stem*."""
    content = _with_launcher("windows", sources)
    return _zip({f"{stem}/{path}": body for path, body in content.items()})


def _with_launcher(system: str, sources: Mapping[str, bytes]) -> dict[str, bytes]:
    name, script = _LAUNCHERS[system]
    return {name: script, **{f"lib/{path}": body for path, body in sources.items()}}


def _record(content: Mapping[str, bytes], own_path: str) -> bytes:
    lines = [f"{path},sha256={_urlsafe(body)},{len(body)}" for path, body in content.items()]
    return "\n".join([*lines, f"{own_path},,", ""]).encode()


def _urlsafe(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


def _mode(path: str) -> int:
    return _EXECUTABLE if path in _START_SCRIPTS else _READABLE


def _zip(content: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in content.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = 3  # Unix, whatever this runs on: the field is part of the bytes
            entry.external_attr = (0o100000 | _READABLE) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, body)
    return buffer.getvalue()


def _tar(stem: str, content: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=_EPOCH_SECONDS) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, body in content.items():
            entry = tarfile.TarInfo(f"{stem}/{path}")
            entry.size, entry.mtime, entry.mode = len(body), _EPOCH_SECONDS, _mode(path)
            archive.addfile(entry, io.BytesIO(body))
    return buffer.getvalue()
