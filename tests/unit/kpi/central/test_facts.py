"""Samples as facts over all regions."""

import math
from dataclasses import replace
from datetime import timedelta

from probe.domain.artifact import AssetClass, Platform
from probe.domain.evidence import Pair, SightedKind, TimeSource
from probe.domain.marker import Marker, MarkerKind
from probe.domain.propagation import Reached
from probe.domain.target import EndpointKind
from probe.kpi.central import Facts, facts_of
from probe.kpi.hearing import Hearing
from tests.builders import NOON, a_product
from tests.unit.kpi.central.findings import (
    CDN,
    EU,
    FILE,
    ORIGIN,
    PAIRS,
    PRODUCT,
    PUBLISHED,
    US,
    a_sample,
    ago,
    asked,
    findings,
    of_pair,
    of_target,
)


def facts(version: str = "1.4.2", **changed) -> Facts:
    return facts_of(findings(**changed), PRODUCT, asked(version), {})


def heard_from(endpoint: str, region: str, **changed):
    [found] = [
        each
        for each in facts(**changed).heard
        if (each.segment.endpoint, each.segment.region) == (endpoint, region)
    ]
    return found


def test_a_target_was_heard_of_at_its_last_attempt_and_verified_at_its_last_success():
    failed = (of_target(ago(minutes=1), "cdn", US),)
    found = heard_from("cdn", US, failed=failed, up=(of_target(0.0, "cdn", US),))
    assert (found.heard_at, found.verified_at) == (ago(minutes=1), ago(minutes=2))
    assert (found.up, found.artifact, found.platform) == (False, FILE, Platform("linux", "amd64"))
    assert found.segment.endpoint_kind is EndpointKind.CDN
    assert found.segment.asset_class is AssetClass.ARCHIVE


def test_a_target_that_never_passed_was_heard_of_all_the_same():
    found = heard_from("cdn", US, verified=(), failed=(of_target(ago(minutes=3), "cdn", US),))
    assert (found.heard_at, found.verified_at) == (ago(minutes=3), None)


def test_without_a_state_it_is_not_known_whether_it_is_up():
    assert heard_from("cdn", US, up=()).up is None


def test_what_a_file_is_for_the_catalog_says_or_else_its_name():
    sums = tuple(of_target(NOON, *pair, artifact="SHA256SUMS") for pair in PAIRS)
    known = {"SHA256SUMS": AssetClass.BINARY}
    found = findings(verified=sums)
    [by_catalog] = {
        each.segment.asset_class for each in facts_of(found, PRODUCT, asked(), known).heard
    }
    [by_name] = {each.segment.asset_class for each in facts_of(found, PRODUCT, asked(), {}).heard}
    assert (by_catalog, by_name) == (AssetClass.BINARY, AssetClass.CHECKSUM)


def test_what_is_configured_no_more_is_left_out():
    gone = (of_target(NOON, "old-mirror", EU), *(of_target(NOON, *pair) for pair in PAIRS))
    assert {each.segment.endpoint for each in facts(verified=gone).heard} == {"origin", "cdn"}


def test_moments_that_cannot_be_are_left_out():
    wrong = (math.nan, math.inf, -1.0, 1e300, (NOON + timedelta(hours=1)).timestamp())
    verified = tuple(of_target(value, "cdn", US, artifact=str(value)) for value in wrong)
    found = facts(verified=verified)
    assert found.heard == ()
    assert len(found.silent) == len(PAIRS)


def test_a_pair_that_nothing_was_heard_of_makes_nothing_fresh():
    verified = tuple(of_target(ago(minutes=2), *pair) for pair in PAIRS if pair != ("cdn", US))
    found = facts(verified=verified)
    assert found.silent == (Pair("cdn", US),)
    why = "nothing was heard of cdn from us-east-1 for 60 min"
    assert found.hearing(PRODUCT, asked()) == Hearing(None, 2, why)
    assert facts(verified=()).hearing(PRODUCT, asked()).silent == (
        "nothing was heard of cdn from eu-west-1 and 3 more for 60 min"
    )


def test_evidence_is_as_fresh_as_the_pair_that_was_not_heard_of_for_the_longest():
    old = tuple(of_target(ago(minutes=40 if pair == ("cdn", US) else 2), *pair) for pair in PAIRS)
    found = facts(verified=old).hearing(PRODUCT, asked())
    assert (found.at, found.regions) == (ago(minutes=40), 2)


def test_an_endpoint_is_heard_of_from_its_own_regions():
    narrow = a_product(ORIGIN, replace(CDN, regions=(EU,)))
    verified = tuple(of_target(ago(minutes=2), *pair) for pair in PAIRS if pair != ("cdn", US))
    found = facts_of(findings(verified=verified), narrow, asked(), {})
    assert found.silent == ()


