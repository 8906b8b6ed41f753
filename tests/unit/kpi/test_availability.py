"""A1-A4 where a scripted run does not go."""

from probe.domain.bucket import Tally
from probe.domain.evidence import Pair
from probe.domain.failure import FailureReason, Phase
from probe.kpi import Measured, Unknown
from probe.kpi.availability import AUTHORIZATION_SUCCESS, MIRROR_COVERAGE, REGIONAL_AVAILABILITY
from probe.kpi.value import NOTHING_HEARD
from tests.unit.kpi.builders import a_segment, counted, the_evidence

EU, US = "eu-west-1", "us-east-1"
WEIGHTED = REGIONAL_AVAILABILITY.parts[2].formula


def regions(weights=None):
    tallies = {
        a_segment(region=EU): Tally(up_ms=9_000, known_ms=10_000),
        a_segment(region=US): Tally(up_ms=500, known_ms=1_000),
    }
    return the_evidence(tallies=tallies, weights=weights or {})


def test_a_region_counts_by_its_users_and_not_by_its_attempts():
    assert WEIGHTED(regions({EU: 0.75, US: 0.25})) == {(): Measured(0.8, 11.0)}


def test_a_region_without_a_weight_has_no_users():
    assert WEIGHTED(regions({EU: 0.5})) == {(): Measured(0.9, 10.0)}
    assert WEIGHTED(regions()) == {(): Unknown("no region has a weight")}
    assert WEIGHTED(the_evidence(weights={EU: 1.0})) == {(): NOTHING_HEARD}


def test_the_worst_region_is_not_hidden_by_the_others():
    assert REGIONAL_AVAILABILITY.value(regions()) == Measured(0.5, 1.0)


def test_other_failures_are_no_matter_of_authorization():
    faults = {
        (FailureReason.AUTH_EXPIRED, Phase.AUTH): 1,
        (FailureReason.TIMEOUT, Phase.WAIT): 50,
    }
    tally = Tally(attempts=60, verified=9, faults=faults)
    assert AUTHORIZATION_SUCCESS.value(counted((a_segment(auth_mode="basic"), tally))) == Measured(
        0.9, 10
    )


def test_public_files_say_nothing_of_authorization():
    evidence = counted((a_segment(), Tally(attempts=60, verified=60)))
    assert AUTHORIZATION_SUCCESS.value(evidence) == NOTHING_HEARD


def test_a_mirror_that_nobody_can_see_does_not_serve_the_release():
    serving = {Pair("cdn", EU): True, Pair("cdn", US): None, Pair("s3", EU): False}
    assert MIRROR_COVERAGE.value(the_evidence(serving=serving)) == Measured(1 / 3, 3)
