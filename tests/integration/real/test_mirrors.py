"""The whole way: real artifacts on real mirrors, probed, scraped, and asked for in PromQL."""

from collections.abc import Iterator

import pytest

from probe.domain.failure import DELIVERY_REASONS
from tests.daemon import until
from tests.integration.real import world
from tests.integration.real.artifacts import PREVIOUS
from tests.integration.real.delivery_probe import DeliveryProbe
from tests.integration.real.prometheus import Prometheus

pytestmark = [pytest.mark.needs("nginx", "prometheus"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def mirrors(tmp_path_factory, published_wheels, published_packages) -> Iterator[world.World]:
    with world.running(
        tmp_path_factory.mktemp("world"), published_wheels, published_packages
    ) as mirrors:
        yield mirrors


@pytest.fixture(scope="module")
def service(mirrors, tmp_path_factory) -> Iterator[DeliveryProbe]:
    with DeliveryProbe(tmp_path_factory.mktemp("service"), mirrors.configuration) as service:
        yield service


@pytest.fixture(scope="module")
def prometheus(service, mirrors, tmp_path_factory) -> Iterator[Prometheus]:
    """Return a Prometheus that has seen every target, and each of them about twice."""
    count = len(mirrors.expected())
    with Prometheus(tmp_path_factory.mktemp("prometheus"), service.port) as prometheus:
        until(lambda: prometheus.query("count(delivery_artifact_available)").get(()) == count)
        attempts = "sum(delivery_download_attempts_total)"
        until(lambda: prometheus.query(attempts)[()] >= 2 * count)
        yield prometheus


def test_availability_is_that_of_each_artifact_at_each_mirror_from_each_region(prometheus, mirrors):
    available = prometheus.query(
        "delivery_artifact_available", "product", "endpoint", "probe_region", "artifact"
    )
    assert available == {
        target: 0.0 if reason else 1.0 for target, reason in mirrors.expected().items()
    }


def test_each_failing_artifact_has_its_one_reason(prometheus, mirrors):
    platforms = {wheel.path.name: wheel.platform for wheel in mirrors.wheels}
    failing = prometheus.query(
        "sum by (product, endpoint, probe_region, platform, reason)"
        " (delivery_download_failures_total) > 0",
        "product", "endpoint", "probe_region", "platform", "reason",
    )  # fmt: skip
    assert set(failing) == {
        (product, endpoint, region, platforms.get(artifact, "any"), reason)
        for (product, endpoint, region, artifact), reason in mirrors.expected().items()
        if reason
    }


def test_the_ratio_of_successes_tells_the_mirrors_apart(prometheus):
    ratios = prometheus.query(
        "1 - sum by (product, endpoint) (delivery_download_failures_total)"
        " / sum by (product, endpoint) (delivery_download_attempts_total)",
        "product",
        "endpoint",
    )
    assert ratios == {
        (world.WHEELS, world.SOUND): 1.0,
        (world.WHEELS, world.BROKEN): 0.0,
        (world.WHEELS, world.STALE): 0.0,
        (world.PACKAGES, world.SOUND): 1.0,
        (world.PACKAGES, world.BROKEN): 0.0,
        (world.PACKAGES, world.STALE): 1.0,
    }


def test_every_reason_is_there_from_the_start(prometheus):
    reasons = prometheus.query("count by (reason) (delivery_download_failures_total)", "reason")
    assert set(reasons) == {(reason.value,) for reason in DELIVERY_REASONS}


def test_the_stale_mirror_says_that_it_answers_from_its_cache(prometheus):
    answers = prometheus.query(
        'sum by (cache) (delivery_download_cache_total{product="propcache", endpoint="mirror-c"})'
        " > 0",
        "cache",
    )
    assert set(answers) == {("hit",)}


def test_nothing_is_held_against_the_prober(prometheus):
    assert prometheus.query("sum(delivery_probe_errors_total)") == {(): 0.0}
    assert prometheus.query("min(delivery_prober_control_up)") == {(): 1.0}


def test_an_exemplar_leads_from_a_failure_to_the_probe_that_saw_it(prometheus, service):
    exemplars = prometheus.exemplars('delivery_download_failures_total{reason="stale"}')
    seen = service.observation(exemplars[-1]["labels"]["probe_id"])
    assert (seen["endpoint"], seen["reason"]) == (world.STALE, "stale")
    assert seen["detail"] == f"serves version {PREVIOUS}"
