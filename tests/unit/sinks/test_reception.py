"""What is told, taken in: idempotent, joined to what is known, and on the disk first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe import series
from probe.domain.evidence import DetectedBy, Event
from probe.domain.outage import Cause
from probe.domain.target import EndpointKind, Region
from probe.domain.told import Alert, Approval, PostMortem, Report, Told, Unfit
from probe.sinks.incidents import IncidentSink
from probe.sinks.reception import Reception
from probe.sinks.register import Register
from probe.sinks.rollouts import RolloutSink
from tests.builders import NOON, a_product, a_release, a_target, an_endpoint
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.metrics import FakeMetrics
from tests.unit.domain.test_outage import an_incident

MINUTE = timedelta(minutes=1)
CDN = an_endpoint("cdn", kind=EndpointKind.CDN)
WIDGET = ("widget", "stable")
ALERT = Alert("f1", "DeliveryEndpointOutage", *WIDGET, "cdn", "eu", "timeout", NOON)
REPORT = Report(*WIDGET, "cdn", "", "", "", NOON, "cannot download", since=NOON - 5 * MINUTE)
APPROVAL = Approval(*WIDGET, "1.4.2", NOON - 20 * MINUTE, "ci")


class World:
    """A reception with a product that is probed."""

    def __init__(self):
        self.metrics, self.clock, self.ledger = FakeMetrics(), FakeClock(), FakeLedger()
        self.register = Register(self.metrics, self.clock, self.ledger)
        self.rollouts = RolloutSink(self.metrics, self.clock)
        self.reception = Reception(self.ledger, self.register, self.rollouts)
        product = a_product(CDN)
        self.reception.products = {WIDGET: product}
        target = a_target(release=a_release(), endpoint=CDN, region=Region("eu"))
        for sink in (self.rollouts, IncidentSink(self.register, self.clock, self.ledger)):
            sink.retarget((product,), [target])

    def seen(self, **fields):
        """Put in an incident that the probe saw."""
        first = NOON - MINUTE
        incident = an_incident(first_failure_at=first, onset=first, region="eu", **fields)
        self.register.keep(incident)
        return incident

    @property
    def incidents(self):
        return list(self.register.select(lambda _: True))

    def counted(self, class_, by):
        return self.metrics.value(series.INCIDENTS, *WIDGET, class_, "false", by)


@pytest.fixture
def world():
    return World()


async def test_an_approval_is_kept_and_is_the_start_of_the_release(world):
    assert await world.reception.approve(APPROVAL) is Told.OPENED
    [event] = world.ledger.entries
    assert isinstance(event, Event)
    start = world.metrics.value(series.RELEASE_START, *WIDGET, "1.4.2", "approval")
    assert start == APPROVAL.at.timestamp()


async def test_only_the_first_approval_counts(world):
    await world.reception.approve(APPROVAL)
    assert await world.reception.approve(replace(APPROVAL, at=NOON)) is Told.KNOWN
    assert len(world.ledger.entries) == 1


async def test_an_approval_of_no_product_is_refused(world):
    with pytest.raises(Unfit, match="no product gadget on channel stable"):
        await world.reception.approve(replace(APPROVAL, product="gadget"))


async def test_an_alert_opens_an_incident_once(world):
    assert await world.reception.alert(ALERT) is Told.OPENED
    assert await world.reception.alert(ALERT) is Told.KNOWN
    [incident] = world.incidents
    assert (incident.detected_by, incident.detected_at) == (DetectedBy.ALERT, NOON)
    assert (incident.incident_class, incident.fingerprint) == ("timeout:cdn", "f1")
    assert world.counted("timeout:cdn", "alert") == 1.0


async def test_which_alert_came_is_kept_whatever_a_post_mortem_says(world):
    await world.reception.alert(ALERT)
    await world.reception.alert(ALERT)
    await world.reception.post_mortem(PostMortem(ALERT.id, Cause.SYNC, "A4", "rsync stopped"))
    [event] = [each for each in world.ledger.entries if isinstance(each, Event)]
    assert (event.kind, event.id, event.at) == ("alert", ALERT.id, NOON)
    assert event.detail == "DeliveryEndpointOutage"


async def test_an_alert_that_is_resolved_ends_its_incident_once(world):
    over = replace(ALERT, ended_at=NOON + 9 * MINUTE)
    await world.reception.alert(ALERT)
    assert await world.reception.alert(over) is Told.RESOLVED
    assert await world.reception.alert(over) is Told.KNOWN
    assert world.incidents[0].restored_at == NOON + 9 * MINUTE


async def test_an_alert_that_is_first_heard_of_when_it_is_over_is_an_incident_too(world):
    await world.reception.alert(replace(ALERT, ended_at=NOON + 9 * MINUTE))
    assert world.incidents[0].impact_minutes == 9.0


async def test_an_alert_about_what_the_probe_sees_is_part_of_that(world):
    seen = world.seen()
    assert await world.reception.alert(replace(ALERT, started_at=NOON + MINUTE)) is Told.JOINED
    assert [each.joined for each in world.incidents] == ["", seen.id]
    assert world.counted("timeout:cdn", "alert") == 0.0
    assert world.register.find(seen.id) == seen


async def test_an_alert_before_the_probe_was_sure_detected_the_incident(world):
    seen = world.seen(detected_at=NOON + 3 * MINUTE)
    await world.reception.alert(ALERT)
    found = world.register.find(seen.id)
    assert found is not None
    assert (found.detected_by, found.detected_at) == (DetectedBy.ALERT, NOON)


async def test_the_time_to_detect_what_an_alert_told_first_is_from_when_the_probe_saw_it_begin(
    world,
):
    await world.reception.alert(ALERT)
    part = an_incident(
        onset=NOON - MINUTE, region="eu", first_failure_at=NOON - MINUTE, joined=ALERT.id, minutes=4
    )
    world.register.keep(part)
    await world.reception.alert(replace(ALERT, ended_at=NOON + 9 * MINUTE))
    world.clock.stall(3600)
    world.register.tick()
    told = world.metrics.observed
    assert told[series.INCIDENT_DETECTION.name, WIDGET] == [60.0]
    assert told[series.INCIDENT_RESTORE.name, WIDGET] == [240.0]


async def test_an_alert_that_fires_again_soon_is_the_same_incident(world):
    await world.reception.alert(replace(ALERT, ended_at=NOON + 2 * MINUTE))
    again = replace(ALERT, started_at=NOON + 5 * MINUTE)
    assert await world.reception.alert(again) is Told.UPDATED
    [incident] = world.incidents
    assert incident.restored_at is None
    assert await world.reception.alert(replace(again, ended_at=NOON + 7 * MINUTE)) is Told.RESOLVED


async def test_an_alert_about_something_else_is_ignored(world):
    assert await world.reception.alert(replace(ALERT, product="")) is Told.IGNORED
    assert world.ledger.entries == []


async def test_a_report_of_a_user_is_an_incident_that_a_user_detected(world):
    incident = await world.reception.report(REPORT)
    assert await world.reception.report(REPORT) == incident
    assert (incident.detected_by, incident.detected_at) == (DetectedBy.USER, NOON)
    assert (incident.onset_at, incident.incident_class) == (NOON - 5 * MINUTE, "unknown:cdn")
    assert len(world.incidents) == 1


async def test_a_report_before_the_probe_was_sure_makes_it_detected_by_a_user(world):
    seen = world.seen(detected_at=NOON + MINUTE)
    told = await world.reception.report(replace(REPORT, since=None))
    assert told.joined == seen.id
    found = world.register.find(seen.id)
    assert found is not None
    assert (found.detected_by, found.detected_at) == (DetectedBy.USER, NOON)


async def test_a_report_that_cannot_be_is_refused(world):
    with pytest.raises(Unfit, match="no endpoint ftp of widget; there are cdn"):
        await world.reception.report(replace(REPORT, endpoint="ftp"))
    with pytest.raises(Unfit, match="until is before the beginning"):
        await world.reception.report(replace(REPORT, until=NOON - 9 * MINUTE))
    assert world.incidents == []


async def test_a_post_mortem_names_cause_and_metric(world):
    seen = world.seen()
    found = PostMortem(seen.id, Cause.SYNC, "A4", "rsync stopped")
    incident = await world.reception.post_mortem(found)
    assert (incident.incident_class, incident.cause) == ("timeout:cdn:sync", "sync")
    assert (incident.metric_matched, incident.report) == ("A4", "rsync stopped")
    assert world.register.find(seen.id) == incident


async def test_a_post_mortem_tells_when_what_a_user_reported_began_and_ended(world):
    told = await world.reception.report(REPORT)
    found = PostMortem(
        told.id, Cause.CACHE, "none", "stale", NOON - 30 * MINUTE, NOON + 30 * MINUTE
    )
    incident = await world.reception.post_mortem(found)
    assert incident.impact_minutes == 60.0


async def test_a_post_mortem_that_contradicts_what_was_seen_is_refused(world):
    seen, told = world.seen(), await world.reception.report(replace(REPORT, since=None))
    found = PostMortem(seen.id, Cause.OTHER, "none", "x")
    for wrong, why in [
        (replace(found, restored_at=NOON), "the probe saw"),
        (replace(found, incident="nobody"), "no incident nobody"),
        (replace(found, incident=told.id, onset_at=NOON + MINUTE), "after the detection"),
        (replace(found, incident=told.id, restored_at=NOON - MINUTE), "before the onset"),
    ]:
        with pytest.raises(Unfit, match=why):
            await world.reception.post_mortem(wrong)
