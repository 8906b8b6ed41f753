"""Who watches fails too: nothing is lost that counters can keep, and nobody is told twice."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from probe.kpi import Scope
from tests.contracts.source import ROOT
from tests.daemon import until
from tests.integration.real.alertmanager import Alertmanager, Receivers
from tests.integration.real.delivery_probe import DeliveryProbe
from tests.integration.real.nginx import Nginx, mirror
from tests.integration.real.prometheus import Prometheus
from tests.integration.real.test_alerting import PAGER, hosts
from tests.integration.real.test_operation import ATTEMPTS, BODY, NAME, Release

pytestmark = [pytest.mark.needs("prometheus", "prometheus-alertmanager", "nginx")]

AVAILABLE = "delivery_artifact_available"
FAILURES = "delivery_download_failures_total"
LAST_SUCCESS = "delivery_artifact_last_success_timestamp_seconds"
RECEIVED = "delivery_download_bytes_total"
WHOLE = "delivery_download_duration_seconds_count"
OUTAGE, BURN = "DeliveryEndpointOutage", "DeliveryErrorBudgetBurn"


@dataclass(frozen=True)
class Probed:
    """A file at a mirror, and the service that downloads it each second."""

    file: Path
    service: DeliveryProbe

    def lose(self) -> None:
        """Let the mirror lose the file."""
        self.file.rename(self.file.with_name("gone"))

    def find(self) -> None:
        """Let it have the file again, and wait until the service has seen it."""
        self.file.with_name("gone").rename(self.file)
        until(lambda: self.service.total(AVAILABLE) == 1.0)

    def failures(self) -> float:
        return self.service.total(FAILURES)

    def fail(self, times: int) -> None:
        """Wait for so many more failures."""
        was = self.failures()
        until(lambda: self.failures() >= was + times)


@pytest.fixture
def probed(tmp_path) -> Iterator[Probed]:
    release = Release(tmp_path, mirror(tmp_path / "origin", tmp_path / "files"))
    release.publish()
    release.configure("origin")
    with release.origin, DeliveryProbe(tmp_path / "service", release.configuration) as service:
        until(lambda: service.total(ATTEMPTS) >= 1)
        yield Probed(tmp_path / "files" / NAME, service)


@dataclass(frozen=True)
class Watchers:
    """Who is told of what fires: Prometheus, Alertmanager, and who has the pager."""

    prometheus: Prometheus
    alertmanager: Alertmanager
    receivers: Receivers

    def told(self, status: str) -> set[str]:
        """Return the alerts of which the pager was told."""
        return {alert for to, alert in self.receivers.told(status, "alertname") if to == PAGER}


@pytest.fixture
def watchers(probed, tmp_path) -> Iterator[Watchers]:
    with Receivers() as receivers:
        alertmanager = Alertmanager(tmp_path / "am", hosts(receivers))
        prometheus = Prometheus(
            tmp_path / "prometheus",
            probed.service.port,
            scopes=Scope,
            alertmanager=alertmanager.address,
            # As with the minute that is usual, an alert outlives a restart.
            resend="5s",
        )
        yield Watchers(prometheus, alertmanager, receivers)


def one(prometheus: Prometheus, promql: str) -> float:
    """Return the one value of the answer; 0 if it is empty."""
    return prometheus.query(promql).get((), 0.0)


def counted(prometheus: Prometheus) -> float:
    """Return the increase of all failures, as of the last scrape that is there whole."""
    # Counters begin at zero and the window ends at a sample: nothing is extrapolated.
    found = prometheus.query(f"sum(increase({FAILURES}[1h]))", at=last_scrape(prometheus))
    return found.get((), 0.0)


def last_scrape(prometheus: Prometheus) -> float:
    return one(prometheus, f"min(timestamp({FAILURES}))")


def test_an_alert_outlives_a_prometheus_that_is_killed_and_so_does_what_it_did_not_see(
    probed, watchers
):
    prometheus, service = watchers.prometheus, probed.service
    with watchers.alertmanager:
        with prometheus:
            until(lambda: prometheus.query(AVAILABLE, "endpoint"))
            probed.lose()
            until(lambda: OUTAGE in watchers.told("firing"))
            prometheus.send(signal.SIGKILL)
        probed.fail(times=3)
        with prometheus:
            until(lambda: OUTAGE in prometheus.firing())
            probed.find()
            until(lambda: OUTAGE in watchers.told("resolved"))
            failed = [line for line in service.observations() if line["verdict"] == "failed"]
            assert {line["reason"] for line in failed} == {"not_found"}
            assert counted(prometheus) == probed.failures() == len(failed)
    messages = watchers.receivers.messages(PAGER)
    assert len(set(messages)) == len(messages)


def test_failures_that_begin_and_end_while_no_prometheus_runs_page_when_one_does(probed, watchers):
    prometheus = watchers.prometheus
    with watchers.alertmanager:
        with prometheus:
            until(lambda: prometheus.query(AVAILABLE, "endpoint"))
        probed.lose()
        probed.fail(times=4)
        probed.find()
        assert watchers.told("firing") == set()
        with prometheus:
            until(lambda: BURN in watchers.told("firing"))
            assert counted(prometheus) == probed.failures()
            assert OUTAGE not in watchers.told("firing")


def test_what_begins_and_what_ends_while_alertmanager_is_down_is_told_once_when_it_is_back(
    probed, watchers
):
    prometheus = watchers.prometheus
    with prometheus:
        until(lambda: prometheus.query(AVAILABLE, "endpoint"))
        probed.lose()
        until(lambda: OUTAGE in prometheus.firing())
        until(lambda: "connection refused" in prometheus.log.read_text())
        with watchers.alertmanager:
            until(lambda: OUTAGE in watchers.told("firing"))
        probed.find()
        until(lambda: OUTAGE not in prometheus.firing())
        assert OUTAGE not in watchers.told("resolved")
        with watchers.alertmanager:
            until(lambda: OUTAGE in watchers.told("resolved"))
    messages = watchers.receivers.messages(PAGER)
    assert len(set(messages)) == len(messages)


SLOW = """\
scrape_configs:
  - job_name: delivery-probe
    scrape_interval: 12s
    scrape_timeout: 12s
    static_configs: [{{targets: ["{target}"]}}]
