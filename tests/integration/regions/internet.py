"""An origin, two mirrors, an edge of the CDN for each region, and two sites always there."""

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.builders import sha256
from tests.daemon import Daemon
from tests.integration.regions.network import (
    INTERNET,
    PLACES,
    PUBLIC,
    Place,
    serve_address,
    within,
)

ORIGIN, MIRROR_A, MIRROR_B = (f"{PUBLIC}{number}" for number in (2, 3, 4))
CONTROLS = (f"{PUBLIC}5", f"{PUBLIC}6")
BEFORE, NEWEST = "1.0.0", "1.1.0"
PLATFORMS = ("linux_amd64", "darwin_arm64")

_HEAD = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  default_type application/octet-stream;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/cache keys_zone=kept:1m inactive=1d use_temp_path=off;
"""
_SITE = "  server {{ listen {address}:80; root {root}; }}\n"
_CONTROL = "  server {{ listen {address}:80; location / {{ return 204; }} }}\n"
_EDGE = """\
  server {{
    listen {address}:80;
    if (-f {mark}) {{ {old} }}
    location / {{
      proxy_pass http://{origin};
      proxy_cache kept;
      proxy_cache_key "$server_addr$uri";
      proxy_cache_valid 200 1d;
      add_header X-Cache-Status $upstream_cache_status;
    }}
  }}
"""
_OLD = f"rewrite ^/{NEWEST}/(.*)_{NEWEST}_(.*)$ /{BEFORE}/$1_{BEFORE}_$2;"


def name_of(version: str, platform: str) -> str:
    return f"widget_{version}_{platform}.tar.gz"


def body_of(version: str, platform: str) -> bytes:
    return b"\x1f\x8b" + f"{version} {platform} ".encode() * 2000


class Internet:
    """What is served where; every method changes what users get from then on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._released: list[tuple[str, str]] = []
        for site in ("origin", "mirror-a", "mirror-b"):
            (folder / site).mkdir(parents=True)
        for address in (ORIGIN, MIRROR_A, MIRROR_B, *CONTROLS, *(each.edge for each in PLACES)):
            serve_address(address)
        self._configure()
        command = ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self.nginx = Daemon(
            within(INTERNET, *command), folder / "log", (folder / "nginx.pid").exists
        )

    def publish(self, version: str, sites: Sequence[str]) -> datetime:
        """Put the files of *version* on *sites*, and list it; return when it was published."""
        now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - as real nginx has it
        for site in sites:
            self.copy(version, site)
        self._released.append((version, now.isoformat()))
        manifest = {
            "schema": "delivery-manifest/v1",
            "releases": [_listed(*each) for each in reversed(self._released)],
        }
        # Written beside and moved: nobody reads half of it.
        half = self._folder / "origin" / "manifest.part"
        half.write_text(json.dumps(manifest))
        half.rename(half.with_name("manifest.json"))
        return now

    def copy(self, version: str, site: str) -> None:
        folder = self._folder / site / version
        shutil.rmtree(folder, ignore_errors=True)
        half = folder.with_name("half")
        half.mkdir()
        for platform in PLATFORMS:
            (half / name_of(version, platform)).write_bytes(body_of(version, platform))
        half.rename(folder)

    def flip(self, version: str, site: str) -> None:
        """Let one byte of one file be another."""
        file = self._folder / site / version / name_of(version, PLATFORMS[0])
        body = bytearray(file.read_bytes())
        body[100] ^= 1
        file.with_suffix(".part").write_bytes(body)
        file.with_suffix(".part").rename(file)

    def serve_old(self, place: Place) -> None:
        """Let the edge of *place* give the files of the release before."""
        self._mark(place).touch()

    def serve_new(self, place: Place) -> None:
        self._mark(place).unlink()

    def _mark(self, place: Place) -> Path:
        return self._folder / f"old-at-{place.name}"

    def _configure(self) -> None:
        parts = [_HEAD.format(folder=self._folder)]
        for address, site in ((ORIGIN, "origin"), (MIRROR_A, "mirror-a"), (MIRROR_B, "mirror-b")):
            parts.append(_SITE.format(address=address, root=self._folder / site))
        parts += [_CONTROL.format(address=each) for each in CONTROLS]
        for place in PLACES:
            mark = self._mark(place)
            parts.append(_EDGE.format(address=place.edge, origin=ORIGIN, mark=mark, old=_OLD))
        (self._folder / "nginx.conf").write_text("".join([*parts, "}\n"]))


def _listed(version: str, published_at: str) -> dict[str, object]:
    return {
        "product": "widget",
        "version": version,
        "channel": "stable",
        "published_at": published_at,
        "assets": [
            {
                "name": name_of(version, platform),
                "class": "archive",
                "platform": dict(zip(("os", "arch"), platform.split("_"), strict=True)),
                "size": len(body_of(version, platform)),
                "hashes": {"sha256": sha256(body_of(version, platform)).hex},
            }
            for platform in PLATFORMS
        ],
    }
