"""What observations and plans do to the series."""

from dataclasses import replace

import pytest

from probe import series
from probe.domain.artifact import MIB, Platform
from probe.domain.failure import DELIVERY_REASONS, OWN_REASONS, Failure, FailureReason, Phase
from probe.domain.observation import Cache, Failed, Inconclusive, Origin, Passed, Proof, Timings
from probe.domain.target import Depth, DepthPolicy, EndpointKind, Probe, Target
from probe.sinks import MetricsSink
from tests.builders import (
    BODY,
    NOON,
    a_download,
    a_release,
    a_target,
    an_artifact,
    an_endpoint,
    an_observation,
)
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics

PAIR = ("widget", "stable", "origin", "repository", "eu-west-1")
TIER = (*PAIR, "xs")
FULL = (*PAIR, "linux/amd64", "xs", "none", "full")
ARTIFACT = (*PAIR, "1.4.2", "widget_1.4.2_linux_amd64.tar.gz", "linux/amd64", "xs")


class Bench:
    """A sink on fakes, with one target unless others are given."""

    def __init__(self, *targets: Target) -> None:
        self.clock = FakeClock()
        self.metrics = FakeMetrics()
        self.sink = MetricsSink(self.metrics, self.clock)
        self.targets = targets or (a_target(),)
        self.plan(*self.targets)

    def plan(self, *targets: Target) -> None:
        self.sink.retarget([], targets)

    def passes(
        self, target: Target | None = None, depth: Depth = Depth.FULL, **fields: object
    ) -> None:
        probe = Probe(target or self.targets[0], depth)
        self.sink.record(an_observation(probe=probe, **fields))

    def fails(
        self,
        reason: FailureReason = FailureReason.NOT_FOUND,
        target: Target | None = None,
        depth: Depth = Depth.FULL,
        **fields: object,
    ) -> None:
        failure = Failure(reason, Phase.WAIT, "said so")
        verdict = Inconclusive(failure) if reason.ours else Failed(failure)
        probe = Probe(target or self.targets[0], depth)
        self.sink.record(an_observation(verdict, probe=probe, **fields))

    def available(self, labels=ARTIFACT) -> float | None:
        return self.metrics.value(series.ARTIFACT_AVAILABLE, *labels)


def test_every_reason_starts_at_zero():
    metrics = Bench().metrics
    assert metrics.value(series.DOWNLOAD_ATTEMPTS, *FULL) == 0
    for reason in DELIVERY_REASONS:
        assert metrics.value(series.DOWNLOAD_FAILURES, *FULL, reason.value) == 0
    for reason in OWN_REASONS:
        assert metrics.value(series.PROBE_ERRORS, "eu-west-1", reason.value) == 0
    assert metrics.value(series.DOWNLOAD_BYTES, *TIER) == 0
    assert metrics.value(series.DOWNLOAD_CACHE, *PAIR, "hit") == 0
    assert metrics.observed[series.DOWNLOAD_DURATION.name, TIER] == []


@pytest.mark.parametrize(
    ("policy", "size", "depths"),
    [
        (DepthPolicy.AUTO, 10 * MIB - 1, {"full"}),
        (DepthPolicy.AUTO, 10 * MIB, {"head", "range", "full"}),
        (DepthPolicy.FULL, 10 * MIB, {"head", "range", "full"}),
        (DepthPolicy.HEAD, 5, {"head"}),
        (DepthPolicy.RANGE, 5, {"range"}),
        (DepthPolicy.RANGE, 0, {"head"}),
    ],
)
def test_only_the_depths_that_will_be_used_start_at_zero(policy, size, depths):
    bench = Bench(a_target(artifact=an_artifact(size=size), endpoint=an_endpoint(depth=policy)))
    shown = {labels[-1] for name, labels in bench.metrics.values if "attempts" in name}
    assert shown == depths


@pytest.mark.parametrize(
    ("policy", "depths"),
    [(DepthPolicy.AUTO, {"head", "full"}), (DepthPolicy.RANGE, {"head"})],
)
def test_a_file_of_unknown_size_may_turn_out_small_or_large(policy, depths):
    artifact = an_artifact(body=None)
    bench = Bench(a_target(artifact=artifact, endpoint=an_endpoint(depth=policy)))
    shown = {labels[-1] for name, labels in bench.metrics.values if "attempts" in name}
    assert shown == depths


def test_a_depth_that_is_used_for_want_of_budget_starts_every_reason_at_zero():
    bench = Bench()
    bench.passes(depth=Depth.HEAD)
    head = (*FULL[:-1], "head")
    assert bench.metrics.value(series.DOWNLOAD_ATTEMPTS, *head) == 1
    for reason in DELIVERY_REASONS:
        assert bench.metrics.value(series.DOWNLOAD_FAILURES, *head, reason.value) == 0


