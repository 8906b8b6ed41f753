"""From what markers say to which release a mirror has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe import series
from probe.domain.evidence import IndexDigest, Naming, Pair, Published, SightedKind, Sighting
from probe.domain.marker import Marker, MarkerKind, MarkerReading, Sign
from probe.domain.remembered import RememberedRollouts
from probe.domain.target import Region
from probe.sinks.markers import MarkerSink
from probe.sinks.rollouts import RolloutSink
from tests.builders import NOON, a_product, a_release, a_target, an_endpoint, sha256
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.metrics import FakeMetrics

POINTER = Marker(MarkerKind.POINTER, "https://mirror.example/latest.txt", "latest")
INDEX = Marker(MarkerKind.INDEX, "https://mirror.example/repomd.xml", "repomd")
EPOCH = Marker(MarkerKind.EPOCH, "https://mirror.example/lastsync", "lastsync")
STABLE = ("widget", "stable")
ORIGIN = an_endpoint("origin", marker=INDEX)
MIRROR = an_endpoint("mirror", marker=POINTER)
OLD = a_release("1.0", published_at=NOON - timedelta(days=7))
NEW = a_release("2.0", published_at=NOON)


class World:
    """A marker sink with a rollout sink that follows two releases."""

    def __init__(self):
        self.metrics, self.clock, self.ledger = FakeMetrics(), FakeClock(), FakeLedger()
        self.rollouts = RolloutSink(self.metrics, self.clock)
        self.sink = MarkerSink(self.metrics, self.clock, self.ledger, self.rollouts)
        self.places = [(*STABLE, each.name, "eu") for each in (ORIGIN, MIRROR)]
        self.sink.reassign(self.places, [(*STABLE, "origin")])
        self.plan(NEW, OLD)

    def plan(self, *releases):
        targets = [
            a_target(release=release, endpoint=endpoint, region=Region("eu"))
            for release in releases
            for endpoint in (ORIGIN, MIRROR)
        ]
        self.rollouts.retarget((a_product(ORIGIN, MIRROR),), targets)

    def read(self, body, endpoint="mirror", marker=POINTER, synced_at=None):
        self.sink.take(
            MarkerReading(
                *STABLE,
                endpoint,
                "eu",
                marker,
                self.clock.now(),
                Sign(synced_at),
                sha256(body),
                body,
            )
        )
        return self

    def named(self, endpoint="mirror"):
        """Which release is taken to be at the mirror, as staleness tells."""
        self.rollouts.sighted(
            Sighting(
                *STABLE,
                each.version,
                SightedKind.ASSET,
                each.artifacts[0].name,
                endpoint,
                "eu",
                first_at=NOON,
            )
            for each in (NEW, OLD)
        )
        self.clock.stall(60)
        self.rollouts.tick()
        stale = self.metrics.value(series.ENDPOINT_STALENESS, *STABLE, endpoint, "eu")
        return "newest or unknown" if stale == 0.0 else "older"

    def entries(self, kind):
        return [each for each in self.ledger.entries if isinstance(each, kind)]


@pytest.fixture
def world():
    return World()


def test_the_time_of_the_last_sync_is_shown_until_the_marker_is_gone(world):
    world.read(b"", marker=EPOCH, synced_at=NOON)
    labels = (*STABLE, "mirror", "eu")
    assert world.metrics.value(series.ENDPOINT_MARKER, *labels) == NOON.timestamp()
    world.sink.reassign([], [])
    assert world.metrics.value(series.ENDPOINT_MARKER, *labels) is None


def test_a_pointer_that_comes_to_the_newest_release_is_sighted_once(world):
    world.read(b"1.0")
    world.clock.stall(300)
    world.read(b"2.0").read(b"2.0")
    [sighting] = world.entries(Sighting)
    assert (sighting.kind, sighting.version, sighting.name) == ("pointer", "2.0", "latest")
    assert (sighting.last_miss_at, sighting.first_at) == (NOON, NOON + timedelta(minutes=5))
    labels = (*STABLE, "2.0", "mirror", "eu", "pointer")
    first = world.metrics.value(series.RELEASE_FIRST_AVAILABLE, *labels)
    assert first == NOON.timestamp() + 300


def test_a_pointer_to_an_older_release_makes_the_mirror_stale(world):
    assert world.read(b"2.0").named() == "newest or unknown"
    assert world.read(b"1.0").named() == "older"


def test_what_a_marker_names_is_kept_when_it_changes(world):
    for body in (b"1.0", b"1.0", b"2.0"):
        world.read(body)
    assert [each.version for each in world.entries(Naming)] == ["1.0", "2.0"]


def test_what_names_no_release_says_nothing(world):
    assert world.read(b"<html>").named() == "newest or unknown"


def test_an_index_that_names_nothing_is_told_by_where_its_digest_was_before(world):
    world.plan(OLD)
    world.clock.step(-3600)
    world.read(b"old index", "origin", INDEX)
    world.clock.step(3600)
    world.plan(NEW, OLD)
    world.read(b"new index", "origin", INDEX)
    versions = {each.digest: each.version for each in world.entries(IndexDigest)}
    assert versions == {sha256(b"old index"): "1.0", sha256(b"new index"): "2.0"}
    assert world.read(b"new index", marker=INDEX).named() == "newest or unknown"
    assert world.read(b"old index", marker=INDEX).named() == "older"


def test_a_digest_seen_at_a_mirror_alone_is_of_no_known_release(world):
    world.read(b"whatever", marker=INDEX)
    [entry] = world.entries(IndexDigest)
    assert entry.version == ""


def test_a_catalog_that_tells_of_a_release_after_its_index_corrects_the_digest(world):
    world.plan(OLD)
    world.read(b"new index", "origin", INDEX)
    world.plan(NEW, OLD)
    world.clock.stall(300)
    world.read(b"new index", "origin", INDEX)
    assert [each.version for each in world.entries(IndexDigest)] == ["1.0", "2.0"]


def test_a_digest_is_written_again_no_sooner_than_in_an_hour(world):
    for _ in range(13):
        world.read(b"1.0")
        world.clock.stall(300)
    seen = [each.last_at for each in world.entries(IndexDigest)]
    assert seen == [NOON, NOON + timedelta(hours=1)]


def test_a_restart_remembers_digests_and_pointers(world):
    world.read(b"old index", "origin", INDEX).read(b"2.0")
    [sighting] = world.entries(Sighting)
    [index] = [each for each in world.entries(IndexDigest) if each.name == "repomd"]
    again = World()
    published = (Published("widget", NEW, (Pair("mirror", "eu"),), NOON),)
    again.rollouts.restore(RememberedRollouts(published, (sighting,)))
    again.sink.restore([replace(index, version="1.0")], [sighting])
    again.read(b"2.0")
    assert again.entries(Sighting) == []
    assert again.read(b"old index", marker=INDEX).named() == "older"