def test_a_release_has_come_to_the_pairs_that_have_it():
    rollout = facts().of_files["1.4.2"]
    first = Reached(
        Pair("origin", EU),
        PUBLISHED + timedelta(minutes=1),
        PUBLISHED + timedelta(seconds=30),
    )
    assert (rollout.fastest, rollout.propagation) == (first, timedelta(minutes=4))
    assert (rollout.pending, rollout.excluded, rollout.found) == ((), (), ())
    assert (rollout.start_source, rollout.started_at) == (TimeSource.PUBLISHED, PUBLISHED)


def test_a_pair_without_it_is_pending_or_given_up():
    first = tuple(
        of_pair(PUBLISHED + timedelta(minutes=1), *pair, object="asset") for pair in PAIRS[:2]
    )
    excluded = tuple(of_pair(float(pair == ("cdn", EU)), *pair) for pair in PAIRS)
    rollout = facts(first=first, excluded=excluded).of_files["1.4.2"]
    assert rollout.pending == (Pair("cdn", US),)
    assert rollout.excluded == (Pair("cdn", EU),)
    assert (rollout.propagation, rollout.late) == (None, ())


def test_a_pair_without_it_was_missed_when_a_file_of_it_failed_there():
    first = tuple(of_pair(NOON, *pair, object="asset") for pair in PAIRS[:2])
    verified = tuple(of_target(NOON, *pair) for pair in PAIRS[:2])
    failed = (
        of_target(ago(minutes=9), "cdn", EU),
        of_target(ago(minutes=5), "cdn", EU, artifact="b.tar.gz"),
        of_target(NOON, "cdn", EU, artifact="SHA256SUMS"),
        of_target(NOON, "origin", EU),
    )
    rollout = facts(first=first, verified=verified, failed=failed).of_files["1.4.2"]
    assert rollout.missed == {Pair("cdn", EU): ago(minutes=5)}


def test_what_came_after_the_deadline_is_late():
    excluded = tuple(of_pair(float(pair == ("cdn", US)), *pair) for pair in PAIRS)
    rollout = facts(excluded=excluded).of_files["1.4.2"]
    assert [each.pair for each in rollout.late] == [Pair("cdn", US)]
    assert rollout.propagation == timedelta(minutes=3)


def test_what_was_there_before_anybody_looked_has_no_time():
    uncertainty = tuple(of_pair(30.0, *pair, object="asset") for pair in PAIRS[1:])
    rollout = facts(uncertainty=uncertainty).of_files["1.4.2"]
    assert [each.pair for each in rollout.found] == [Pair("origin", EU)]
    assert rollout.first_availability is None


def test_of_a_region_that_says_nothing_its_required_pairs_are_pending():
    said = {
        "first": tuple(of_pair(NOON, *pair, object="asset") for pair in PAIRS if pair[1] == EU),
        "excluded": tuple(of_pair(0.0, *pair) for pair in PAIRS if pair[1] == EU),
    }
    rollout = facts(**said).of_files["1.4.2"]
    assert rollout.pending == (Pair("cdn", US), Pair("origin", US))


def test_a_pair_that_its_region_does_not_name_was_not_required():
    excluded = tuple(of_pair(0.0, *pair) for pair in PAIRS if pair != ("cdn", US))
    rollout = facts(excluded=excluded).of_files["1.4.2"]
    assert Pair("cdn", US) not in rollout.pairs


def test_of_several_starts_the_best_source_counts():
    early = PUBLISHED - timedelta(minutes=10)
    started = (
        a_sample(PUBLISHED, version="1.4.2", t0_source="published"),
        a_sample(early, version="1.4.2", t0_source="approval"),
        a_sample(PUBLISHED, version="1.4.2", t0_source="tag"),
        a_sample(PUBLISHED, version="1.4.2", t0_source="word of mouth"),
    )
    rollout = facts(started=started).of_files["1.4.2"]
    assert (rollout.start_source, rollout.started_at) == (TimeSource.APPROVAL, early)


def test_rollouts_are_of_the_newest_first():
    published = (
        a_sample(PUBLISHED - timedelta(days=9), version="1.4.1"),
        a_sample(PUBLISHED, version="1.4.2"),
    )
    assert list(facts("", published=published).of_files) == ["1.4.2", "1.4.1"]


def test_pointers_come_to_the_pairs_that_have_one():
    marker = Marker(MarkerKind.POINTER, "http://127.0.0.1:9/latest.json", "latest")
    product = a_product(ORIGIN, replace(CDN, marker=marker))
    first = (of_pair(PUBLISHED + timedelta(minutes=7), "cdn", EU, object="pointer"),)
    uncertainty = (of_pair(30.0, "cdn", EU, object="pointer"),)
    found = facts_of(findings(first=first, uncertainty=uncertainty), product, asked(), {})
    [pointers] = [each for each in found.rollouts if each.kind is SightedKind.POINTER]
    assert [each.pair for each in pointers.reached] == [Pair("cdn", EU)]
    assert pointers.pending == (Pair("cdn", US),)


def test_of_nothing_found_there_are_no_facts():
    pairs = tuple(Pair(*pair) for pair in PAIRS)
    assert facts_of({}, PRODUCT, asked(), {}) == Facts(silent=pairs, probed=pairs)
