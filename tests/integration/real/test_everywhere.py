"""Two services in two regions, a Prometheus that sees both, and the questions asked over all."""

import asyncio
import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from probe.clock import SystemClock
from probe.domain.evidence import Window
from probe.domain.promql import selector
from probe.kpi import KPIS, Scope
from probe.kpi.central import card_asked, facts_asked, kpis_asked
from probe.transport import PrometheusAccess, open_prometheus
from tests.builders import sha256
from tests.daemon import until
from tests.integration.cli.test_questions import GATE, RUNBOOK, SCORECARD, run
from tests.integration.real.delivery_probe import DeliveryProbe
from tests.integration.real.nginx import mirror
from tests.integration.real.prometheus import Prometheus

pytestmark = [pytest.mark.needs("nginx", "prometheus"), pytest.mark.timeout(120)]

EU, US = "eu-west-1", "us-east-1"
FILES = ("widget_1.4.2_linux_amd64.tar.gz", "widget_1.4.2_darwin_arm64.tar.gz")
BODY = b"\x1f\x8b" + bytes(range(256)) * 64
# From one of the regions, which has an address of its own, the CDN has nothing.
_ONE_SIDED = "if ($remote_addr = 127.0.0.2) { return 404; }"

_CONFIGURATION = """\
regions:
  - {{name: eu-west-1}}
  - {{name: us-east-1, egress: {{source_address: 127.0.0.2}}}}
defaults:
  interval: 1s
  timeouts: {{connect: 300ms, first_byte: 500ms, stall: 900ms, total: 900ms}}
prometheus: {{url: "{prometheus}/"}}
products:
  - name: widget
    source: {{kind: manifest, url: "{manifest}"}}
    endpoints:
      - {{name: origin, kind: repository, url: "{origin}/{{name}}", origin: true}}
      - {{name: cdn, kind: cdn, url: "{cdn}/{{name}}", early_probe: always}}
    targets:
      artifact_availability: {{slo: 10%, mode: gate, {who}}}
      regional_availability: {{slo: 99%, {who}}}
      regions_verified: {{at_least: 2, {who}}}
      mirror_coverage: {{slo: 90%, {who}}}
      global_propagation: {{within: 30m, {who}}}
      time_to_first_availability: {{within: 30m, {who}}}
      matching_checksums: {{slo: 100%, {who}}}
      download_latency: {{within: 1m, {who}}}
"""


@dataclass(frozen=True)
class World:
    """What runs: the configuration that names it, and the services by region."""

    configuration: Path
    prometheus: Prometheus
    services: Mapping[str, DeliveryProbe]
    ledgers: Mapping[str, Path]

    def ask(self, *command: str, ledger: Path | None = None) -> subprocess.CompletedProcess[str]:
        folder = ledger or self.ledgers[EU]
        return run(*command, "--config", str(self.configuration), "--data-dir", str(folder))

    def objectives(self, ledger: Path | None = None) -> dict[str, dict[str, Any]]:
        done = self.ask("gate", "widget", "1.4.2", "--format", "json", ledger=ledger)
        record = json.loads(done.stdout)
        jsonschema.validate(record, GATE)
        assert record["source"] == "prometheus"
        return {each["kpi"]: each for each in record["objectives"]}


