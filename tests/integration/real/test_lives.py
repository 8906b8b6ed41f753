"""
A release and an outage, for real: scraped live, restarted in mid-rollout, killed in mid-incident.

The story is told once. What it says is true is held against the ledger and against Prometheus.
"""

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from probe import series
from probe.clock import SystemClock
from probe.domain.evidence import EVER, Window
from probe.evidence import open_reading
from probe.kpi import Key, Measure, Measured, Scope
from probe.kpi.gathering import Gathering
from probe.kpi.model import Basis
from probe.settings import Settings
from probe.settings.load import parse
from tests.builders import sha256
from tests.daemon import until
from tests.integration.real.delivery_probe import DeliveryProbe
from tests.integration.real.nginx import mirror
from tests.integration.real.prometheus import Prometheus
from tests.integration.real.test_kpis import MEASURES, OUTAGES

pytestmark = [pytest.mark.needs("nginx", "prometheus"), pytest.mark.timeout(180)]

WIDGET = ("widget", "stable")
NAME = "widget_1.4.2_linux_amd64.tar.gz"
BODY = b"\x1f\x8b" + bytes(range(256)) * 64
CLOCK = SystemClock()
FIRST = "delivery_release_first_available_timestamp_seconds"
OPEN = "delivery_incidents_open"
ATTEMPTS = "delivery_download_attempts_total"

_CONFIGURATION = """\
regions: [{{name: eu-west-1}}]
incidents: {{merge: 5s}}
defaults:
  interval: 1s
  timeouts: {{connect: 300ms, first_byte: 500ms, stall: 900ms, total: 900ms}}
products:
  - name: widget
    source: {{kind: manifest, url: "{manifest}"}}
    endpoints:
      - {{name: origin, kind: repository, url: "{origin}/{{name}}", origin: true}}
      - {{name: cdn, kind: cdn, url: "{cdn}/{{name}}", early_probe: always}}
"""


@dataclass(frozen=True)
class Story:
    """When what happened, by the clock of this machine."""

    published_at: datetime
    first_seen: float
    reached_cdn_at: datetime
    broken_at: datetime
    mended_at: datetime


@dataclass(frozen=True)
class Told:
    """The story, and who saw it: a service that was started four times, and a Prometheus."""

    story: Story
    service: DeliveryProbe
    prometheus: Prometheus
    settings: Settings
    ledger: Path

    def local(self, measure: Measure) -> Mapping[Key, float]:
        now = CLOCK.now()
        [widget] = self.settings.products
        with open_reading(self.ledger) as reading:
            gathering = Gathering(reading, widget.product, self.settings.weights, widget.regions)
            evidence = gathering.evidence(Window(now - measure.window, now))
        found = measure.formula(evidence)
        return {key: each.value for key, each in found.items() if isinstance(each, Measured)}

    def recorded(self, measure: Measure) -> Mapping[Key, float]:
        return self.prometheus.query(measure.query, *measure.labels)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("lives")
    for each in ("origin", "cdn"):
        (folder / each).mkdir()
    with (
        mirror(folder / "nginx-origin", folder / "origin") as origin,
        mirror(folder / "nginx-cdn", folder / "cdn") as cdn,
    ):
        manifest = folder / "manifest.json"
        text = _CONFIGURATION.format(manifest=manifest.as_uri(), origin=origin.url, cdn=cdn.url)
        (folder / "probe.yaml").write_text(text)
        settings = parse(text.encode(), "probe.yaml")
        assert isinstance(settings, Settings)
        service = DeliveryProbe(folder / "service", folder / "probe.yaml")
        with Prometheus(folder / "tsdb", service.port, scopes=Scope) as prometheus:
            story = live(folder, service)
            with service:
                told = Told(story, service, prometheus, settings, folder / "service" / "data")
                yield told


def publish(folder: Path) -> datetime:
    put(folder / "origin" / NAME)
    published_at = CLOCK.now()
    asset = {"name": NAME, "size": len(BODY), "hashes": {"sha256": sha256(BODY).hex}}
    release = {
        "schema": "delivery-manifest/v1",
        "product": "widget",
        "version": "1.4.2",
        "channel": "stable",
        "published_at": published_at.isoformat(),
        "assets": [asset],
    }
    (folder / "manifest.json").write_text(json.dumps(release))
    return published_at


def put(file: Path) -> datetime:
    """Have the file there whole, or not at all; return since when."""
    part = file.with_suffix(".part")
    part.write_bytes(BODY)
    now = CLOCK.now()
    part.rename(file)
    return now


