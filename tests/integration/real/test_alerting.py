"""From a series to a pager: the shipped rules in a real Prometheus, and a real Alertmanager."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Self

import pytest

from probe.clock import SystemClock
from probe.domain.evidence import DetectedBy, IncidentRecord, Window
from probe.evidence import open_reading
from probe.kpi import Scope
from tests.daemon import until
from tests.integration.real.alertmanager import Alertmanager, Receivers
from tests.integration.real.delivery_probe import DeliveryProbe
from tests.integration.real.nginx import mirror
from tests.integration.real.prometheus import Prometheus
from tests.integration.real.test_operation import NAME, Release

pytestmark = [pytest.mark.needs("prometheus", "prometheus-alertmanager", "nginx")]

EU, US = "eu-west-1", "us-east-1"
PAGER, TICKETS = "/pager/release-team", "/tickets/release-team"
REGISTER = "/delivery-probe/api/v1/alertmanager"


class Told:
    """An exporter that says what the test tells it to."""

    def __init__(self) -> None:
        self.text = ""
        told = self

        class Saying(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = told.text.encode()
                self.send_response(200)
                self.send_header("content-type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *values: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Saying)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
        self.port = self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def say(self, *, certificates_days: int, up: dict[str, int], wrong: int) -> None:
        """Tell of certificates, ways out by region, and wrong bytes seen from the first."""
        ends = SystemClock().now().timestamp() + certificates_days * 86400
        pair = 'product="widget",channel="stable",endpoint="cdn"'
        lines = [f'delivery_prober_control_up{{probe_region="{each}"}} {up[each]}' for each in up]
        certificate = "delivery_endpoint_certificate_not_after_timestamp_seconds"
        lines += [f'{certificate}{{{pair},probe_region="{each}"}} {ends}' for each in up]
        failures = f'{{{pair},probe_region="{EU}",reason="checksum_mismatch"}} {wrong}'
        lines.append(f"delivery_download_failures_total{failures}")
        self.text = "\n".join([*lines, ""])


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with Receivers() as receivers:
        yield receivers


def hosts(receivers: Receivers, service: str = "") -> dict[str, str]:
    names = ("heartbeat", "pager", "tickets", "delivery-probe")
    found = {name: f"{receivers.url}/{name}" for name in names}
    return {**found, "delivery-probe": service} if service else found


def test_what_fires_is_told_what_a_blind_prober_says_is_not_and_its_end_is_told(
    receivers, tmp_path
):
    with ExitStack() as stack:
        exporter = stack.enter_context(Told())
        exporter.say(certificates_days=10, up={EU: 0, US: 1}, wrong=0)
        alertmanager = stack.enter_context(Alertmanager(tmp_path / "am", hosts(receivers)))
        prometheus = Prometheus(
            tmp_path / "prometheus", exporter.port, scopes=Scope, alertmanager=alertmanager.address
        )
        prometheus = stack.enter_context(prometheus)
        until(lambda: prometheus.query("delivery_download_failures_total"))
        exporter.say(certificates_days=10, up={EU: 0, US: 1}, wrong=1)

        until(
            lambda: alertmanager.alerts().get(("DeliveryCertificateExpiring", EU)) == "suppressed"
        )
        until(lambda: (TICKETS, "DeliveryCertificateExpiring", US) in firing(receivers))
        until(lambda: (PAGER, "DeliveryIntegrityMismatch", EU) in firing(receivers))
        until(lambda: (REGISTER, "DeliveryIntegrityMismatch", EU) in firing(receivers))
        assert (TICKETS, "DeliveryProbeEgressBroken", EU) in firing(receivers)
        assert (TICKETS, "DeliveryCertificateExpiring", EU) not in firing(receivers)

        exporter.say(certificates_days=90, up={EU: 1, US: 1}, wrong=1)
        until(
            lambda: (
                {
                    (TICKETS, "DeliveryCertificateExpiring", US),
                    (TICKETS, "DeliveryProbeEgressBroken", EU),
                }
                <= receivers.told("resolved", "alertname", "probe_region")
            )
        )
        assert (TICKETS, "DeliveryCertificateExpiring", EU) not in firing(receivers)


def firing(receivers: Receivers) -> set[tuple[str, ...]]:
    return receivers.told("firing", "alertname", "probe_region")


def test_an_outage_that_a_real_alertmanager_tells_of_is_part_of_the_incident_that_was_seen(
    receivers, tmp_path
):
    release = Release(tmp_path, mirror(tmp_path / "origin", tmp_path / "files"))
    release.publish()
    release.configure("origin")
    (tmp_path / "token").write_text("open sesame")
    configuration = release.configuration
    configuration.write_text(
        f"{configuration.read_text()}api: {{token: {{file: {tmp_path / 'token'}}}}}\n"
    )
    with ExitStack() as stack:
        stack.enter_context(release.origin)
        service = stack.enter_context(DeliveryProbe(tmp_path / "service", configuration))
        url = f"http://127.0.0.1:{service.port}"
        alertmanager = stack.enter_context(
            Alertmanager(tmp_path / "am", hosts(receivers, url), "open sesame")
        )
        prometheus = Prometheus(
            tmp_path / "prometheus", service.port, scopes=Scope, alertmanager=alertmanager.address
        )
        stack.enter_context(prometheus)
        until(lambda: service.total("delivery_artifact_available") == 1.0)
        evaluated = until(prometheus.rules)
        assert {name: fault for name, fault in evaluated.items() if fault} == {}

        (tmp_path / "files" / NAME).rename(tmp_path / "gone")
        until(lambda: ("DeliveryEndpointOutage", "") in alertmanager.alerts())
        heard = until(lambda: incidents(tmp_path).get(DetectedBy.ALERT))
        seen = until(lambda: incidents(tmp_path).get(DetectedBy.PROBE))
        assert (heard.joined or heard.id) == (seen.joined or seen.id)
        assert heard.endpoint == "origin"

        (tmp_path / "gone").rename(tmp_path / "files" / NAME)
        until(lambda: incidents(tmp_path)[DetectedBy.ALERT].restored_at is not None)
        assert service.log.read_text().count("open sesame") == 0


def incidents(folder: Path) -> dict[DetectedBy, IncidentRecord]:
    """Return the incident of each that noticed one."""
    now = SystemClock().now()
    window = Window(now - timedelta(hours=1), now + timedelta(minutes=1))
    with open_reading(folder / "service" / "data") as reading:
        return {each.detected_by: each for each in reading.incidents("widget", "stable", window)}
