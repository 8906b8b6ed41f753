"""From attempts to the register and its series, over restarts and reloads."""

from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta

import pytest

from probe import series
from probe.domain.bucket import attempt_of
from probe.domain.evidence import (
    DetectedBy,
    HealthRecord,
    IncidentRecord,
    LastHeard,
    RestoredBy,
    Segment,
)
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.moment import from_ms
from probe.domain.observation import Failed, Inconclusive, Passed, Proof
from probe.domain.outage import Cause, with_cause
from probe.domain.remembered import RememberedIncidents
from probe.domain.streak import IncidentPolicy
from probe.domain.target import Depth, EndpointKind, Probe, Region
from probe.sinks.incidents import IncidentSink
from probe.sinks.register import Register
from tests.builders import NOON, a_product, a_release, a_target, an_endpoint, an_observation
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.metrics import FakeMetrics

CDN = an_endpoint("cdn", kind=EndpointKind.CDN)
GITHUB = an_endpoint("github", kind=EndpointKind.GITHUB)
EU, US = Region("eu"), Region("us")
OLD = a_release(published_at=NOON - timedelta(days=9))
PRODUCT = a_product(CDN, GITHUB)
WIDGET = ("widget", "stable")
VERDICTS = {
    "p": Passed(Proof.DIGEST),
    "F": Failed(Failure(FailureReason.TIMEOUT, Phase.WAIT)),
    "c": Failed(Failure(FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY)),
    "i": Inconclusive(Failure(FailureReason.UPLINK, Phase.CONNECT)),
}
MERGE = timedelta(minutes=10)


def heard(target, observation):
    release, artifact, endpoint = target.release, target.artifact, target.endpoint
    segment = Segment(
        *WIDGET,
        release.version,
        endpoint.name,
        endpoint.kind,
        target.region.name,
        artifact.asset_class,
        artifact.size_tier,
        endpoint.auth_mode,
    )
    at = from_ms(attempt_of(observation).at_ms)
    return LastHeard(target.key, segment, artifact.name, artifact.platform, "", True, at, at, at)


class SlowLedger(FakeLedger):
    """Answers when it is told to."""

    def __init__(self):
        super().__init__()
        self.answers = []

    def submit(self, *entries):
        self.entries += entries
        self.answers.append(Future())
        return self.answers[-1]


class World:
    """A sink with its register, from the first plan on."""

    def __init__(self, ledger=None, clock=None, remembered=None, weights=None, counts=True):
        self.metrics, self.clock = FakeMetrics(), clock or FakeClock()
        self.ledger = ledger or FakeLedger()
        self.register = Register(self.metrics, self.clock, self.ledger, MERGE, counts=counts)
        self.sink = IncidentSink(self.register, self.clock, self.ledger, weights=weights)
        if remembered:
            self.sink.restore(remembered)
        self.heard = {}
        self.plan()

    def plan(self, *endpoints, regions=(EU, US)):
        self.sink.retarget(
            (PRODUCT,),
            [
                a_target(release=OLD, endpoint=endpoint, region=region)
                for endpoint in endpoints or PRODUCT.endpoints
                for region in regions
            ],
        )

    def play(self, verdicts, endpoint=CDN, region=EU, depth=Depth.FULL):
        """Record one attempt a minute."""
        for letter in verdicts:
            probe = Probe(a_target(release=OLD, endpoint=endpoint, region=region), depth)
            seen = an_observation(VERDICTS[letter], probe=probe, started_at=self.clock.now())
            self.sink.record(seen)
            if letter == "p":
                self.heard[probe.target.key] = heard(probe.target, seen)
            self.clock.stall(60)
        return self

    def tick(self, seconds=0):
        self.clock.stall(seconds)
        self.sink.tick()
        return self

    @property
    def incidents(self) -> list[IncidentRecord]:
        return list(self.register.select(lambda _: True))

    @property
    def remembered(self):
        """What the ledger holds, as a restart finds it."""
        incidents = {e.id: e for e in self.ledger.entries if isinstance(e, IncidentRecord)}
        healths = {
            (e.endpoint, e.region): e for e in self.ledger.entries if isinstance(e, HealthRecord)
        }
        return RememberedIncidents(
            tuple(incidents.values()), tuple(healths.values()), tuple(self.heard.values())
        )

    def counted(self, class_="timeout:cdn", recurrence="false", by="probe"):
        return self.metrics.value(series.INCIDENTS, *WIDGET, class_, recurrence, by)

    def recent(self):
        """Return how many are new, and how many repeat another."""
        return tuple(
            self.metrics.value(series.INCIDENTS_RECENT, *WIDGET, recurrence, "probe")
            for recurrence in ("false", "true")
        )

    def open_at(self, endpoint="cdn", region="eu"):
        return self.metrics.value(series.INCIDENTS_OPEN, *WIDGET, endpoint, region)

    def told(self, metric):
        return self.metrics.observed[metric.name, WIDGET]


