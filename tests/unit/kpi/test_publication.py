"""Where a release did not come to in time, and what users met."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.evidence import Pair, Published, Window, required_pairs
from probe.domain.propagation import Reached
from probe.domain.target import EndpointKind, Region
from probe.evidence import open_reading
from probe.kpi.gathering import Gathering
from probe.kpi.publication import FailedPublication, Outcome, failed_publications
from tests.builders import NOON, a_product, a_release, a_target, an_artifact, an_endpoint
from tests.ledgers import a_ledger, an_attempt
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


def seen_late(rollout, *pairs):
    """Return *rollout* with *pairs* seen to lack it after the deadline, whether it came or not."""
    missed_at = rollout.published_at + timedelta(minutes=30, seconds=30)
    reached = (
        replace(each, missed_at=missed_at) if each.pair in pairs else each
        for each in rollout.reached
    )
    return replace(rollout, reached=tuple(reached), missed=dict.fromkeys(pairs, missed_at))


def test_what_came_in_time_did_not_fail():
    assert failed(a_rollout({Pair("s3", EU): 29 * MINUTE, Pair("cdn", EU): MINUTE})) == ()


def test_users_were_served_by_what_had_it_in_their_region_by_then():
    late, pair, github = 31 * MINUTE, Pair("s3", EU), Pair("github", EU)
    served = seen_late(a_rollout({pair: late, github: 29 * MINUTE}), pair)
    assert failed(served) == (FailedPublication(pair, Outcome.FALLBACK),)
    elsewhere = a_rollout({pair: late, Pair("github", US): MINUTE, github: late})
    assert failed(seen_late(elsewhere, pair, github)) == (FailedPublication(pair, Outcome.OUTAGE),)


def test_what_never_came_failed_once_it_was_missed_after_its_deadline():
    pair = Pair("cdn", EU)
    waiting = a_rollout({Pair("github", EU): MINUTE}, (pair, Pair("mirror", EU)))
    pending = seen_late(waiting, pair)
    assert failed(pending) == (FailedPublication(pair, Outcome.FALLBACK),)
    assert failed(pending, deadlines={"cdn": timedelta(days=2)}) == ()
    assert failed(waiting) == ()


def test_what_was_first_seen_late_without_having_been_missed_by_then_may_have_been_in_time():
    pair, github = Pair("cdn", EU), Pair("github", EU)
    late = a_rollout({pair: 40 * MINUTE, github: MINUTE})
    assert failed(late) == ()
    missed_before = Reached(pair, late.reached[0].at, late.published_at + timedelta(minutes=29))
    assert failed(replace(late, reached=(missed_before, late.reached[1]))) == ()
    missed_then = replace(missed_before, missed_at=late.published_at + timedelta(minutes=30))
    assert failed(replace(late, reached=(missed_then, late.reached[1]))) == (
        FailedPublication(pair, Outcome.FALLBACK),
    )


def test_it_is_no_outage_while_nobody_knows_what_else_served_users():
    pair, github = Pair("s3", EU), Pair("github", EU)
    unknown = seen_late(a_rollout({}, (pair, github)), pair)
    assert failed(unknown) == ()
    known = seen_late(a_rollout({}, (pair, github)), pair, github)
    assert failed(known) == (FailedPublication(pair, Outcome.OUTAGE),)


def test_who_gave_up_on_a_pair_says_that_it_failed():
    excluded = replace(a_rollout({}), excluded=(Pair("s3", EU),))
    assert failed(excluded) == ()
    assert failed(seen_late(excluded, Pair("s3", EU))) == (
        FailedPublication(Pair("s3", EU), Outcome.OUTAGE),
    )


def test_what_was_there_before_anybody_looked_did_not_fail():
    found = replace(a_rollout({}), found=(Reached(Pair("s3", EU), NOON),))
    assert failed(found) == ()
    assert failed(None) == ()


GITHUB = an_endpoint("github", origin=True, kind=EndpointKind.GITHUB)
CDN = an_endpoint("cdn", kind=EndpointKind.CDN)
SOON, AFTER = 10, 31 * MINUTE


@pytest.mark.parametrize(
    ("tried", "outcomes"),
    [
        ([], []),
        ([(GITHUB, SOON, None), (CDN, SOON, None), (CDN, AFTER, None)], []),
        ([(GITHUB, SOON, True), (CDN, SOON, None), (CDN, AFTER, True)], []),
        ([(GITHUB, SOON, True), (CDN, AFTER, False)], [Outcome.FALLBACK]),
        ([(GITHUB, SOON, True), (CDN, AFTER, False), (CDN, 3000, True)], [Outcome.FALLBACK]),
        ([(GITHUB, AFTER, False), (CDN, AFTER, False)], [Outcome.OUTAGE]),
    ],
    ids=["nothing", "inconclusive", "then there", "missed", "missed, then there", "nowhere"],
)
async def test_where_nobody_looked_nothing_is_known_to_have_failed(tmp_path, tried, outcomes):
    product, release = a_product(GITHUB, CDN), a_release("1.4.2", an_artifact())
    pairs = required_pairs(product, release, [Region(EU)])
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(Published("widget", release, pairs, NOON))
        for endpoint, seconds, passed in tried:
            target = a_target(
                release=release, artifact=an_artifact(), endpoint=endpoint, region=Region(EU)
            )
            ledger.record(an_attempt(seconds, passed, target=target))
        assert await ledger.flush()
    window = Window(NOON - timedelta(days=1), NOON + timedelta(hours=1))
    with open_reading(tmp_path) as reading:
        evidence = Gathering(reading, product, {}).catalog(window)
    [only] = evidence.releases
    assert [each.outcome for each in failed_publications(evidence, only)] == outcomes