def _publish(folder: Path) -> Path:
    (folder / "files").mkdir()
    for name in FILES:
        (folder / "files" / name).write_bytes(BODY)
    hashes = {"sha256": sha256(BODY).hex}
    published_at = SystemClock().now() - timedelta(minutes=1)
    manifest = folder / "manifest.json"
    manifest.write_text(
        json.dumps(
            {
                "schema": "delivery-manifest/v1",
                "product": "widget",
                "version": "1.4.2",
                "channel": "stable",
                "published_at": published_at.isoformat(),
                "assets": [{"name": each, "size": len(BODY), "hashes": hashes} for each in FILES],
            }
        )
    )
    return manifest


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("everywhere")
    configuration = folder / "probe.yaml"
    services = {
        region: DeliveryProbe(folder / region, configuration, f"--region={region}")
        for region in (EU, US)
    }
    ports = [service.port for service in services.values()]
    prometheus = Prometheus(folder / "tsdb", *ports, scopes=Scope)
    manifest = _publish(folder)
    origin = mirror(folder / "origin", folder / "files")
    cdn = mirror(folder / "cdn", folder / "files", _ONE_SIDED)
    configuration.write_text(
        _CONFIGURATION.format(
            prometheus=prometheus.url,
            manifest=manifest.as_uri(),
            origin=origin.url,
            cdn=cdn.url,
            who=f'owner: release-team, cadence: 31d, runbook: "{RUNBOOK}"',
        )
    )
    with ExitStack() as stack:
        for each in (origin, cdn, prometheus, *services.values()):
            stack.enter_context(each)
        ledgers = {region: folder / region / "data" for region in services}
        running = World(configuration, prometheus, services, ledgers)
        _await_news(running)
        yield running


def _await_news(world: World) -> None:
    """Wait until all that is asked about was recorded, from both regions."""
    of = {"product": "widget", "version": "1.4.2"}
    regional = selector("delivery:release_regional_availability:ratio_30d", of)
    places = selector("delivery_release_first_available_timestamp_seconds", of)
    latency = 'delivery:download_duration_overall_seconds:p95_1d{product="widget"} > 0'
    until(lambda: len(world.prometheus.query(regional, "probe_region")) == 2)
    until(lambda: len(world.prometheus.query(places, "endpoint", "probe_region")) == 3)
    until(lambda: world.prometheus.query(latency))


def test_a_gate_is_judged_by_what_all_regions_see(world):
    found = world.objectives()
    rulings = {kpi: each["ruling"] for kpi, each in found.items()}
    assert rulings == {
        "artifact_availability": "pass",
        "regional_availability": "fail",
        "regions_verified": "fail",
        "mirror_coverage": "fail",
        "global_propagation": "unknown",
        "time_to_first_availability": "pass",
        "matching_checksums": "pass",
        "download_latency": "pass",
    }
    assert found["global_propagation"]["why"] == "it has not arrived"
    assert found["regions_verified"]["value"] == 1
    assert found["mirror_coverage"]["value"] == 0.75
    assert found["regional_availability"]["regions"] == 2
    of_product = {kpi for kpi, each in found.items() if each["of_product"]}
    assert of_product == {"download_latency"}


def test_without_a_ledger_what_a_catalog_lists_is_not_known(world, tmp_path):
    found = world.objectives(ledger=tmp_path)
    assert found["matching_checksums"]["why"] == f"there is no ledger at {tmp_path}/ledger.db"
    assert found["regions_verified"]["value"] == 1
    assert found["artifact_availability"]["ruling"] == "pass"


def test_evidence_has_to_come_from_as_many_regions_as_are_asked_for(world):
    assert world.ask("gate", "widget", "1.4.2", "--regions", "2").returncode == 0
    done = world.ask("gate", "widget", "1.4.2", "--regions", "3")
    assert done.returncode == 3
    assert "seen from 2 regions, not 3" in done.stdout


def test_a_release_that_no_region_knows_is_unknown(world, tmp_path):
    done = world.ask("gate", "widget", "9.9", "--format", "json", ledger=tmp_path)
    [why] = {each["why"] for each in json.loads(done.stdout)["objectives"]}
    assert (done.returncode, why) == (3, "nothing is known of a release 9.9 of widget (stable)")