"""


def slow_link(folder: Path, service: DeliveryProbe) -> Nginx:
    """Return a way to *service* on which its metrics take about eleven seconds."""
    rate = len(service.get("/metrics")) // 11
    return Nginx(
        folder,
        f"""location / {{
      proxy_pass http://127.0.0.1:{service.port};
      proxy_set_header Accept-Encoding "";
      proxy_limit_rate {rate};
    }}""",
    )


def next_scrape(prometheus: Prometheus, after: float) -> tuple[float, float]:
    """Return when the first scrape after that moment began and when it ended."""

    def at() -> float:
        began = one(prometheus, f"max(timestamp({ATTEMPTS}))")
        return began if began > after else 0.0

    began = until(at, seconds=60)
    return began, began + one(prometheus, "max(scrape_duration_seconds)")


def starts(service: DeliveryProbe, beyond: float = 0.0) -> list[float]:
    """Return when each attempt began, once one did *beyond*."""

    def found() -> list[float]:
        known = [datetime.fromisoformat(each["started_at"]) for each in service.observations()]
        seconds = [each.timestamp() for each in known]
        return seconds if seconds[-1] > beyond else []

    return until(found)


def test_a_scrape_of_ten_seconds_delays_no_probe_and_is_of_one_moment(probed, tmp_path):
    service = probed.service
    with slow_link(tmp_path / "link", service) as link:
        target = link.url.removeprefix("http://")
        ended = 0.0
        with Prometheus(tmp_path / "prometheus", scraping=SLOW.format(target=target)) as prometheus:
            for _ in range(2):
                began, ended = next_scrape(prometheus, ended)
                assert ended - began > 10
                known = starts(service, beyond=ended)
                assert sum(began < each < ended for each in known) >= 10
                last = one(prometheus, f"max({LAST_SUCCESS})")
                # The log has milliseconds.
                seen = sum(each < last + 0.001 for each in known)
                assert one(prometheus, f"sum({ATTEMPTS})") == seen
                assert one(prometheus, f"sum({WHOLE})") == seen
                assert one(prometheus, f"sum({RECEIVED})") == seen * len(BODY)
    turns = [round(each - known[0]) for each in known]
    assert turns == list(range(len(known)))


def remote_write(service: DeliveryProbe, url: str) -> str:
    """Return how docs/joining.md says to send what *service* shows, to a Prometheus at *url*."""
    text = (ROOT / "docs/joining.md").read_text().partition("## Remote write")[2]
    said = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])
    (scraping,), (writing,) = said["scrape_configs"], said["remote_write"]
    scraping |= {
        "scrape_timeout": "1s",
        "static_configs": [{"targets": [f"127.0.0.1:{service.port}"]}],
    }
    writing["url"] = f"{url}/api/v1/write"
    return yaml.safe_dump({"scrape_configs": [scraping], "remote_write": [writing]})


def test_what_a_region_saw_while_the_link_was_down_is_in_the_centre_when_it_is_up(probed, tmp_path):
    centre = Prometheus(tmp_path / "centre", scopes=Scope, scraping="scrape_configs: []\n")
    writing = remote_write(probed.service, centre.url)
    with Prometheus(tmp_path / "region", scraping=writing) as region:
        with centre:
            until(lambda: centre.query(AVAILABLE, "endpoint"))
        probed.lose()
        probed.fail(times=3)
        probed.find()
        with centre:
            until(lambda: counted(centre) == probed.failures())
            at, scrapes = last_scrape(centre), f"min(count_over_time({FAILURES}[1h]))"
            assert centre.query(scrapes, at=at) == region.query(scrapes, at=at)
            written = {name for (name,) in centre.query('{job="delivery-probe"}', "__name__")}
            assert {"up", AVAILABLE} <= written
            assert "scrape_duration_seconds" not in written
            # It would wait for a centre that takes the rest.
            region.end()
