"""When an incident of a pair begins, what is in it, and when it is over."""

from datetime import timedelta

import pytest

from probe.domain.evidence import DetectedBy, RestoredBy
from probe.domain.failure import FailureReason, Phase
from probe.domain.incident import HEALTHY, Change, PairHealth, Transition, keep_only, serve, step
from probe.domain.streak import IncidentPolicy
from probe.domain.target import Depth, EndpointKind
from tests.builders import NOON, a_release, a_target, an_artifact, an_endpoint
from tests.ledgers import an_attempt

OLD = a_release(published_at=NOON - timedelta(days=9))
CDN = a_target(release=OLD, endpoint=an_endpoint("cdn", kind=EndpointKind.CDN))
POLICY = IncidentPolicy()
CHECKSUM = (FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY)


def seconds(amount):
    return timedelta(seconds=amount)


def play(verdicts, *, every=60.0, target=CDN, health=HEALTHY, policy=POLICY, start=0.0, **fields):
    """Take in one attempt for each letter: p(assed), F(ailed), i(nconclusive)."""
    changes: list[Transition] = []
    for number, letter in enumerate(verdicts):
        passed = {"p": True, "F": False, "i": None}[letter]
        attempt = an_attempt(start + every * number, passed, target=target, **fields)
        health, change = step(health, attempt, policy)
        changes += [change] if change else []
    return health, changes


def test_an_incident_opens_with_the_third_failure_in_a_row():
    assert play("ppFF")[1] == []
    _, [opened] = play("ppFFF")
    incident = opened.incident
    assert opened.change is Change.OPENED
    assert incident.first_failure_at == NOON + seconds(120)
    assert incident.last_success_at == NOON + seconds(60)
    assert incident.onset_at == NOON + seconds(90)
    assert incident.detected_at == NOON + seconds(240)
    assert incident.detected_by is DetectedBy.PROBE
    assert (incident.reason, incident.incident_class) == ("timeout", "timeout:cdn")
    assert (incident.endpoint, incident.region) == ("cdn", "eu-west-1")


def test_a_target_that_never_passed_began_to_fail_with_its_first_failure():
    _, [opened] = play("FFF")
    assert opened.incident.onset_at == NOON
    assert opened.incident.last_success_at is None


def test_five_of_ten_failures_open_one_too_and_it_began_with_the_first_of_them():
    _, [opened] = play("pFFpFpFpF")
    assert opened.incident.first_failure_at == NOON + seconds(60)
    assert opened.incident.last_success_at == NOON


def test_failures_that_are_no_more_among_the_last_ten_begin_nothing():
    _, [opened] = play(("F" + "p" * 8) * 5 + "FpFpFpFpF")
    assert opened.incident.first_failure_at == NOON + seconds(45 * 60)
    assert opened.incident.last_success_at == NOON + seconds(44 * 60)


def passed_at(depths, reason, failed):
    """Return the last success of an incident that follows a pass at each of *depths*."""
    health = HEALTHY
    for number, depth in enumerate(depths):
        health, _ = play("p", health=health, start=60.0 * number, depth=depth)
    _, [opened] = play("FFF", health=health, start=600, depth=failed, fault=(reason, Phase.WAIT))
    return opened.incident.last_success_at


ALL_DEPTHS = (Depth.FULL, Depth.HEAD, Depth.RANGE, Depth.HEAD)


@pytest.mark.parametrize(
    ("reason", "failed", "minute"),
    [
        (FailureReason.CHECKSUM_MISMATCH, Depth.FULL, 0),
        (FailureReason.TRUNCATED, Depth.RANGE, 2),
        (FailureReason.TRUNCATED, Depth.FULL, 2),
        (FailureReason.HTTP_5XX, Depth.FULL, 3),
        (FailureReason.NOT_FOUND, Depth.HEAD, 3),
    ],
)
def test_the_last_success_is_one_that_could_have_seen_the_failure(reason, failed, minute):
    assert passed_at(ALL_DEPTHS, reason, failed) == NOON + seconds(60 * minute)


def test_without_a_pass_as_deep_nothing_is_known_of_the_time_before():
    assert passed_at((Depth.HEAD,), FailureReason.CHECKSUM_MISMATCH, Depth.FULL) is None


def test_it_is_over_with_the_first_of_three_passes_in_a_row():
    _, [_, over] = play("pFFFpFppp")
    assert over.change is Change.RESOLVED
    assert over.incident.restored_at == NOON + seconds(360)
    assert over.incident.restored_by is RestoredBy.ENDPOINT
    assert over.incident.impact_minutes == pytest.approx(5.5)


def test_an_outage_soon_after_another_is_the_same_incident():
    _, changes = play("pFFFpppFFFppp")
    kinds = [each.change.value for each in changes]
    assert kinds == ["opened", "resolved", "reopened", "resolved"]
    assert len({each.incident.id for each in changes}) == 1
    assert changes[-1].incident.impact_minutes == pytest.approx(9.5)