def live(folder: Path, service: DeliveryProbe) -> Story:
    published_at, at_cdn = publish(folder), folder / "cdn" / NAME
    with service:
        until(lambda: service.total(FIRST, endpoint="origin"))
        first_seen = service.total(FIRST, endpoint="origin")
        assert service.end() == 0
    with service:
        until(lambda: service.total(ATTEMPTS, endpoint="cdn") >= 2)
        reached_cdn_at = put(at_cdn)
        until(lambda: service.total(FIRST, endpoint="cdn"))
        passed = service.total(ATTEMPTS, endpoint="cdn")
        until(lambda: service.total(ATTEMPTS, endpoint="cdn") >= passed + 3)
        broken_at = CLOCK.now()
        at_cdn.unlink()
        until(lambda: service.total(OPEN, endpoint="cdn"))
        service.send(signal.SIGKILL)
        assert service.end() == -signal.SIGKILL
    with service:
        until(lambda: service.total(ATTEMPTS, endpoint="cdn") >= 2)
        mended_at = put(at_cdn)
        until(lambda: not service.total(OPEN, endpoint="cdn"))
    return Story(published_at, first_seen, reached_cdn_at, broken_at, mended_at)


# How far off what is seen may be: there is an attempt each second, and one may be late.
STEP = 2.0


def true_of(story: Story) -> Mapping[str, tuple[float, float]]:
    """Return between what each number of the whole product has to lie."""
    first = story.first_seen - story.published_at.timestamp()
    everywhere = (story.reached_cdn_at - story.published_at).total_seconds()
    outage = (story.mended_at - story.broken_at).total_seconds()
    return {
        "delivery:release_completeness:ratio": (1, 1),
        "delivery:missing_asset_releases:ratio": (0, 0),
        "delivery:mirror_coverage:ratio": (1, 1),
        'delivery:time_to_first_availability_seconds:quantile{quantile="0.95"}': (first, first),
        'delivery:release_propagation_seconds:quantile{quantile="0.95"}': (
            everywhere,
            everywhere + STEP,
        ),
        'delivery:release_control_coverage:ratio{control="checksum"}': (1, 1),
        "delivery:checksum_verification:ratio_30d": (1, 1),
        # Three failures in a row, a second apart, after half a second between the last pass and
        # the first of them.
        "delivery:mean_time_to_detect_seconds": (2.5 - STEP, 2.5 + STEP),
        "delivery:mean_time_to_restore_overall_seconds": (outage - STEP, outage + STEP),
        "delivery:incident_recurrence:ratio_90d": (0, 0),
        "delivery:incidents_told_by_users:ratio_90d": (0, 0),
    }


def test_a_restart_in_mid_rollout_invents_no_later_time(told):
    place = {"endpoint": "origin", "object": "asset"}
    assert told.service.total(FIRST, **place) == told.story.first_seen


def test_a_kill_in_mid_incident_makes_it_neither_two_nor_none(told):
    with open_reading(told.ledger) as reading:
        [incident] = reading.incidents(*WIDGET, EVER)
    assert (incident.endpoint, incident.reason, incident.joined) == ("cdn", "not_found", "")
    assert told.story.broken_at < incident.first_failure_at < incident.detected_at
    assert incident.detected_at < told.story.mended_at < incident.restored_at
    assert told.service.total("delivery_incidents_total") == 1


def test_both_readings_say_what_is_true(told):
    for query, (least, most) in true_of(told.story).items():
        _, measure = MEASURES[query]
        until(lambda query=query: told.prometheus.query(query))
        for value in (told.local(measure)[()], told.recorded(measure)[()]):
            assert least - 1e-3 <= value <= most + 1e-3, query


# Outages that no register tells of are seen minute by minute, and this world lasts for seconds.
@pytest.mark.parametrize("query", sorted(MEASURES.keys() - {OUTAGES}))
def test_both_readings_say_the_same(told, query):
    _, measure = MEASURES[query]
    off = tolerance(measure)
    # What was seen last is recorded a scrape and an evaluation later.
    with suppress(AssertionError):
        until(lambda: told.recorded(measure) == pytest.approx(told.local(measure), abs=off), 10)
    assert told.recorded(measure) == pytest.approx(told.local(measure), abs=off)


def tolerance(measure: Measure) -> float:
    if "duration" in measure.query:
        return series.DURATION_BUCKETS[0]
    # A quarter of what is seen in these seconds are edges: starts, ends, and scrapes between them.
    return 0.25 if measure.basis is Basis.COUNTS else 1e-3
