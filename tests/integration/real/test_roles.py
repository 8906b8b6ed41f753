"""Two processes that share the work: one probes, the other speaks for all."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from probe.clock import SystemClock
from tests.daemon import until
from tests.integration.real.delivery_probe import DeliveryProbe
from tests.integration.real.test_operation import ATTEMPTS, Release, a_release

pytestmark = pytest.mark.needs("nginx")

ALERT = {
    "status": "firing",
    "labels": {"alertname": "Outage", "product": "widget", "channel": "stable"},
    "annotations": {},
    "startsAt": "2026-08-20T12:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "fingerprint": "c0ffee",
}
WEBHOOK = {"version": "4", "status": "firing", "alerts": [ALERT]}
FACTS = "delivery_release_assets"


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Iterator[Release]:
    release = a_release(tmp_path_factory.mktemp("release"))
    manifest = release.folder / "manifest.json"
    listed = json.loads(manifest.read_text())
    listed["published_at"] = (SystemClock().now() - timedelta(hours=1)).isoformat()
    manifest.write_text(json.dumps(listed))
    text = release.configuration.read_text()
    (release.folder / "token").write_text("secret")
    token = release.folder / "token"
    release.configuration.write_text(f"{text}api: {{token: {{file: {token}}}}}\n")
    with release.origin:
        yield release


@pytest.fixture(scope="module")
def prober(release, tmp_path_factory) -> Iterator[DeliveryProbe]:
    folder = tmp_path_factory.mktemp("prober")
    with DeliveryProbe(folder, release.configuration, "--role=prober") as service:
        until(lambda: service.total(ATTEMPTS) >= 1)
        yield service


@pytest.fixture(scope="module")
def control(release, tmp_path_factory) -> Iterator[DeliveryProbe]:
    folder = tmp_path_factory.mktemp("control")
    with DeliveryProbe(folder, release.configuration, "--role=control") as service:
        until(lambda: service.samples(FACTS), pace=0.5)
        yield service


def names(service: DeliveryProbe) -> set[str]:
    lines = service.get("/metrics").splitlines()
    return {line.partition("{")[0].partition(" ")[0] for line in lines if not line.startswith("#")}


def test_control_knows_the_catalog_and_of_files_what_nobody_has_to_download_for(control):
    assert {
        name.removeprefix("delivery_release_") for name in names(control) if "release_" in name
    } == {
        "info",
        "published_timestamp_seconds",
        "start_timestamp_seconds",
        "assets",
        "assets_covered",
        "missing_assets",
    }
    assert control.total("delivery_release_assets_covered", control="metadata") == 1.0
    assert len(control.samples("delivery_release_assets_covered")) == 1


def test_control_asks_no_endpoint_for_anything(control):
    assert ATTEMPTS not in names(control)
    assert "delivery_targets" not in names(control)
    assert control.status("/probe?target=http://127.0.0.1/") == 403


def test_a_prober_leaves_what_is_one_for_all_to_control(prober, control):
    left = {"delivery_incidents_total", "delivery_incidents_recent", FACTS}
    assert left.isdisjoint(names(prober))
    assert left <= names(control)
    assert "delivery_incidents_open" in names(prober)


def test_incidents_are_told_to_control(prober, control):
    status, text = prober.post("/api/v1/alertmanager", WEBHOOK, "secret")
    assert status == 403
    assert "this process has the role prober" in text
    assert control.post("/api/v1/alertmanager", WEBHOOK, "secret")[0] == 200
    assert until(lambda: control.total("delivery_incidents_total")) == 1.0


def test_both_answer_for_what_they_know(prober, control):
    def card_of(service: DeliveryProbe) -> dict[str, Any]:
        return dict(json.loads(service.get("/api/v1/scorecard/widget/1.4.2")))

    until(lambda: card_of(prober)["failures"]["attempts"])
    card = card_of(control)
    assert (card["version"], card["completeness"]["ruling"]) == ("1.4.2", "unknown")
    assert (card["failures"]["attempts"], card["availability"]["ratio"]) == (0, None)