def test_a_pass_counts_bytes_phases_and_time():
    bench = Bench()
    timings = Timings(resolve=0.25, connect=0.5, transfer=1.0, verify=2.0)
    bench.passes(download=a_download(timings=timings, cache=Cache.HIT))
    metrics = bench.metrics
    assert metrics.value(series.DOWNLOAD_ATTEMPTS, *FULL) == 1
    assert metrics.value(series.DOWNLOAD_BYTES, *TIER) == len(BODY)
    assert metrics.value(series.DOWNLOAD_CACHE, *PAIR, "hit") == 1
    assert metrics.observed[series.DOWNLOAD_DURATION.name, TIER] == [1.75]
    phases = {
        labels[-1]: values
        for (name, labels), values in metrics.observed.items()
        if name == series.DOWNLOAD_PHASE.name
    }
    assert phases == {"resolve": [0.25], "connect": [0.5], "transfer": [1.0], "verify": [2.0]}
    assert metrics.value(series.ARTIFACT_LAST_SUCCESS, *ARTIFACT) == NOON.timestamp()
    assert metrics.value(series.ARTIFACT_LAST_FAILURE, *ARTIFACT) is None
    assert bench.available() == 1


def test_a_failure_counts_its_reason_and_no_time():
    bench = Bench()
    bench.fails(FailureReason.TRUNCATED)
    metrics = bench.metrics
    assert metrics.value(series.DOWNLOAD_ATTEMPTS, *FULL) == 1
    assert metrics.value(series.DOWNLOAD_FAILURES, *FULL, "truncated") == 1
    assert metrics.observed[series.DOWNLOAD_DURATION.name, TIER] == []
    assert metrics.value(series.ARTIFACT_LAST_FAILURE, *ARTIFACT) == NOON.timestamp()
    assert bench.available() == 0


def test_what_was_inconclusive_counts_only_as_our_own_error():
    bench = Bench()
    bench.passes()
    before = dict(bench.metrics.values)
    bench.fails(FailureReason.UPLINK, download=a_download(b"", status=None))
    changed = {key for key, value in bench.metrics.values.items() if before.get(key) != value}
    assert changed == {(series.PROBE_ERRORS.name, ("eu-west-1", "uplink"))}


def test_bytes_of_an_inconclusive_attempt_were_received_all_the_same():
    bench = Bench()
    bench.fails(FailureReason.CANCELLED)
    assert bench.metrics.value(series.DOWNLOAD_BYTES, *TIER) == len(BODY)


def test_an_attempt_without_an_answer_says_nothing_of_caches():
    bench = Bench()
    bench.fails(FailureReason.CONNECT, download=a_download(b"", status=None))
    assert bench.metrics.value(series.DOWNLOAD_CACHE, *PAIR, "unknown") == 0


def test_only_full_downloads_are_timed():
    bench = Bench()
    bench.passes(depth=Depth.RANGE)
    assert bench.metrics.value(series.DOWNLOAD_ATTEMPTS, *FULL[:-1], "range") == 1
    assert bench.metrics.observed[series.DOWNLOAD_DURATION.name, TIER] == []


def test_faults_of_copies_are_told_apart_by_where_they_come_from():
    cdn = a_target(endpoint=an_endpoint("cdn", kind=EndpointKind.CDN))
    bench = Bench(cdn, a_target())
    bench.fails(target=cdn, origin=Origin.EDGE)
    bench.fails(target=bench.targets[1])
    labels = ("widget", "stable", "cdn", "cdn", "eu-west-1")
    assert bench.metrics.value(series.DOWNLOAD_ORIGIN, *labels, "edge") == 1
    assert bench.metrics.value(series.DOWNLOAD_ORIGIN, *labels, "origin") == 0
    assert bench.metrics.value(series.DOWNLOAD_ORIGIN, *PAIR, "unknown") is None


def test_the_expiry_of_a_certificate_is_shown_even_of_a_failed_attempt():
    bench = Bench()
    bench.fails(FailureReason.TLS, download=replace(a_download(), certificate_expires_at=NOON))
    labels = ("widget", "stable", "origin", "eu-west-1")
    assert bench.metrics.value(series.ENDPOINT_CERTIFICATE, *labels) == NOON.timestamp()


async def test_a_state_is_forgotten_after_two_intervals_without_news():
    bench = Bench(a_target(endpoint=an_endpoint(interval_seconds=60.0)))
    bench.passes()
    await bench.clock.advance(120)
    bench.sink.expire()
    assert bench.available() == 1
    await bench.clock.advance(0.5)
    bench.sink.expire()
    assert bench.available() is None
    assert bench.metrics.value(series.ARTIFACT_LAST_SUCCESS, *ARTIFACT) == NOON.timestamp()
    bench.fails()
    assert bench.available() == 0


async def test_our_own_errors_are_no_news():
    bench = Bench()
    bench.passes()
    await bench.clock.advance(100)
    bench.fails(FailureReason.UPLINK)
    await bench.clock.advance(21)
    bench.sink.expire()
    assert bench.available() is None