def test_counters_start_at_zero_with_the_plan():
    world = World()
    assert world.counted() == 0.0
    assert world.counted("unknown:unknown", by="user") == 0.0
    assert world.counted("checksum_mismatch:github", "true", "alert") == 0.0
    assert world.open_at() == 0.0


def test_an_incident_is_in_the_ledger_with_the_health_of_its_pair_and_then_shown():
    world = World().play("pFFF")
    [incident, health] = world.ledger.entries
    assert (incident.id, incident.restored_at) == (world.incidents[0].id, None)
    assert (health.endpoint, health.region) == ("cdn", "eu")
    assert (world.counted(), world.open_at(), world.open_at(region="us")) == (1.0, 1.0, 0.0)


def test_what_is_not_on_the_disk_is_not_shown():
    world = World(SlowLedger()).play("pFFF").tick()
    assert (world.counted(), world.open_at()) == (0.0, 0.0)
    for answer in world.ledger.answers:
        answer.set_result(True)
    world.tick()
    assert (world.counted(), world.open_at()) == (1.0, 1.0)


def test_a_ledger_that_is_down_hides_nothing():
    world = World(FakeLedger(keeps=False)).play("pFFF")
    assert (world.counted(), world.open_at()) == (1.0, 1.0)


def test_the_time_to_restore_is_told_when_it_can_be_no_flap():
    world = World().play("pFFFppp").tick()
    assert world.open_at() == 0.0
    assert world.told(series.INCIDENT_RESTORE) == world.told(series.INCIDENT_DETECTION) == []
    world.tick(600)
    assert world.told(series.INCIDENT_RESTORE) == [210.0]
    assert world.told(series.INCIDENT_DETECTION) == [150.0]
    world.tick(600)
    assert world.told(series.INCIDENT_RESTORE) == [210.0]


def test_the_sums_of_the_last_90_days_are_those_of_the_register():
    world = World().play("pFFF").play("p", GITHUB).play("ppp").tick()
    assert world.metrics.value(series.INCIDENTS_RECENT_DETECTION, *WIDGET) == 150.0
    for aspect, seconds in (("endpoint", 270.0), ("service", 210.0)):
        assert world.metrics.value(series.INCIDENTS_RECENT_OVER, *WIDGET, aspect) == 1.0
        found = world.metrics.value(series.INCIDENTS_RECENT_DURATION, *WIDGET, aspect)
        assert found == seconds
    world.play("FFF").tick()
    assert world.metrics.value(series.INCIDENTS_RECENT_OVER, *WIDGET, "endpoint") == 0.0


def test_a_flap_is_one_incident_with_one_end():
    world = World().play("pFFFpppFFFppp").tick(600)
    assert len(world.incidents) == 1
    assert world.counted() == 1.0
    assert world.told(series.INCIDENT_RESTORE) == [570.0]


def test_a_second_incident_of_its_class_is_a_recurrence():
    world = World().play("pFFF" + "p" * 20 + "FFF")
    first, second = world.incidents
    assert second.recurs == first.id
    assert (world.counted(), world.counted(recurrence="true")) == (1.0, 1.0)
    assert world.tick().recent() == (1.0, 1.0)