def test_an_outage_ten_minutes_after_another_is_another_incident():
    _, changes = play("pFFF" + "p" * 10 + "FFFppp")
    assert [each.change.value for each in changes] == ["opened", "resolved"] * 2
    assert len({each.incident.id for each in changes}) == 2


def test_a_head_request_that_passes_does_not_end_what_only_the_bytes_show():
    health, _ = play("pFFF", depth=Depth.FULL, fault=CHECKSUM)
    assert play("ppp", health=health, start=300, depth=Depth.HEAD)[1] == []
    [over] = play("ppp", health=health, start=600, depth=Depth.FULL)[1]
    assert over.change is Change.RESOLVED


def test_a_new_file_on_its_way_to_a_mirror_is_no_incident_until_it_is_due():
    target = a_target(release=a_release(published_at=NOON))
    assert play("F" * 30, target=target)[1] == []
    _, [opened] = play("F" * 33, target=target)
    assert opened.incident.first_failure_at == NOON + seconds(1800)


def test_a_new_file_that_was_there_and_went_is_one_at_once():
    target = a_target(release=a_release(published_at=NOON))
    assert [each.change for each in play("pFFF", target=target)[1]] == [Change.OPENED]


def two_files_down():
    other = an_artifact("other.tar.gz")
    second = a_target(release=OLD, artifact=other, endpoint=CDN.endpoint)
    health, first = play("pFFF")
    health, more = play("pFFF", target=second, health=health, start=5)
    return health, second, [*first, *more]


def test_all_that_is_down_at_a_pair_is_one_incident_over_with_the_last():
    health, second, changes = two_files_down()
    assert [each.change for each in changes] == [Change.OPENED]
    health, none = play("ppp", health=health, start=300)
    assert none == []
    _, [over] = play("ppp", target=second, health=health, start=600)
    assert over.incident.restored_at == NOON + seconds(600)


def test_users_are_served_when_all_that_is_down_was_had_elsewhere():
    health, second, _ = two_files_down()
    github = an_endpoint("github")
    health, change = serve(health, an_attempt(400, target=a_target(release=OLD, endpoint=github)))
    assert change is None
    other = a_target(release=OLD, artifact=second.artifact, endpoint=github)
    health, change = serve(health, an_attempt(500, target=other))
    assert change is not None
    assert change.incident.served_at == NOON + seconds(500)
    health, _ = play("ppp", health=health, start=600)
    _, [over] = play("ppp", target=second, health=health, start=1200)
    assert over.incident.restored_by is RestoredBy.FALLBACK
    assert over.incident.restored_at == NOON + seconds(1200)
    assert over.incident.impact_minutes == pytest.approx(470 / 60)


def test_users_are_served_no_more_when_another_file_goes_that_nobody_else_has():
    github = an_endpoint("github")
    health, _ = play("pFFF")
    health, _ = serve(health, an_attempt(400, target=a_target(release=OLD, endpoint=github)))
    other = an_artifact("other.tar.gz")
    second = a_target(release=OLD, artifact=other, endpoint=CDN.endpoint)
    health, [change] = play("pFFF", target=second, health=health, start=500)
    assert (change.change, change.incident.served_at) == (Change.UNSERVED, None)
    at_github = a_target(release=OLD, artifact=other, endpoint=github)
    _, change = serve(health, an_attempt(900, target=at_github))
    assert change is not None
    assert (change.change, change.incident.served_at) == (Change.SERVED, NOON + seconds(900))


def test_a_fallback_that_failed_or_passed_before_serves_nobody():
    health, _ = play("pFFF")
    elsewhere = a_target(release=OLD, endpoint=an_endpoint("github"))
    assert serve(health, an_attempt(400, passed=False, target=elsewhere)) == (health, None)
    assert serve(health, an_attempt(10, target=elsewhere)) == (health, None)


def test_an_incident_ends_when_nobody_asks_for_the_file_any_more():
    health, _ = play("pFFF")
    health, over = keep_only(health, (), 1_000 * int(NOON.timestamp() + 900))
    assert over is not None
    assert over.incident.restored_at == NOON + seconds(900)
    assert health.streaks == {}


def test_targets_that_stay_keep_their_health():
    health, _ = play("pFF")
    assert keep_only(health, (CDN.key,), 0) == (health, None)


@pytest.mark.parametrize(
    "fields", [{"failures": 0}, {"some": 11}, {"of": 65, "some": 5}, {"passes": 0}]
)
def test_a_policy_that_cannot_be_is_refused(fields):
    with pytest.raises(ValueError, match=r"at (least|most)"):
        IncidentPolicy(**fields)


def test_a_healthy_pair_has_no_incident():
    assert not PairHealth().is_open
