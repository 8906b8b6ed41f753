"""Where a release did not come to in time, and what users met."""

from dataclasses import replace
from datetime import timedelta

from probe.domain.evidence import Pair
from probe.domain.propagation import Reached
from probe.domain.target import EndpointKind
from probe.kpi.publication import FailedPublication, Outcome, failed_publications
from tests.builders import NOON
from tests.unit.kpi.builders import released, the_evidence
from tests.unit.kpi.test_public import a_rollout

EU, US = "eu-west-1", "us-east-1"
KINDS = {
    "github": EndpointKind.GITHUB,
    "s3": EndpointKind.S3,
    "cdn": EndpointKind.CDN,
    "mirror": EndpointKind.MIRROR,
}
MINUTE = 60


def failed(rollout, **fields):
    evidence = the_evidence(kinds=KINDS, **fields)
    return failed_publications(evidence, released(rollout=rollout))


def test_what_came_in_time_did_not_fail():
    assert failed(a_rollout({Pair("s3", EU): 29 * MINUTE, Pair("cdn", EU): MINUTE})) == ()


def test_users_were_served_by_what_had_it_in_their_region_by_then():
    late, pair = 31 * MINUTE, Pair("s3", EU)
    served = a_rollout({pair: late, Pair("github", EU): 29 * MINUTE})
    assert failed(served) == (FailedPublication(pair, Outcome.FALLBACK),)
    elsewhere = a_rollout({pair: late, Pair("github", US): MINUTE, Pair("github", EU): late})
    assert failed(elsewhere) == (FailedPublication(pair, Outcome.OUTAGE),)


def test_what_never_came_failed_once_its_deadline_was_over():
    pair = Pair("cdn", EU)
    pending = a_rollout({Pair("github", EU): MINUTE}, (pair, Pair("mirror", EU)))
    assert failed(pending) == (FailedPublication(pair, Outcome.FALLBACK),)
    assert failed(pending, deadlines={"cdn": timedelta(days=2)}) == ()


def test_who_gave_up_on_a_pair_says_that_it_failed():
    excluded = replace(a_rollout({}), excluded=(Pair("s3", EU),))
    assert failed(excluded) == (FailedPublication(Pair("s3", EU), Outcome.OUTAGE),)


def test_what_was_there_before_anybody_looked_did_not_fail():
    found = replace(a_rollout({}), found=(Reached(Pair("s3", EU), NOON),))
    assert failed(found) == ()
    assert failed(None) == ()
