"""The series of a rollout, from the plan to the last pair, over restarts and reloads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe import series
from probe.domain.artifact import AssetClass
from probe.domain.evidence import Event, Naming, Pair, Published, SightedKind, Sighting
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.marker import Marker, MarkerKind
from probe.domain.observation import Failed, Inconclusive, Passed, Proof
from probe.domain.remembered import RememberedRollouts
from probe.domain.target import Depth, Probe, Region
from probe.sinks.rollouts import RolloutSink
from tests.builders import (
    NOON,
    a_product,
    a_release,
    a_target,
    an_artifact,
    an_endpoint,
    an_observation,
)
from tests.fakes.clock import FakeClock
from tests.fakes.metrics import FakeMetrics

CDN = an_endpoint("cdn", deadline_seconds=7200.0)
MIRROR = an_endpoint("mirror")
POINTED = replace(CDN, marker=Marker(MarkerKind.POINTER, "https://cdn.example/latest"))
EU, US = Region("eu"), Region("us")
OLD = a_release("1.0", published_at=NOON - timedelta(days=7))
NEW = a_release("2.0", published_at=NOON - timedelta(minutes=10))
PRODUCT = a_product(CDN, MIRROR)
STABLE = ("widget", "stable")
GONE = Failed(Failure(FailureReason.NOT_FOUND, Phase.WAIT))
OTHER_BYTES = Failed(Failure(FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY))
DOWN = Failed(Failure(FailureReason.TIMEOUT, Phase.WAIT))


def plan(*releases, endpoints=(CDN, MIRROR), regions=(EU,)):
    return [
        a_target(release=release, artifact=artifact, endpoint=endpoint, region=region)
        for release in releases or (NEW, OLD)
        for artifact in release.artifacts
        for endpoint in endpoints
        for region in regions
    ]


def sighting(release, endpoint, seconds, missed=None, region="eu", **fields):
    at = NOON + timedelta(seconds=seconds)
    found = Sighting(
        *STABLE,
        release.version,
        SightedKind.ASSET,
        release.artifacts[0].name,
        endpoint.name,
        region,
        first_at=at,
        last_miss_at=None if missed is None else NOON + timedelta(seconds=missed),
    )
    return replace(found, **fields)


class World:
    """A sink with its plan, and a product whose older release is everywhere."""

    def __init__(self, elsewhere=()):
        self.metrics, self.clock = FakeMetrics(), FakeClock()
        self.sink = RolloutSink(self.metrics, self.clock, elsewhere)

    def start(self, product=PRODUCT, targets=None):
        self.sink.retarget((product,), plan() if targets is None else targets)
        return self

    def value(self, metric, *labels):
        return self.metrics.value(metric, *STABLE, *labels)

    def hear(self, endpoint, verdict=None, release=NEW):
        target = a_target(release=release, endpoint=endpoint, region=EU)
        probe = Probe(target, Depth.FULL)
        observation = an_observation(probe=probe)
        self.sink.record(replace(observation, verdict=verdict) if verdict else observation)


@pytest.fixture
def world():
    return World()


def everywhere(*releases, seconds=30):
    return [sighting(each, endpoint, seconds) for each in releases for endpoint in (CDN, MIRROR)]


def test_the_first_sight_at_a_pair_is_shown_with_how_sure_it_is(world):
    world.start().sink.sighted([sighting(NEW, CDN, 30, missed=15)])
    place = ("2.0", "cdn", "eu", "asset")
    assert world.value(series.RELEASE_FIRST_AVAILABLE, *place) == NOON.timestamp() + 30
    assert world.value(series.RELEASE_UNCERTAINTY, *place) == 15.0
    assert world.value(series.RELEASE_FIRST_AVAILABLE, "2.0", "mirror", "eu", "asset") is None


def test_a_pair_with_half_of_the_files_does_not_have_the_release(world):
    release = a_release("2.0", an_artifact("a.tgz"), an_artifact("b.tgz"))
    world.start(targets=plan(release)).sink.sighted([sighting(release, CDN, 30)])
    place = ("2.0", "cdn", "eu", "asset")
    assert world.value(series.RELEASE_FIRST_AVAILABLE, *place) is None
    world.sink.sighted([sighting(release, CDN, 90, name="b.tgz")])
    assert world.value(series.RELEASE_FIRST_AVAILABLE, *place) == NOON.timestamp() + 90


def test_checksum_files_are_not_waited_for(world):
    sums = an_artifact("SHA256SUMS", asset_class=AssetClass.CHECKSUM)
    release = a_release("2.0", an_artifact("a.tgz"), sums)
    world.start(targets=plan(release)).sink.sighted([sighting(release, CDN, 30)])
    first = world.value(series.RELEASE_FIRST_AVAILABLE, "2.0", "cdn", "eu", "asset")
    assert first == NOON.timestamp() + 30


def test_required_pairs_are_those_of_every_region(world):
    assert world.start().value(series.RELEASE_REQUIRED_ENDPOINTS, "2.0") == 2.0
    other = World(elsewhere=("us", "ap")).start()
    assert other.value(series.RELEASE_REQUIRED_ENDPOINTS, "2.0") == 6.0


def test_a_mirror_that_is_added_later_does_not_reopen_a_release(world):
    world.start(a_product(CDN), plan(endpoints=(CDN,))).sink.sighted([sighting(NEW, CDN, 30)])
    world.start()
    assert world.value(series.RELEASE_REQUIRED_ENDPOINTS, "2.0") == 1.0
    [newest, _] = world.sink.rollouts(*STABLE)
    assert newest.complete


def test_nor_does_a_mirror_that_others_have_to_ask():
    world = World(elsewhere=("us",))
    world.start(a_product(CDN), plan(endpoints=(CDN,)))
    world.start()
    assert world.value(series.RELEASE_REQUIRED_ENDPOINTS, "2.0") == 2.0


def test_of_a_release_that_was_out_before_anybody_looked_no_time_is_told(world):
    world.start().sink.sighted(everywhere(OLD))
    place = ("1.0", "cdn", "eu", "asset")
    assert world.value(series.RELEASE_FIRST_AVAILABLE, *place) == NOON.timestamp() + 30
    assert world.value(series.RELEASE_UNCERTAINTY, *place) is None
    assert world.value(series.RELEASE_START, "1.0", "published") is None
    assert world.value(series.RELEASE_EXCLUDED, "1.0", "cdn", "eu") == 0.0


def test_a_restart_changes_nothing():
    first = World().start()
    first.sink.sighted([*everywhere(OLD), sighting(NEW, CDN, 30, missed=15)])
    first.sink.tick()
    again = World()
    required = (Pair("cdn", "eu"), Pair("mirror", "eu"))
    again.sink.restore(
        RememberedRollouts(
            published=tuple(Published("widget", each, required, NOON) for each in (NEW, OLD)),
            sightings=(*everywhere(OLD), sighting(NEW, CDN, 30, missed=15)),
        )
    )
    assert again.start().metrics.values == first.metrics.values


def test_the_start_is_when_the_release_was_approved(world):
    at = NOON - timedelta(minutes=20)
    world.start()
    published = NEW.published_at.timestamp()
    assert world.value(series.RELEASE_START, "2.0", "published") == published
    world.sink.approve(Event("1", "approval", *STABLE, "2.0", at, "ci", ""))
    assert world.value(series.RELEASE_START, "2.0", "published") is None
    assert world.value(series.RELEASE_START, "2.0", "approval") == at.timestamp()


def test_a_pair_past_its_deadline_is_excluded_and_stays_so(world):
    world.start().sink.sighted([sighting(NEW, MIRROR, 30)])
    assert world.value(series.RELEASE_EXCLUDED, "2.0", "cdn", "eu") == 0.0
    world.clock.stall(7200)
    world.sink.tick()
    assert world.value(series.RELEASE_EXCLUDED, "2.0", "cdn", "eu") == 1.0
    world.sink.sighted([sighting(NEW, CDN, 7200)])
    assert world.value(series.RELEASE_EXCLUDED, "2.0", "cdn", "eu") == 1.0
    first = world.value(series.RELEASE_FIRST_AVAILABLE, "2.0", "cdn", "eu", "asset")
    assert first == NOON.timestamp() + 7200


def test_pointers_have_a_first_sight_of_their_own(world):
    world.start(a_product(POINTED, MIRROR), plan(endpoints=(POINTED, MIRROR)))
    pointed = sighting(NEW, CDN, 60, kind=SightedKind.POINTER, name="latest.json")
    world.sink.sighted([sighting(NEW, CDN, 30), pointed])
    for kind, seconds in (("asset", 30), ("pointer", 60)):
        first = world.value(series.RELEASE_FIRST_AVAILABLE, "2.0", "cdn", "eu", kind)
        assert first == NOON.timestamp() + seconds
    kinds = [each.kind.value for each in world.sink.rollouts(*STABLE) if each.version == "2.0"]
    assert kinds == ["asset", "pointer"]
    assert world.sink.rollouts(*STABLE)[1].complete


def test_a_pair_whose_pointer_names_an_older_release_is_not_current(world):
    world.start(a_product(POINTED, MIRROR), plan(endpoints=(POINTED, MIRROR)))
    world.sink.sighted(everywhere(NEW, OLD))
    world.hear(POINTED)
    for named, current, stale in (("2.0", 1.0, 0.0), ("1.0", 0.0, 600.0), ("", 1.0, 0.0)):
        assert world.sink.name(*STABLE, Pair("cdn", "eu"), named)
        world.sink.tick()
        assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") == current
        assert world.value(series.ENDPOINT_STALENESS, "cdn", "eu") == stale
    assert not world.sink.name(*STABLE, Pair("cdn", "eu"), "")


def test_what_a_pointer_named_is_known_after_a_restart_and_counts_while_there_is_one():
    naming = Naming(*STABLE, "cdn", "eu", "1.0", NOON)
    for endpoint, current in ((POINTED, 0.0), (CDN, 1.0)):
        world = World()
        world.sink.restore(RememberedRollouts(namings=(naming,)))
        world.start(a_product(endpoint, MIRROR), plan(endpoints=(endpoint, MIRROR)))
        world.sink.sighted(everywhere(NEW, OLD))
        world.hear(endpoint)
        world.sink.tick()
        assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") == current


def test_a_mirror_that_is_added_later_has_to_serve_the_newest_release_now(world):
    world.start(a_product(CDN), plan(endpoints=(CDN,))).sink.sighted(everywhere(NEW))
    world.start()
    world.hear(MIRROR, GONE)
    world.sink.tick()
    assert world.value(series.ENDPOINT_CURRENT, "mirror", "eu") == 0.0
    world.hear(MIRROR)
    world.sink.tick()
    assert world.value(series.ENDPOINT_CURRENT, "mirror", "eu") == 1.0
    assert world.value(series.ENDPOINT_STALENESS, "mirror", "eu") == 0.0


def test_what_other_processes_have_to_see_is_required_though_they_are_dead():
    world = World(elsewhere=("us",)).start()
    assert world.value(series.ENDPOINT_REQUIRED, "mirror", "us") == 1.0
    assert world.value(series.ENDPOINT_CURRENT, "mirror", "us") is None


def test_a_file_with_other_bytes_is_not_there_because_its_head_can_be_had(world):
    world.start().sink.sighted(everywhere(NEW, OLD))
    target = a_target(release=NEW, endpoint=CDN, region=EU)
    for depth, verdict, current in (
        (Depth.FULL, OTHER_BYTES, 0.0),
        (Depth.HEAD, Passed(Proof.SIZE), 0.0),
        (Depth.FULL, Passed(Proof.DIGEST), 1.0),
    ):
        world.sink.record(an_observation(verdict, probe=Probe(target, depth)))
        world.sink.tick()
        assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") == current


def test_a_release_that_is_kept_no_more_takes_its_series_along(world):
    world.start().sink.sighted(everywhere(NEW, OLD))
    world.start(targets=plan(NEW))
    assert [labels for _, labels in world.metrics.values if "1.0" in labels] == []
    world.start(targets=[])
    assert world.metrics.values == {}


def test_a_pair_is_current_when_it_has_the_release_and_gives_it(world):
    world.start().sink.sighted(everywhere(OLD))
    world.hear(CDN, GONE)
    world.sink.tick()
    assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") == 0.0
    world.sink.sighted(everywhere(NEW))
    world.hear(CDN)
    world.sink.tick()
    assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") == 1.0


@pytest.mark.parametrize("verdict", [GONE, DOWN])
def test_a_pair_that_had_the_release_and_gives_it_no_more_is_not_current(world, verdict):
    world.start().sink.sighted(everywhere(NEW, OLD))
    world.hear(CDN, verdict)
    world.sink.tick()
    assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") == 0.0


def test_who_was_not_asked_lately_is_unknown(world):
    world.start().sink.sighted(everywhere(NEW, OLD))
    assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") is None
    world.hear(CDN)
    world.hear(CDN, Inconclusive(Failure(FailureReason.UPLINK, Phase.CONNECT)))
    world.clock.stall(120)
    world.sink.tick()
    assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") == 1.0
    world.clock.stall(1)
    world.sink.tick()
    assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") is None


def test_staleness_is_the_age_of_the_oldest_release_that_is_lacking(world):
    world.start().sink.sighted([*everywhere(OLD), sighting(NEW, CDN, 30)])
    world.sink.tick()
    assert world.value(series.ENDPOINT_STALENESS, "cdn", "eu") == 0.0
    assert world.value(series.ENDPOINT_STALENESS, "mirror", "eu") == 600.0
    other = World().start()
    week = timedelta(days=7).total_seconds()
    assert other.value(series.ENDPOINT_STALENESS, "cdn", "eu") == week


def test_a_pair_from_which_the_release_went_is_as_stale_as_that_release(world):
    world.start().sink.sighted(everywhere(NEW, OLD))
    world.hear(CDN, GONE)
    world.sink.tick()
    assert world.value(series.ENDPOINT_STALENESS, "cdn", "eu") == 600.0


def test_an_endpoint_that_is_not_required_is_neither_current_nor_stale(world):
    optional = an_endpoint("mirror", required=False)
    world.start(a_product(CDN, optional), plan(endpoints=(CDN, optional)))
    assert world.value(series.ENDPOINT_STALENESS, "mirror", "eu") is None


def test_what_was_heard_outlives_another_plan_of_the_same_release(world):
    world.start().sink.sighted(everywhere(NEW, OLD))
    world.hear(CDN)
    world.start(targets=plan(regions=(EU, US)))
    assert world.value(series.ENDPOINT_CURRENT, "cdn", "eu") == 1.0
