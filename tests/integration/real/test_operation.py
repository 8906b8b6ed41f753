"""Running the service for a long time: reload, bad files, and a stop that loses nothing."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from probe.clock import SystemClock
from tests.builders import sha256
from tests.daemon import until
from tests.integration.real.delivery_probe import DeliveryProbe
from tests.integration.real.nginx import Nginx, mirror

pytestmark = pytest.mark.needs("nginx")

NAME = "widget_1.4.2_linux_amd64.tar.gz"
BODY = b"\x1f\x8b" + bytes(range(256)) * 64
SUCCESSFUL = "delivery_config_last_reload_successful"
ATTEMPTS = "delivery_download_attempts_total"


@dataclass(frozen=True)
class Release:
    """One release at one mirror, and the configuration that names them."""

    folder: Path
    origin: Nginx

    @property
    def configuration(self) -> Path:
        return self.folder / "probe.yaml"

    def configure(self, *endpoints: str, total: str = "900ms", interval: str = "1s") -> None:
        times = f"{{connect: 500ms, first_byte: 500ms, stall: {total}, total: {total}}}"
        lines = "\n".join(
            f'      - {{name: {name}, kind: repository, url: "{self.origin.url}/{{name}}"}}'
            for name in endpoints
        )
        self.configuration.write_text(f"""\
