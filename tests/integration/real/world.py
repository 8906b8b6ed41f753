"""Three mirrors of real artifacts, each with a condition of its own, and what to say of each."""

import contextlib
import json
import shutil
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.integration.real.artifacts import NEWEST, PREVIOUS, Published
from tests.integration.real.nginx import caching_mirror, mirror

WHEELS, PACKAGES = "propcache", "debian"
SOUND, BROKEN, STALE = "mirror-a", "mirror-b", "mirror-c"
REGIONS = ("eu-west-1", "us-east-1")

# What is wrong with each file at the broken mirror: by platform for wheels, by name for packages.
FAULTS = {
    "linux/amd64": "checksum_mismatch",
    "linux/arm64": "protocol",
    "darwin/arm64": "not_found",
    "windows/amd64": "truncated",
    "hello": "wrong_content",
    "netbase": "http_5xx",
}
# nginx's own 444 closes the connection without an answer.
_RULES = """
    location ~ aarch64 { return 444; }
    location ~ netbase { return 503; }
"""
_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Who are you?</body></html>"

_CONFIGURATION = """\
regions:
  - {{name: eu-west-1, egress: {{source_address: 127.0.0.1}}}}
  - {{name: us-east-1, egress: {{source_address: 127.0.0.2}}}}
control_targets: ["{a}/"]
defaults:
  interval: 2s
  timeouts: {{connect: 500ms, first_byte: 1s, stall: 1s, total: 1800ms}}
products:
  - name: propcache
    owner: release-team
    channel: stable
    keep: 1
    source: {{kind: manifest, url: "{folder}/propcache.json"}}
    endpoints:
      - {{name: mirror-a, kind: repository, url: "{a}/{{version}}/{{name}}", origin: true}}
      - {{name: mirror-b, kind: mirror, url: "{b}/{{version}}/{{name}}"}}
      - {{name: mirror-c, kind: cdn, url: "{c}/stable/{{os}}-{{arch}}.whl"}}
  - name: debian
    owner: release-team
    channel: stable
    source: {{kind: manifest, url: "{folder}/debian.json"}}
    endpoints:
      - {{name: mirror-a, kind: repository, url: "{a}/pool/{{name}}", origin: true}}
      - {{name: mirror-b, kind: mirror, url: "{b}/pool/{{name}}"}}
      - {{name: mirror-c, kind: cdn, url: "{c}/pool/{{name}}"}}
"""


@dataclass(frozen=True)
class World:
    """What runs: the file that tells the service of it, and what is served."""

    configuration: Path
    wheels: Sequence[Published]
    packages: Sequence[Published]

    def newest(self) -> list[Published]:
        return [wheel for wheel in self.wheels if wheel.version == NEWEST]

    def expected(self) -> dict[tuple[str, str, str, str], str]:
        """Return the reason for each product, endpoint, region and artifact; empty is sound."""
        reasons = {}
        for region in REGIONS:
            for wheel in self.newest():
                reasons[WHEELS, SOUND, region, wheel.path.name] = ""
                reasons[WHEELS, BROKEN, region, wheel.path.name] = FAULTS[wheel.platform]
                reasons[WHEELS, STALE, region, wheel.path.name] = "stale"
            for package in self.packages:
                reasons[PACKAGES, SOUND, region, package.path.name] = ""
                reasons[PACKAGES, BROKEN, region, package.path.name] = FAULTS[_stem(package)]
                reasons[PACKAGES, STALE, region, package.path.name] = ""
        return reasons


@contextlib.contextmanager
def running(
    folder: Path, wheels: Sequence[Published], packages: Sequence[Published]
) -> Iterator[World]:
    """Serve the artifacts from three mirrors while the block runs."""
    sound, broken = folder / "a-files", folder / "b-files"
    _lay_out(sound, wheels, packages)
    _lay_out(broken, wheels, packages)
    _break(broken, wheels, packages)
    with (
        mirror(folder / "a", sound) as a,
        mirror(folder / "b", broken, _RULES) as b,
        caching_mirror(folder / "c", a.url) as c,
    ):
        _publish_stable(sound, wheels, PREVIOUS)
        _fill_cache(c.url, wheels)
        _publish_stable(sound, wheels, NEWEST)
        configuration = folder / "probe.yaml"
        configuration.write_text(
            _CONFIGURATION.format(a=a.url, b=b.url, c=c.url, folder=folder.as_uri())
        )
        _write_manifests(folder, wheels, packages)
        yield World(configuration, wheels, packages)


def _lay_out(root: Path, wheels: Sequence[Published], packages: Sequence[Published]) -> None:
    for wheel in wheels:
        _copy(wheel.path, root / wheel.version / wheel.path.name)
    for package in packages:
        _copy(package.path, root / "pool" / package.path.name)


def _break(root: Path, wheels: Sequence[Published], packages: Sequence[Published]) -> None:
    for wheel in wheels:
        served = root / wheel.version / wheel.path.name
        body = wheel.path.read_bytes()
        match FAULTS[wheel.platform]:
            case "checksum_mismatch":
                served.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
            case "truncated":
                served.write_bytes(body[:-1])
            case "not_found":
                served.unlink()
    for package in packages:
        if FAULTS[_stem(package)] == "wrong_content":
            (root / "pool" / package.path.name).write_bytes(_PAGE)


def _stable_name(wheel: Published) -> str:
    return f"{wheel.platform.replace('/', '-')}.whl"


def _publish_stable(root: Path, wheels: Sequence[Published], version: str) -> None:
    for wheel in wheels:
        if wheel.version == version:
            _copy(wheel.path, root / "stable" / _stable_name(wheel))


def _fill_cache(url: str, wheels: Sequence[Published]) -> None:
    for name in {_stable_name(wheel) for wheel in wheels}:
        urllib.request.urlopen(f"{url}/stable/{name}", timeout=10).close()


def _copy(source: Path, destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, destination)


def _write_manifests(
    folder: Path, wheels: Sequence[Published], packages: Sequence[Published]
) -> None:
    released = {PREVIOUS: "2025-03-26T03:06:37Z", NEWEST: "2025-06-09T22:56:15Z"}
    releases = [
        _release(WHEELS, version, at, [wheel for wheel in wheels if wheel.version == version])
        for version, at in released.items()
    ]
    (folder / "propcache.json").write_text(
        json.dumps({"schema": "delivery-manifest/v1", "releases": releases})
    )
    (folder / "debian.json").write_text(
        json.dumps(_release(PACKAGES, "12", "2023-06-10T00:00:00Z", packages))
    )


def _release(
    product: str, version: str, published_at: str, files: Sequence[Published]
) -> dict[str, object]:
    return {
        "schema": "delivery-manifest/v1",
        "product": product,
        "version": version,
        "channel": "stable",
        "published_at": published_at,
        "assets": [_asset(file) for file in files],
    }


def _asset(file: Published) -> dict[str, object]:
    system, _, architecture = file.platform.partition("/")
    platform = {"os": system, "arch": architecture} if architecture else "any"
    return {
        "name": file.path.name,
        "class": "package",
        "platform": platform,
        "size": file.size,
        "hashes": {"sha256": file.sha256},
    }


def _stem(package: Published) -> str:
    return package.path.name.partition("_")[0]
