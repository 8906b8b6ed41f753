"""Two regions with a Prometheus each, and one that sees both by federation, as the docs say."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from probe.kpi import Scope
from tests.contracts.source import ROOT
from tests.daemon import until
from tests.integration.real.delivery_probe import DeliveryProbe
from tests.integration.real.nginx import mirror
from tests.integration.real.prometheus import Prometheus
from tests.integration.real.test_operation import NAME, Release

pytestmark = [pytest.mark.needs("prometheus", "nginx")]

REGIONS = ("eu-west-1", "us-east-1")


@dataclass(frozen=True)
class Joined:
    """The regions' servers, the one that joins them, and the file that they ask for."""

    regional: tuple[Prometheus, ...]
    everywhere: Prometheus
    file: Path


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joined]:
    folder = tmp_path_factory.mktemp("joined")
    release = Release(folder, mirror(folder / "origin", folder / "files"))
    release.publish()
    release.configure("origin")
    text = release.configuration.read_text()
    names = ", ".join(f"{{name: {region}}}" for region in REGIONS)
    release.configuration.write_text(re.sub(r"regions: \[.*\]", f"regions: [{names}]", text))
    with ExitStack() as stack:
        stack.enter_context(release.origin)
        regional = tuple(_region(stack, folder, release, region) for region in REGIONS)
        addresses = [each.address for each in regional]
        everywhere = Prometheus(
            folder / "all", scopes=[Scope.GLOBAL], scraping=_federation(addresses)
        )
        yield Joined(regional, stack.enter_context(everywhere), folder / "files" / NAME)


def _region(stack: ExitStack, folder: Path, release: Release, region: str) -> Prometheus:
    service = DeliveryProbe(
        folder / f"service-{region}", release.configuration, f"--region={region}"
    )
    stack.enter_context(service)
    prometheus = Prometheus(folder / region, service.port, scopes=[Scope.REGIONAL])
    return stack.enter_context(prometheus)


def _federation(addresses: list[str]) -> str:
    """Return how docs/joining.md says to scrape other servers, with the addresses of these."""
    text = (ROOT / "docs/joining.md").read_text().partition("## Federation")[2]
    (block,) = re.findall(r"^(scrape_configs:\n.*?)^rule_files", text, re.MULTILINE | re.DOTALL)[:1]
    targets = ", ".join(f'"{address}"' for address in addresses)
    hasty = re.sub(r"scrape_timeout: \w+", "scrape_timeout: 1s", block)
    return re.sub(r"targets: \[.*\]", f"targets: [{targets}]", hasty)


def test_what_all_regions_see_is_an_outage(joined):
    def outage() -> dict[tuple[str, ...], float]:
        return joined.everywhere.query("delivery:endpoint_outage:bool", "endpoint")

    until(lambda: outage() == {("origin",): 0.0})
    gone = joined.file.rename(joined.file.with_name("gone"))
    try:
        until(lambda: outage() == {("origin",): 1.0})
        firing = 'ALERTS{alertname="DeliveryEndpointOutage", alertstate="firing"}'
        until(lambda: joined.everywhere.query(firing, "endpoint") == {("origin",): 1.0})
    finally:
        gone.rename(joined.file)
    until(lambda: outage() == {("origin",): 0.0})


def test_every_rule_can_be_evaluated_where_its_scope_says(joined):
    for server in (*joined.regional, joined.everywhere):
        evaluated = until(server.rules)
        assert {name: fault for name, fault in evaluated.items() if fault} == {}
        assert len(evaluated) >= 20


def test_targets_are_one_though_each_region_records_them(joined):
    asked = 'delivery:slo_target:ratio{kpi="mirror_coverage"}'
    until(lambda: len(joined.everywhere.query(asked, "prometheus")) == len(REGIONS))
    covered = "delivery:mirror_coverage:ratio"
    until(lambda: joined.everywhere.query(covered, "product") == {("widget",): 1.0})
