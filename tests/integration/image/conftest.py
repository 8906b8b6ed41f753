"""What the image is run with: one release, its mirror, and a configuration that names them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import sha256
from tests.integration.real.nginx import mirror

NAME = "widget_1.4.2_linux_amd64.tar.gz"
BODY = b"\x1f\x8b" + bytes(range(256)) * 64


@pytest.fixture(scope="module")
def configuration(tmp_path_factory) -> Iterator[Path]:
    """Give a folder with the configuration of one release, and its mirror."""
    folder = tmp_path_factory.mktemp("world")
    inside, files = folder / "etc", folder / "files"
    for each in (inside, files):
        each.mkdir()
    (files / NAME).write_bytes(BODY)
    with mirror(folder / "mirror", files) as origin:
        asset = {"name": NAME, "size": len(BODY), "hashes": {"sha256": sha256(BODY).hex}}
        manifest = {
            "schema": "delivery-manifest/v1",
            "product": "widget",
            "version": "1.4.2",
            "channel": "stable",
            "published_at": "2026-08-20T10:00:00Z",
            "assets": [asset],
        }
        (inside / "manifest.json").write_text(json.dumps(manifest))
        (inside / "probe.yaml").write_text(f"""\
regions: [{{name: eu-west-1}}]
defaults:
  interval: 2s
  min_rate: 0
  timeouts: {{connect: 900ms, first_byte: 900ms, stall: 1900ms, total: 1900ms}}
products:
  - name: widget
    source: {{kind: manifest, url: "file:///etc/delivery-probe/manifest.json"}}
    endpoints: [{{name: origin, kind: repository, url: "{origin.url}/{{name}}"}}]
""")
        yield inside
