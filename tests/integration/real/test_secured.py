"""The service behind TLS and a password, as exporters have them, scraped by a real Prometheus."""

import base64
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bcrypt
import pytest
import trustme

from tests.daemon import Daemon, free_port, listens, until
from tests.integration.real.prometheus import Prometheus

pytestmark = pytest.mark.needs("prometheus")

PASSWORD = "s3cret-of-the-scraper"
_SCRAPE = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: delivery-probe
    scheme: https
    metrics_path: /delivery/metrics
    basic_auth: {{username: prometheus, password: {password}}}
    tls_config: {{ca_file: {folder}/ca.pem}}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


@dataclass(frozen=True)
class House:
    folder: Path
    authority: trustme.CA
    metrics_port: int
    api_port: int
    log: Path

    def status(self, port: int, path: str, password: str = "") -> int:
        token = base64.b64encode(f"prometheus:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {token}"} if password else {}
        request = urllib.request.Request(f"https://127.0.0.1:{port}{path}", headers=headers)
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        try:
            with urllib.request.urlopen(request, context=context, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("secured")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "crt.pem")
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(10)).decode()
    (folder / "web.yml").write_text(
        "tls_server_config: {cert_file: crt.pem, key_file: key.pem}\n"
        f"basic_auth_users: {{prometheus: {hashed}}}\n"
    )
    manifest = '{"schema": "delivery-manifest/v1", "releases": []}'
    (folder / "manifest.json").write_text(manifest)
    (folder / "probe.yaml").write_text(f"""\
regions: [{{name: eu-west-1}}]
products:
  - name: widget
    source: {{kind: manifest, url: "{(folder / "manifest.json").as_uri()}"}}
    endpoints: [{{name: origin, kind: repository, url: "http://127.0.0.1:1/{{name}}"}}]
""")
    ports = free_port(), free_port()
    command = [
        *(sys.executable, "-m", "probe", "serve", f"--config={folder / 'probe.yaml'}"),
        *(f"--web.config.file={folder / 'web.yml'}", f"--listen=127.0.0.1:{ports[0]}"),
        *(f"--api-listen=127.0.0.1:{ports[1]}", "--web.route-prefix=/delivery"),
        f"--data-dir={folder / 'data'}",
    ]
    with Daemon(command, folder / "log", lambda: all(map(listens, ports))) as daemon:
        yield House(folder, authority, *ports, daemon.log)


def test_prometheus_scrapes_with_its_password(house):
    folder = house.folder / "prometheus"
    prometheus = Prometheus(folder)
    (folder / "prometheus.yml").write_text(
        _SCRAPE.format(password=PASSWORD, folder=house.folder, port=house.metrics_port)
    )
    with prometheus:
        until(lambda: prometheus.query("delivery_build_info", "version"))
        assert prometheus.query("up") == {(): 1.0}


@pytest.mark.parametrize("path", ["/delivery/metrics", "/delivery/-/healthy", "/metrics"])
def test_nobody_else_reads_anything(house, path):
    assert house.status(house.metrics_port, path) == 401
    assert house.status(house.metrics_port, path, "guessed") == 401


def test_the_port_for_scrapes_has_no_api(house):
    statuses = {
        port: house.status(port, "/delivery/api/v1/targets", PASSWORD)
        for port in (house.metrics_port, house.api_port)
    }
    assert statuses == {house.metrics_port: 404, house.api_port: 200}


def test_no_password_is_in_the_log(house):
    assert "url" in house.log.read_text()
    assert PASSWORD not in house.log.read_text()