def test_causes_that_post_mortems_tell_apart_are_no_recurrence():
    world = World().play("pFFF" + "p" * 20 + "FFF").tick()
    for incident, cause in zip(world.incidents, (Cause.SYNC, Cause.CACHE), strict=True):
        world.register.keep(with_cause(incident, cause))
    assert world.tick().recent() == (2.0, 0.0)
    assert world.counted(recurrence="true") == 1.0


def test_another_region_that_sees_the_same_outage_is_part_of_it():
    world = World().play("pFFF").play("pFFF", region=US)
    first, second = world.incidents
    assert second.joined == first.id
    assert world.counted() == 1.0
    assert (world.open_at(), world.open_at(region="us")) == (1.0, 1.0)
    world.play("ppp").play("ppp", region=US).tick(600)
    assert world.told(series.INCIDENT_DETECTION) == [150.0]
    assert world.told(series.INCIDENT_RESTORE) == [450.0]


def test_users_served_elsewhere_in_their_region_are_noted():
    world = World().play("pFFF").play("p", GITHUB, US)
    assert world.incidents[0].served_at is None
    world.play("p", GITHUB)
    [incident] = world.incidents
    assert incident.restored_by is RestoredBy.FALLBACK
    assert incident.served_at is not None
    assert incident.restored_at is None


def test_impact_is_weighed_by_the_users_of_the_region():
    world = World(weights={"eu": 0.5}).play("pFFFppp")
    [incident] = world.incidents
    assert (incident.impact_minutes, incident.impact_share) == (
        pytest.approx(3.5, abs=0.01),
        pytest.approx(1.75, abs=0.01),
    )


def test_the_middle_lies_between_reads_in_full_whatever_passed_between_them():
    world = World()
    for depth, letter in ((Depth.FULL, "p"), (Depth.HEAD, "pp"), (Depth.FULL, "ccc")):
        world.play(letter, depth=depth)
    [incident] = world.incidents
    assert incident.last_success_at == NOON + timedelta(milliseconds=33)
    assert incident.onset_at == NOON + timedelta(seconds=90, milliseconds=33)


def test_inconclusive_attempts_and_targets_that_are_not_planned_say_nothing():
    world = World().play("iiii").play("FFF", region=Region("elsewhere"))
    assert (world.incidents, world.ledger.entries) == ([], [])


def test_failures_are_kept_with_the_next_tick_and_passes_of_the_well_are_not():
    world = World().play("ppp").tick()
    assert world.ledger.entries == []
    world.play("F").tick()
    assert [type(each) for each in world.ledger.entries] == [HealthRecord]
    assert len(world.tick().ledger.entries) == 1


@pytest.mark.parametrize("cut", range(14))
def test_a_restart_at_any_moment_changes_nothing(cut):
    verdicts = "pFFFpppFFFpppp"
    whole = World().play(verdicts).tick(600)
    before = World().play(verdicts[:cut]).tick()
    after = World(clock=before.clock, remembered=before.remembered)
    after.play(verdicts[cut:]).tick(600)
    assert after.incidents == whole.incidents
    assert after.counted() == whole.counted() == 1.0
    for metric in (series.INCIDENT_DETECTION, series.INCIDENT_RESTORE):
        assert after.told(metric) == whole.told(metric)


def test_a_plan_that_lacks_the_product_because_its_catalog_was_not_read_ends_nothing():
    before = World().play("pFFF").tick()
    after = World(clock=before.clock, remembered=before.remembered)
    after.sink.retarget((PRODUCT,), [])
    assert after.incidents[0].restored_at is None


def test_an_endpoint_that_is_asked_no_more_has_no_open_incident():
    world = World().play("pFFF")
    world.plan(GITHUB)
    [incident] = world.incidents
    assert incident.restored_at == NOON + timedelta(minutes=4)
    assert world.open_at() is None