def test_a_scorecard_names_the_worst_region_and_the_pairs_that_lack_the_release(world):
    done = world.ask("scorecard", "widget", "1.4.2", "--format", "json")
    card = json.loads(done.stdout)
    jsonschema.validate(card, SCORECARD)
    assert (done.returncode, done.stderr, card["source"]) == (0, "", "prometheus")
    assert card["completeness"]["ruling"] == "pass"
    assert card["availability"]["worst_region"] == US
    assert card["availability"]["worst_ratio"] < card["availability"]["ratio"] < 1
    assert card["propagation"]["pending"] == [{"endpoint": "cdn", "region": US}]
    assert card["propagation"]["slowest"]["seconds"] >= 60
    assert card["failures"]["reasons"]["not_found"]["count"] > 0
    named = {"not_found", "auth", "timeout", "checksum_mismatch"}
    assert card["failures"]["reasons"].keys() == named
    assert card["integrity"]["unchecked"] == []


def test_a_scorecard_of_the_product_says_who_was_asked(world):
    done = world.ask("scorecard", "widget")
    first, *_ = done.stdout.splitlines()
    assert first.startswith("widget 1.4.2 (stable), ")
    assert first.endswith(" UTC, by Prometheus over all regions")
    assert "worst from us-east-1" in done.stdout
    assert "pending: cdn from us-east-1" in done.stdout


def test_a_service_answers_over_all_regions(world):
    for region in (EU, US):
        record = json.loads(world.services[region].get("/api/v1/gate/widget/1.4.2?regions=2"))
        assert (record["source"], record["ruling"]) == ("prometheus", "pass")
    card = json.loads(world.services[EU].get("/api/v1/scorecard/widget/1.4.2"))
    assert card["availability"]["worst_region"] == US


def test_rollouts_are_listed_over_all_regions(world):
    found = json.loads(world.services[EU].get("/api/v1/rollouts?product=widget"))
    [row] = found["rollouts"]
    assert (found["source"], row["version"]) == ("prometheus", "1.4.2")
    assert len(row["asset"]["reached"]) == 3
    assert row["asset"]["pending"] == [{"endpoint": "cdn", "region": US}]
    none = json.loads(world.services[EU].get("/api/v1/rollouts?product=widget&version=9"))
    assert none["rollouts"] == []


def test_the_past_of_all_regions_is_asked_of_prometheus(world):
    young = world.ask("baseline", "widget", "--format", "json")
    whys = {each["kpi"]: each["why"] for each in json.loads(young.stdout)["kpis"]}
    assert (young.returncode, young.stderr) == (3, "")
    assert whys["artifact_availability"] == "0 whole weeks, and it takes 8"
    # Of what stands a ledger has no past; Prometheus has one, as short as it is here.
    assert whys["mirror_coverage"] == "0 whole weeks, and it takes 8"

    def known() -> dict[str, int]:
        done = world.ask("review", "widget", "--format", "json")
        assert (done.returncode, done.stderr) == (0, "")
        return {each["kpi"]: each["known"] for each in json.loads(done.stdout)["targets"]}

    # What a rule makes of a sight is there at its next evaluation.
    until(lambda: known()["time_to_first_availability"] == 1)
    assert known()["global_propagation"] == 0


async def test_prometheus_understands_all_that_can_be_asked(world):
    now = SystemClock().now()
    async with open_prometheus(PrometheusAccess(world.prometheus.url)) as prometheus:
        for version in ("", '1.4"2'):
            key = ("widget", "stable")
            inquiry = {
                **facts_asked(key, version),
                **kpis_asked(KPIS, key, version),
                **card_asked(key, version),
            }
            await asyncio.gather(*(prometheus.at(query, now) for query in inquiry.values()))
        window = Window(now - timedelta(seconds=10), now)
        found = await prometheus.over("delivery:prober_healthy:bool", window, timedelta(seconds=1))
    assert {series.labels["probe_region"] for series in found} == {EU, US}
    assert all(moment.tzinfo is not None for series in found for moment, _ in series.points)


