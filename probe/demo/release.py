"""Releases of the demo: what they hold, their checksums, and the manifest that lists them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from probe.demo.archives import sdist, unix_archive, wheel, windows_archive
from probe.demo.source import DISTRIBUTION, package_files
from probe.domain.artifact import (
    ANY_PLATFORM,
    MIB,
    Artifact,
    AssetClass,
    Digest,
    DigestAlgorithm,
    Platform,
    Release,
)

CHANNEL = "stable"
OLDEST, BEFORE, LATEST = "1.0.0", "1.1.0", "1.2.0"
CHECKSUMS = "SHA256SUMS"
SAMPLES_BYTES = 12 * MIB

LINUX = Platform("linux", "amd64")
DARWIN = Platform("darwin", "arm64")
WINDOWS = Platform("windows", "amd64")


@dataclass(frozen=True)
class PackedRelease:
    """A release and the bytes of its artifacts by name."""

    release: Release
    bodies: Mapping[str, bytes] = field(repr=False)


def wheel_name(version: str) -> str:
    """Return the name of a release's wheel."""
    return f"delivery_probe-{version}-py3-none-any.whl"


def sdist_name(version: str) -> str:
    """Return the name of a release's source distribution."""
    return f"delivery_probe-{version}.tar.gz"


def archive_name(version: str, platform: Platform) -> str:
    """Return the name of a release's archive for one platform."""
    ending = "zip" if platform == WINDOWS else "tar.gz"
    return f"{DISTRIBUTION}_{version}_{platform.os}_{platform.arch}.{ending}"


def samples_name(version: str) -> str:
    """Return the name of a release's one large file."""
    return f"{DISTRIBUTION}_{version}_samples.bin"


def artifact_names(version: str) -> tuple[str, ...]:
    """Return the names of everything that a release holds."""
    archives = (archive_name(version, platform) for platform in (LINUX, DARWIN, WINDOWS))
    samples = () if version == OLDEST else (samples_name(version),)
    return (wheel_name(version), sdist_name(version), *archives, *samples, CHECKSUMS)


def pack(version: str, published_at: datetime) -> PackedRelease:
    """Pack a release from the installed package. Takes a good part of a second of CPU."""
    sources = package_files(version)
    made = [
        (_artifact(wheel_name(version), AssetClass.PACKAGE, ANY_PLATFORM), wheel),
        (_artifact(sdist_name(version), AssetClass.SOURCE, ANY_PLATFORM), sdist),
    ]
    packed = [(artifact, make(version, sources)) for artifact, make in made]
    packed += [
        (_artifact(archive_name(version, platform), AssetClass.ARCHIVE, platform), body)
        for platform, body in _platform_archives(version, sources)
    ]
    if version != OLDEST:
        samples = _artifact(samples_name(version), AssetClass.BINARY, ANY_PLATFORM)
        packed.append((samples, _samples(version)))
    packed.append((_artifact(CHECKSUMS, AssetClass.CHECKSUM, ANY_PLATFORM), _checksums(packed)))
    return PackedRelease(
        Release(
            version=version,
            channel=CHANNEL,
            published_at=published_at,
            artifacts=tuple(_described(artifact, body) for artifact, body in packed),
            tag=f"v{version}",
        ),
        {artifact.name: body for artifact, body in packed},
    )


def _platform_archives(version: str, sources: Mapping[str, bytes]) -> list[tuple[Platform, bytes]]:
    archives = []
    for platform in (LINUX, DARWIN, WINDOWS):
        make = windows_archive if platform == WINDOWS else unix_archive
        stem = f"{DISTRIBUTION}_{version}_{platform.os}_{platform.arch}"
        archives.append((platform, make(stem, sources)))
    return archives


def _artifact(name: str, asset_class: AssetClass, platform: Platform) -> Artifact:
    return Artifact(name, asset_class, platform, None)


def _described(artifact: Artifact, body: bytes) -> Artifact:
    digest = Digest(DigestAlgorithm.SHA256, hashlib.sha256(body).hexdigest())
    return Artifact(artifact.name, artifact.asset_class, artifact.platform, len(body), (digest,))


def _samples(version: str) -> bytes:
    # Output of an extendable hash: of any length, the same everywhere, and it does not compress.
    return hashlib.shake_128(f"samples {version}".encode()).digest(SAMPLES_BYTES)


def _checksums(packed: Sequence[tuple[Artifact, bytes]]) -> bytes:
    lines = [f"{hashlib.sha256(body).hexdigest()}  {artifact.name}\n" for artifact, body in packed]
    return "".join(lines).encode()


def manifest(releases: Sequence[Release]) -> bytes:
    """Return the delivery-manifest/v1 document of *releases*, newest first."""
    newest = max(releases, key=lambda release: release.published_at)
    ordered = sorted(releases, key=lambda release: release.published_at, reverse=True)
    document = {
        "schema": "delivery-manifest/v1",
        "releases": [_entry(release, newest) for release in ordered],
    }
    return json.dumps(document, indent=1).encode()


def _entry(release: Release, newest: Release) -> dict[str, object]:
    return {
        "product": DISTRIBUTION,
        "version": release.version,
        "channel": release.channel,
        "tag": release.tag,
        "published_at": release.published_at.isoformat(),
        "assets": [_asset(artifact) for artifact in release.artifacts],
        "pointers": (
            [{"name": "latest.txt", "must_equal": release.version}] if release is newest else []
        ),
    }


def _asset(artifact: Artifact) -> dict[str, object]:
    platform = artifact.platform or ANY_PLATFORM
    return {
        "name": artifact.name,
        "class": artifact.asset_class.value,
        "platform": {"os": platform.os, "arch": platform.arch},
        "size": artifact.size_bytes,
        "hashes": {digest.algorithm.value: digest.hex for digest in artifact.digests},
    }