async def test_addresses_that_share_their_labels_are_up_when_all_are():
    first, second = a_target(address="192.0.2.1"), a_target(address="192.0.2.2")
    bench = Bench(first, second)
    bench.passes(first)
    assert bench.available() == 1
    bench.fails(target=second)
    bench.passes(first)
    assert bench.available() == 0
    bench.plan(first)
    assert bench.available() == 1


async def test_an_address_without_news_does_not_speak_for_the_others():
    first, second = a_target(address="192.0.2.1"), a_target(address="192.0.2.2")
    bench = Bench(first, second)
    bench.fails(target=first)
    await bench.clock.advance(100)
    bench.passes(second)
    await bench.clock.advance(100)
    bench.sink.expire()
    assert bench.available() == 1


@pytest.mark.parametrize(
    ("depth", "available"), [(Depth.HEAD, 0), (Depth.RANGE, 0), (Depth.FULL, 1)]
)
def test_bytes_proven_wrong_stay_wrong_until_as_many_are_proven_right(depth, available):
    bench = Bench()
    bench.fails(FailureReason.CHECKSUM_MISMATCH)
    bench.fails(FailureReason.CONNECT, depth=Depth.HEAD)
    bench.passes(depth=depth)
    assert bench.available() == available


def test_a_pass_that_proves_too_little_is_no_success():
    bench = Bench()
    bench.fails(FailureReason.CHECKSUM_MISMATCH)
    bench.passes(depth=Depth.HEAD)
    assert bench.metrics.value(series.ARTIFACT_LAST_SUCCESS, *ARTIFACT) is None
    assert bench.metrics.value(series.DOWNLOAD_FAILURES, *FULL[:-1], "head", "stale") == 0


def test_a_plan_says_how_often_and_whether_it_must_be_there():
    metrics = Bench(a_target(endpoint=an_endpoint(interval_seconds=30, required=False))).metrics
    assert metrics.value(series.PROBE_INTERVAL, *PAIR) == 30
    assert metrics.value(series.ENDPOINT_REQUIRED, "widget", "stable", "origin", "eu-west-1") == 0


def test_a_release_may_name_its_required_endpoints():
    release = replace(a_release(), required_endpoints=("cdn",))
    metrics = Bench(a_target(release=release)).metrics
    assert metrics.value(series.ENDPOINT_REQUIRED, "widget", "stable", "origin", "eu-west-1") == 0


def test_what_is_gone_leaves_no_series_behind():
    bench = Bench()
    bench.passes(depth=Depth.HEAD)
    bench.fails()
    bench.plan()
    assert bench.metrics.values == {}
    assert not bench.metrics.observed


def test_an_attempt_that_outlives_its_target_brings_nothing_back():
    bench = Bench()
    bench.plan()
    bench.fails()
    bench.passes()
    assert bench.metrics.values == {}


def test_what_stays_keeps_its_counters_and_its_state():
    bench = Bench()
    bench.fails()
    bench.passes()
    bench.plan(a_target(), a_target(artifact=an_artifact("widget_1.4.2_linux_amd64.deb")))
    assert bench.metrics.value(series.DOWNLOAD_ATTEMPTS, *FULL) == 2
    assert bench.metrics.value(series.DOWNLOAD_FAILURES, *FULL, "not_found") == 1
    assert bench.available() == 1


def test_a_segment_lives_as_long_as_one_of_its_targets():
    new = a_target(release=a_release("1.5.0"))
    bench = Bench(a_target(), new)
    bench.fails()
    bench.plan(new)
    assert bench.metrics.value(series.DOWNLOAD_FAILURES, *FULL, "not_found") == 1
    assert bench.available() is None


def test_a_file_for_no_platform_says_so():
    bench = Bench(a_target(artifact=an_artifact(platform=None)))
    bench.passes()
    assert bench.metrics.value(series.DOWNLOAD_ATTEMPTS, *PAIR, "none", "xs", "none", "full") == 1


def test_the_platform_any_is_any():
    bench = Bench(a_target(artifact=an_artifact(platform=Platform("any", "any"))))
    bench.passes(verdict=Passed(Proof.SIZE))
    assert bench.metrics.value(series.DOWNLOAD_ATTEMPTS, *PAIR, "any", "xs", "none", "full") == 1


def test_an_attempt_that_outlives_its_region_brings_nothing_back():
    bench = Bench()
    bench.plan()
    bench.fails(FailureReason.UPLINK)
    assert bench.metrics.values == {}


def test_our_own_failure_at_a_target_that_is_gone_still_counts_in_its_region():
    one, other = a_target(), a_target(artifact=an_artifact("other.tar.gz"))
    bench = Bench(one, other)
    bench.plan(other)
    bench.fails(FailureReason.UPLINK, one)
    assert bench.metrics.value(series.PROBE_ERRORS, "eu-west-1", "uplink") == 1