def test_an_open_incident_whose_health_is_lost_ends_when_its_pair_is_planned():
    before = World().play("pFFF").tick()
    lost = replace(before.remembered, healths=())
    after = World(clock=before.clock, remembered=lost)
    assert after.incidents[0].restored_at is not None


def test_health_that_cannot_be_read_is_left_out():
    before = World().play("pF").tick()
    [health] = before.remembered.healths
    broken = replace(before.remembered, healths=(replace(health, health="{}"),))
    assert World(clock=before.clock, remembered=broken).play("FF").incidents == []


def told_by_a_user(at):
    return IncidentRecord(
        "told", *WIDGET, "", "", at, at, DetectedBy.USER, "unknown", "unknown:unknown"
    )


def test_what_a_user_told_first_takes_in_what_the_probe_sees_and_ends_with_it():
    world = World()
    world.register.keep(told_by_a_user(NOON + timedelta(minutes=2)))
    world.play("pFFF")
    seen, told = world.incidents
    assert (told.id, told.onset_at, seen.joined) == (
        "told",
        NOON + timedelta(seconds=30, milliseconds=33),
        "told",
    )
    assert (world.counted(), world.counted("unknown:unknown", by="user")) == (0.0, 1.0)
    world.play("ppp")
    told = world.register.find("told")
    assert told is not None
    assert told.restored_at == seen_end(world)


def seen_end(world):
    [seen] = world.register.select(lambda each: each.joined == "told")
    return seen.restored_at


def test_a_post_mortem_on_an_open_incident_outlives_its_end():
    world = World().play("pFFF")
    [incident] = world.incidents
    world.register.keep(
        replace(incident, cause="sync", incident_class="timeout:cdn:sync", report="late")
    )
    world.play("ppp")
    [incident] = world.incidents
    assert (incident.cause, incident.report) == ("sync", "late")
    assert incident.restored_at is not None


def test_products_that_are_gone_take_their_series_along():
    world = World().play("pFFF")
    world.sink.retarget((), [])
    left = {name for name, _ in world.metrics.values}
    assert left == set()
    assert not any(world.metrics.observed.values())


def test_incidents_older_than_the_window_are_forgotten():
    world = World().play("pFFFppp").tick(91 * 86_400)
    assert world.incidents == []
    assert (world.counted(), world.recent()) == (1.0, (0.0, 0.0))


def test_counters_go_on_after_a_restart_from_incidents_that_are_long_over():
    before = World().play("pFFFppp").tick(120 * 86_400)
    after = World(clock=before.clock, remembered=before.remembered).tick()
    assert (after.incidents, after.counted()) == ([], 1.0)
    assert after.told(series.INCIDENT_RESTORE) == [210.0]


def test_another_policy_holds_from_the_next_attempt_on():
    world = World()
    world.play("FF")
    world.sink.policy = IncidentPolicy(failures=2)
    assert world.incidents == []
    world.play("F")
    [incident] = world.incidents
    assert incident.detected_at == NOON + timedelta(seconds=120, milliseconds=33)


def test_other_shares_of_users_weigh_what_changes_from_then_on():
    world = World(weights={"eu": 0.5})
    world.play("FFF")
    world.sink.weights = {"eu": 0.25}
    world.play("ppp")
    [incident] = world.incidents
    assert incident.impact_share == pytest.approx(incident.impact_minutes / 4)


def test_outages_are_merged_as_is_said_now():
    world = World()
    world.register.merge = timedelta(minutes=1)
    world.play("FFFppp")
    world.tick()
    assert world.metrics.observed[series.INCIDENT_RESTORE.name, WIDGET] == [180.0]


def test_a_register_that_does_not_count_shows_what_is_open_alone():
    world = World(counts=False)
    world.play("FFF").tick()
    names = {name for name, _ in world.metrics.values} | {
        name for name, _ in world.metrics.observed
    }
    assert names == {series.INCIDENTS_OPEN.name}
    assert world.metrics.value(series.INCIDENTS_OPEN, *WIDGET, "cdn", "eu") == 1.0
    assert len(world.incidents) == 1