def test_a_region_that_says_nothing_lets_nothing_pass(world):
    # One that was never started says as much as one that is gone for long.
    text = world.configuration.read_text()
    other = world.configuration.with_name("three.yaml")
    other.write_text(text.replace("defaults:", "  - {name: ap-south-1}\ndefaults:", 1))
    done = run(
        *("gate", "widget", "1.4.2", "--format", "json", "--config", str(other)),
        *("--data-dir", str(world.ledgers[EU])),
    )
    found = {each["kpi"]: each for each in json.loads(done.stdout)["objectives"]}
    assert done.returncode == 3
    assert found["artifact_availability"]["why"] == (
        "nothing was heard of cdn from ap-south-1 and 1 more for 60 min"
    )


def _page(world: World, path: str, region: str = EU) -> dict[str, Any]:
    """Return the twin of a page, once it is of all regions: the first one asked may not be."""
    service, found = world.services[region], {}

    def everywhere() -> bool:
        found.update(json.loads(service.get(f"/api/v1/pages/{path}")))
        return found["notice"] is None

    until(everywhere)
    assert found["source"] == "all regions (2) through Prometheus"
    return found


@pytest.mark.parametrize("region", [EU, US])
def test_the_overview_of_each_service_is_of_all_regions(world, region):
    [widget] = _page(world, "overview", region)["products"]
    shares = {each["region"]: each["availability_30d"] for each in widget["regions"]}
    assert shares[US] < shares[EU] == 1
    assert shares[US] < widget["availability_30d"] < 1
    assert shares[US] < widget["availability_24h"] < 1
    today = {each["region"]: each["days"][-1]["ratio"] for each in widget["regions"]}
    assert today[US] < today[EU] == 1
    [pending] = [each["pending"] for each in widget["rollouts"]]
    assert pending == [f"cdn from {US}"]


def test_the_overview_has_the_verdict_and_the_incidents_of_all(world):
    def ruling() -> str:
        [widget] = _page(world, "overview")["products"]
        # What has not arrived yet is no incident.
        assert widget["open"] == []
        return str(widget["ruling"])

    # What is held of releases is worked out once a minute.
    until(lambda: ruling() == "pass", 100)


def test_the_matrix_of_a_product_has_all_regions(world):
    found = _page(world, "products/widget/stable")
    assert found["matrix"]["regions"] == [EU, US]
    cells = {row["endpoint"]: row["cells"] for row in found["matrix"]["rows"]}
    assert [each["state"] for each in cells["origin"]] == ["up", "up"]
    here, there = cells["cdn"]
    assert (here["state"], here["up"], bool(here["target"])) == ("up", 2, True)
    assert (there["state"], there["reason"], there["target"]) == ("down", "not_found", None)
    assert found["rollout"]["pending"] == [f"cdn from {US}"]
    assert found["scorecard"]["source"] == "prometheus"
    assert found["failures"]["reasons"] == ["not_found"]
    assert found["failures"]["days"][-1]["counts"]["not_found"] > 0
    assert {each["endpoint"] for each in found["latency"]["series"]} == {"origin", "cdn"}


def test_the_page_of_a_release_has_its_files_at_the_places_of_all(world):
    found = _page(world, "products/widget/stable/1.4.2")
    assert set(found["places"]) == {
        f"{endpoint} from {region}" for endpoint in ("origin", "cdn") for region in (EU, US)
    }
    lacking = found["places"].index(f"cdn from {US}")
    assert {row["cells"][lacking]["state"] for row in found["files"]["rows"]} == {"down"}
    assert (found["gate"]["source"], found["gate"]["ruling"]) == ("prometheus", "pass")


def test_kpis_are_of_all_regions(world):
    found = {each["name"]: each for each in _page(world, "kpis")["kpis"]}
    assert found["regions_verified"]["value"] == 1
    assert found["regional_availability"]["met"] is False


def test_a_target_is_known_here_alone(world):
    found = json.loads(world.services[EU].get("/api/v1/pages/targets"))
    assert found["source"] == f"this region ({EU}) only"