regions: [{{name: eu-west-1}}]
defaults: {{interval: {interval}, min_rate: 0, timeouts: {times}}}
products:
  - name: widget
    owner: release-team
    source: {{kind: manifest, url: "{(self.folder / "manifest.json").as_uri()}"}}
    endpoints:
{lines}
""")

    def publish(self) -> None:
        asset = {"name": NAME, "size": len(BODY), "hashes": {"sha256": sha256(BODY).hex}}
        (self.folder / "files").mkdir()
        (self.folder / "files" / NAME).write_bytes(BODY)
        (self.folder / "manifest.json").write_text(
            json.dumps(
                {
                    "schema": "delivery-manifest/v1",
                    "product": "widget",
                    "version": "1.4.2",
                    "channel": "stable",
                    "published_at": "2026-08-20T10:00:00Z",
                    "assets": [asset],
                }
            )
        )


def a_release(folder: Path, rules: str = "") -> Release:
    release = Release(folder, mirror(folder / "origin", folder / "files", rules))
    release.publish()
    release.configure("origin")
    return release


@pytest.fixture
def release(tmp_path) -> Iterator[Release]:
    release = a_release(tmp_path)
    with release.origin:
        yield release


@pytest.fixture
def service(release, tmp_path) -> Iterator[DeliveryProbe]:
    with DeliveryProbe(tmp_path / "service", release.configuration) as service:
        until(lambda: service.total(ATTEMPTS) >= 1)
        yield service


def test_a_bad_file_changes_nothing_and_is_told(service, release):
    before = service.total(ATTEMPTS)
    release.configuration.write_text("regions: [{name: eu-west-1}]\nproduct: []\n")
    service.send(signal.SIGHUP)
    until(lambda: service.total(SUCCESSFUL) == 0.0)
    until(lambda: service.total(ATTEMPTS, endpoint="origin") > before)
    until(lambda: "probe.yaml:2" in service.log.read_text())

    release.configure("origin")
    service.send(signal.SIGHUP)
    until(lambda: service.total(SUCCESSFUL) == 1.0)


def test_a_bad_file_is_refused_over_http_with_every_fault(service, release):
    release.configuration.write_text("regions: []\nproduct: []\n")
    status, text = service.post("/-/reload")
    assert status == 400
    assert "probe.yaml:1" in text
    assert "probe.yaml:2" in text
    assert service.total(SUCCESSFUL) == 0.0


def test_a_target_that_stays_keeps_its_counters(service, release):
    before = service.total(ATTEMPTS, endpoint="origin")
    release.configure("origin", "second")
    status, _ = service.post("/-/reload")
    assert status == 200
    until(lambda: service.total(ATTEMPTS, endpoint="second") >= 1)
    assert service.total(ATTEMPTS, endpoint="origin") >= before


def test_series_of_a_target_that_is_gone_disappear(service, release):
    release.configure("origin", "second")
    service.post("/-/reload")
    until(lambda: service.total("delivery_artifact_available", endpoint="second") == 1.0)
    release.configure("origin")
    service.post("/-/reload")
    until(
        lambda: (
            not any(
                ("endpoint", "second") in labels
                for labels in service.samples("delivery_artifact_available")
            )
        )
    )


def test_a_reload_weighs_regions_anew(service, release):
    weight = "delivery_region_weight_ratio"
    assert service.samples(weight) == {}
    text = release.configuration.read_text()
    release.configuration.write_text(text.replace("eu-west-1}", "eu-west-1, weight: 3}"))
    assert service.post("/-/reload")[0] == 200
    assert service.samples(weight) == {frozenset({("probe_region", "eu-west-1")}): 1.0}


def test_a_reload_opens_and_closes_the_way_to_urls_outside_the_catalog(service, release):
    def probe_another() -> int:
        return service.status(f"/probe?target={release.origin.url}/another")

    assert probe_another() == 403
    text = release.configuration.read_text()
    release.configuration.write_text(f"{text}probe_endpoint: {{allow_any_url: true}}\n")
    assert service.post("/-/reload")[0] == 200
    assert probe_another() == 200
    release.configuration.write_text(text)
    assert service.post("/-/reload")[0] == 200
    assert probe_another() == 403


def test_a_reload_changes_how_much_is_remembered(service, release):
    until(lambda: len(service.remembered()) >= 2)
    text = release.configuration.read_text()
    release.configuration.write_text(f"{text}history: {{observations: 1}}\n")
    assert service.post("/-/reload")[0] == 200
    assert len(service.remembered()) == 1


def test_a_reload_changes_what_is_asked(service, release):
    def asked() -> dict[str, float]:
        ratios = service.samples("delivery_slo_target_ratio")
        return {dict(labels)["kpi"]: value for labels, value in ratios.items()}

    who = "owner: release-team, cadence: 31d, runbook: https://runbooks.example.com/widget"
    text = release.configuration.read_text()
    release.configuration.write_text(
        f"{text}    targets:\n"
        f"      mirror_coverage: {{slo: 90%, {who}}}\n"
        f"      release_completeness: {{slo: 98%, {who}}}\n"
    )
    assert service.post("/-/reload")[0] == 200
    assert asked() == {"mirror_coverage": 0.9, "release_completeness": 0.98}
    release.configuration.write_text(
        f"{text}    targets: {{mirror_coverage: {{slo: 95%, {who}}}}}\n"
    )
    assert service.post("/-/reload")[0] == 200
    assert asked() == {"mirror_coverage": 0.95}


def test_a_promise_without_history_stops_no_service_but_is_not_taken_anew(release, tmp_path):
    who = "owner: release-team, cadence: 31d, runbook: https://runbooks.example.com/widget"
    first = f"    targets:\n      mirror_coverage: {{slo: 90%, kind: sla, {who}}}\n"
    text = release.configuration.read_text()
    release.configuration.write_text(f"{text}{first}")
    with DeliveryProbe(tmp_path / "service", release.configuration) as service:
        counted = "an SLA counts as an SLO"
        [warned] = until(lambda: [line for line in service.logged() if line["event"] == counted])
        assert "targets.mirror_coverage.kind: an SLA is a promise" in warned["fault"]
        assert (
            json.loads(service.get("/api/v1/gate/widget/1.4.2"))["objectives"][0]["kind"] == "slo"
        )
        assert service.post("/-/reload")[0] == 200
        release.configuration.write_text(
            f"{text}{first}      artifact_availability: {{slo: 99%, kind: sla, {who}}}\n"
        )
        status, told = service.post("/-/reload")
        assert status == 400
        assert "targets.artifact_availability.kind: an SLA is a promise" in told
        assert "mirror_coverage" not in told


def test_reading_an_unchanged_file_again_changes_nothing(service):
    before = service.total(ATTEMPTS)
    status, _ = service.post("/-/reload")
    assert status == 200
    assert service.total(SUCCESSFUL) == 1.0
    assert service.total(ATTEMPTS) >= before
    changed = until(
        lambda: [
            each["changed"] for each in service.logged() if each["event"] == "configuration read"
        ]
    )
    assert changed == [False]


def test_a_stop_lets_a_download_under_way_finish(tmp_path):
    release = a_release(tmp_path, "limit_rate 8k;")
    release.configure("origin", total="3900ms", interval="4s")
    with release.origin, DeliveryProbe(tmp_path / "service", release.configuration) as service:
        until(lambda: service.total("delivery_probes_in_flight") == 1.0)
        assert service.end() == 0
    (line,) = service.observations()
    assert line["verdict"] == "passed"


def test_a_stop_that_has_no_time_left_cancels_and_still_exits_zero(tmp_path):
    release = a_release(tmp_path, "limit_rate 1k;")
    release.configure("origin", total="3900ms", interval="4s")
    with (
        release.origin,
        DeliveryProbe(tmp_path / "service", release.configuration, "--drain=100ms") as service,
    ):
        until(lambda: service.total("delivery_probes_in_flight") == 1.0)
        assert service.end() == 0
    (line,) = service.observations()
    assert (line["verdict"], line["reason"]) == ("inconclusive", "cancelled")


def test_to_be_told_to_read_again_while_it_stops_ends_no_download(tmp_path):
    release = a_release(tmp_path, "limit_rate 8k;")
    release.configure("origin", total="3900ms", interval="4s")
    with release.origin, DeliveryProbe(tmp_path / "service", release.configuration) as service:
        until(lambda: service.total("delivery_probes_in_flight") == 1.0)
        service.send(signal.SIGTERM)
        until(lambda: "draining" in service.log.read_text())
        service.send(signal.SIGHUP)
        assert service.end() == 0
    (line,) = service.observations()
    assert line["verdict"] == "passed"


def test_a_page_of_every_kind_is_served(service):
    for path in ("/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/targets"):
        with urllib.request.urlopen(f"http://127.0.0.1:{service.port}{path}", timeout=10) as page:
            assert page.status == 200


def test_what_is_known_of_a_release_can_be_asked_while_it_is_probed(service, release, tmp_path):
    def card() -> dict[str, Any]:
        return dict(json.loads(service.get("/api/v1/scorecard/widget/1.4.2")))

    found = until(lambda: (seen := card())["availability"]["attempts"] and seen)
    assert (found["product"], found["version"]) == ("widget", "1.4.2")
    assert service.status("/api/v1/scorecard/gadget") == 404
    command = [sys.executable, "-m", "probe", "gate", "widget", "1.4.2", "--format", "json"]
    where = [f"--config={release.configuration}", f"--data-dir={tmp_path / 'service' / 'data'}"]
    told = subprocess.run([*command, *where], capture_output=True, text=True, check=False)
    gate = json.loads(service.get("/api/v1/gate/widget/1.4.2"))
    assert (told.returncode, json.loads(told.stdout)["ruling"]) == (3, gate["ruling"])


def test_a_release_goes_on_by_the_word_of_somebody(release, tmp_path):
    (tmp_path / "token").write_text("correct horse\n")
    who = "owner: release-team, cadence: 31d, runbook: https://runbooks.example.com/widget"
    release.configuration.write_text(
        f"api: {{token: {{file: token}}}}\n{release.configuration.read_text()}    targets:\n"
        f"      signature_coverage: {{slo: 100%, mode: gate, {who}}}\n"
        f"      publish_success: {{slo: 99%, mode: gate, {who}}}\n"
    )
    path = "/api/v1/gate/widget/1.4.2"
    said = {"who": "ada", "why": "keys rotate"}
    with DeliveryProbe(tmp_path / "service", release.configuration) as service:
        assert json.loads(service.get(path))["ruling"] == "unknown"
        until = (SystemClock().now() + timedelta(days=1)).isoformat()
        body = {**said, "kpi": "signature_coverage", "until": until}
        assert service.post(f"{path}/override", body, "wrong")[0] == 401
        assert service.post(f"{path}/override", body, "correct horse")[0] == 200
        where = [f"--config={release.configuration}", f"--data-dir={tmp_path / 'service' / 'data'}"]
        beside = ["override", "widget", "1.4.2", "publish_success", "--for", "1d", *where]
        told = subprocess.run(
            [sys.executable, "-m", "probe", *beside, "--who=bob", "--why=no pipeline yet"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (told.returncode, told.stderr) == (0, "")
        gate = json.loads(service.get(path))
        assert gate["ruling"] == "pass"
        assert [each["override"]["who"] for each in gate["objectives"]] == ["ada", "bob"]
        back = {**said, "kpi": "signature_coverage", "until": "now"}
        assert service.post(f"{path}/override", back, "correct horse")[0] == 200
        assert json.loads(service.get(path))["ruling"] == "unknown"
