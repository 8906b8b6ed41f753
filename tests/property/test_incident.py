"""What holds of incidents whatever comes."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.failure import FailureReason, Phase
from probe.domain.health_text import from_text, to_text
from probe.domain.incident import HEALTHY, Change, keep_only, serve, step
from probe.domain.moment import to_ms
from probe.domain.streak import IncidentPolicy
from probe.domain.target import Depth
from tests.builders import NOON, a_release, a_target, an_artifact, an_endpoint
from tests.ledgers import an_attempt

RELEASE = a_release(published_at=NOON - timedelta(days=1))
FRESH_RELEASE = a_release("1.5.0", published_at=NOON + timedelta(minutes=5))
TARGETS = [
    a_target(release=RELEASE),
    a_target(release=RELEASE, artifact=an_artifact("other.tar.gz")),
    a_target(release=FRESH_RELEASE),
]
ELSEWHERE = [
    a_target(release=each.release, artifact=each.artifact, endpoint=an_endpoint("github"))
    for each in TARGETS
]

faults = st.tuples(st.sampled_from(list(FailureReason)), st.sampled_from(Phase))


@st.composite
def policies(draw):
    of = draw(st.integers(1, 20))
    return IncidentPolicy(
        failures=draw(st.integers(1, 6)),
        some=draw(st.integers(1, of)),
        of=of,
        passes=draw(st.integers(1, 5)),
    )


@st.composite
def attempts(draw, most=60, targets=tuple(TARGETS)):
    at, made = 0.0, []
    for gap in draw(st.lists(st.floats(-90, 900), max_size=most)):
        at += gap
        passed = draw(st.sampled_from([True, True, False, False, None]))
        fault = draw(faults) if passed is False else None
        depth = draw(st.sampled_from(Depth))
        target = draw(st.sampled_from(targets))
        made.append(an_attempt(at, passed, target=target, depth=depth, fault=fault))
    return made


def run(health, made, policy):
    changes = []
    for attempt in made:
        health, change = step(health, attempt, policy)
        changes += [change] if change else []
    return health, changes


@given(st.integers(1, 10), st.integers(0, 5))
def test_it_opens_with_exactly_the_nth_failure_in_a_row(failures, passes):
    policy = IncidentPolicy(failures=failures, some=30, of=30)
    made = [an_attempt(60.0 * n, n < passes, target=TARGETS[0]) for n in range(passes + failures)]
    health, changes = run(HEALTHY, made[:-1], policy)
    assert changes == []
    _, [opened] = run(health, made[-1:], policy)
    assert opened.change is Change.OPENED
    assert to_ms(opened.incident.detected_at) == made[-1].at_ms


@given(attempts(), policies())
def test_opened_and_resolved_take_turns(made, policy):
    health, changes = run(HEALTHY, made, policy)
    begins = [each.change is not Change.RESOLVED for each in changes]
    assert begins == [number % 2 == 0 for number in range(len(changes))]
    assert health.is_open == (len(changes) % 2 == 1)
    assert bool(health.down) == health.is_open


@given(attempts(), policies())
def test_inconclusive_attempts_change_nothing(made, policy):
    conclusive = [each for each in made if each.passed is not None]
    assert run(HEALTHY, made, policy) == run(HEALTHY, conclusive, policy)


@given(attempts(), policies(), st.integers(0, 60))
def test_a_restart_goes_on_where_the_process_ended(made, policy, cut):
    whole = run(HEALTHY, made, policy)
    health, before = run(HEALTHY, made[:cut], policy)
    incidents = {health.incident.id: health.incident} if health.incident else {}
    restored = from_text(to_text(health), incidents)
    assert restored == health
    health, after = run(restored, made[cut:], policy)
    assert (health, before + after) == whole


@given(attempts(), policies())
def test_moments_of_an_incident_are_in_order(made, policy):
    for change in run(HEALTHY, made, policy)[1]:
        incident = change.incident
        assert incident.first_failure_at is not None
        assert incident.onset_at <= incident.first_failure_at <= incident.detected_at
        if incident.restored_at is not None:
            assert incident.onset_at <= incident.restored_at
            assert incident.impact_minutes >= 0


@given(attempts(), policies())
def test_a_pair_is_down_while_one_of_its_targets_alone_would_be(made, policy):
    alone = {
        target.key
        for target in TARGETS
        if run(HEALTHY, [each for each in made if each.target is target], policy)[0].is_open
    }
    assert run(HEALTHY, made, policy)[0].down.keys() == alone


@given(attempts(), attempts(targets=tuple(ELSEWHERE)), policies())
def test_a_fallback_never_opens_or_ends_anything(made, elsewhere, policy):
    health, _ = run(HEALTHY, made, policy)
    for attempt in elsewhere:
        after, change = serve(health, attempt)
        assert change is None or change.change is Change.SERVED
        assert (after.down, after.streaks) == (health.down, health.streaks)
        assert after.is_open == health.is_open
        health = after


@given(attempts(), policies())
def test_forgetting_all_targets_leaves_nothing_open(made, policy):
    health, _ = run(HEALTHY, made, policy)
    health, _ = keep_only(health, (), to_ms(NOON))
    assert not health.is_open
    assert not health.down
    assert not health.streaks
