"""From what is recorded to readings, and to a scorecard."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.artifact import GIB
from probe.domain.evidence import Window
from probe.domain.gate import Reading, Ruling, Source
from probe.domain.target import EndpointKind
from probe.kpi import BY_NAME, Evidence
from probe.kpi.central import (
    Central,
    bare,
    central_readings,
    central_scorecard,
    facts_of,
    widened,
)
from probe.kpi.central.inquiry import Fact
from probe.kpi.evidence import Current
from probe.kpi.public import FALLBACK_READINESS, REGIONS_VERIFIED
from probe.kpi.value import Measured, Unknown
from tests.builders import NOON, a_product, an_artifact, an_endpoint
from tests.unit.kpi.builders import an_asset, of, released
from tests.unit.kpi.central.findings import (
    CDN,
    EU,
    FILE,
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

MONTH = Window(NOON - timedelta(days=30), NOON)
NO_LEDGER = "there is no ledger at data/ledger.db"


def central(version: str = "1.4.2", known: Evidence | None = None, **changed) -> Central:
    said = findings(**changed)
    facts = facts_of(said, PRODUCT, asked(version), {})
    evidence = widened(known or bare(facts, PRODUCT, MONTH, version), facts, PRODUCT)
    return Central(said, facts, evidence, "" if known else NO_LEDGER)


def reading(kpi: str, version: str = "1.4.2", known: Evidence | None = None, **changed) -> Reading:
    found = central(version, known, **changed)
    return central_readings(found, [BY_NAME[kpi]], PRODUCT, asked(version))[kpi]


LISTED = of(released(an_asset(first_at=None), published_at=PUBLISHED))


def test_what_is_recorded_of_the_release_is_its_reading():
    found = reading("artifact_availability", artifact_availability=(a_sample(0.98),))
    assert found == Reading(0.98, ago(minutes=2), 2)


def test_what_is_told_of_the_product_alone_says_so():
    found = reading("transfer_success", transfer_success=(a_sample(1.0),))
    assert found == Reading(1.0, ago(minutes=2), 2, of_product=True)
    assert not reading("transfer_success", "", transfer_success=(a_sample(1.0),)).of_product


def test_files_and_incidents_are_of_no_region():
    assert reading("time_to_detect", time_to_detect=(a_sample(60.0),)).regions is None


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_unknown(value):
    found = reading("transfer_success", transfer_success=(a_sample(value),))
    assert (found.value, found.why) == (None, "what Prometheus has recorded of it is no number")


def test_what_is_not_recorded_is_unknown():
    found = reading("transfer_success")
    assert found.value is None
    assert found.why.startswith("Prometheus has recorded nothing of it")


def test_a_release_that_is_under_way_has_no_time_yet():
    first = tuple(of_pair(PUBLISHED, *pair, object="asset") for pair in PAIRS[:3])
    assert reading("global_propagation", first=first).why == "it has not arrived"
    assert reading("global_propagation", "", first=first).why == (
        "of no release is known when it arrived"
    )
    assert reading("global_propagation").why.startswith("Prometheus has recorded nothing of it")


def test_a_value_of_pairs_that_are_silent_is_worth_nothing():
    verified = tuple(of_target(ago(minutes=2), *pair) for pair in PAIRS if pair[1] == EU)
    changed = {"verified": verified, "artifact_availability": (a_sample(1.0),)}
    found = reading("artifact_availability", **changed)
    assert (found.value, found.regions) == (None, 1)
    assert found.why == "nothing was heard of cdn from us-east-1 and 1 more for 60 min"


def test_regions_are_those_that_something_was_heard_from_lately():
    verified = tuple(
        of_target(ago(minutes=20 if region == US else 2), endpoint, region)
        for endpoint, region in PAIRS
    )
    found = reading(
        "artifact_availability", verified=verified, artifact_availability=(a_sample(1.0),)
    )
    assert (found.at, found.regions) == (ago(minutes=20), 1)


def test_mirrors_of_a_release_are_covered_by_what_all_regions_saw():
    assert reading("mirror_coverage").value == 1.0
    first = tuple(of_pair(PUBLISHED, *pair, object="asset") for pair in PAIRS[:3])
    assert reading("mirror_coverage", first=first).value == 0.75
    assert reading("mirror_coverage", "", mirror_coverage=(a_sample(0.5),)).value == 0.5


def test_regions_that_have_downloaded_all_of_it_lately_are_counted():
    assert reading("regions_verified").value == 2
    failed = (of_target(ago(minutes=1), "cdn", US),)
    up = tuple(of_target(float(pair != ("cdn", US)), *pair) for pair in PAIRS)
    assert reading("regions_verified", failed=failed, up=up).value == 1


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({FILE}, Measured(1.0, 1)),
        ({FILE, "b"}, Unknown("of 1 files it is not known")),
        (None, Measured(1.0, 1)),
    ],
    ids=["had", "not asked for", "no catalog"],
)
def test_a_fallback_is_of_the_files_of_the_catalog_at_what_is_probed_now(files, found):
    product = a_product(an_endpoint("origin", kind=EndpointKind.GITHUB), CDN)
    gone = of_target(0.0, "origin", "us-gone")
    seen = findings(
        verified=(*findings()[Fact.VERIFIED], of_target(ago(minutes=50), "origin", "us-gone")),
        up=(*findings()[Fact.UP], gone),
    )
    facts = facts_of(seen, product, asked(), {})
    known = bare(facts, product, MONTH, "1.4.2")
    if files:
        known = replace(known, current=Current("1.4.2", frozenset(files)))
    assert FALLBACK_READINESS.value(widened(known, facts, product)) == found


def test_a_region_that_is_configured_no_more_is_not_counted():
    verified = (*findings()[Fact.VERIFIED], of_target(ago(minutes=50), "cdn", "us-gone"))
    excluded = (*findings()[Fact.EXCLUDED], of_pair(0.0, "cdn", "us-gone"))
    evidence = central(verified=verified, excluded=excluded).evidence
    assert REGIONS_VERIFIED.value(evidence) == Measured(2, 2)


def test_propagation_to_the_edges_is_that_of_all_regions():
    assert reading("edge_propagation").value == 240.0


def test_without_a_ledger_nobody_knows_of_files_that_should_be_there():
    assert reading("desktop_completeness").why == NO_LEDGER
    assert reading("matching_checksums").why == NO_LEDGER
    assert reading("matching_checksums", known=LISTED).value == 1.0


def test_a_release_is_complete_by_its_own_files_and_not_by_those_of_others():
    recorded = {"release_completeness": (a_sample(1.0),), "checksum_coverage": (a_sample(1.0),)}
    found = reading("release_completeness", known=LISTED, **recorded)
    assert (found.value, found.of_product) == (1.0, False)
    assert reading("checksum_coverage", known=LISTED, **recorded).value == 1.0
    nowhere = {"first": (), "verified": ()}
    failed = tuple(of_target(NOON, *pair) for pair in PAIRS)
    lacking = reading("release_completeness", known=LISTED, failed=failed, **nowhere, **recorded)
    assert lacking.value == 0.0
    assert reading("release_completeness", **recorded).why == NO_LEDGER
    assert reading("release_completeness", "", **recorded).value == 1.0


def test_a_kpi_of_nothing_observed_stays_unknown():
    assert reading("replication_lag").why == "a replication canary is not observed"


def test_a_file_was_there_when_the_first_pair_had_the_release():
    [release] = central(known=LISTED).evidence.releases
    assert release.assets[0].first_at == PUBLISHED + timedelta(minutes=1)
    assert release.assets[0].proven


@pytest.mark.parametrize(
    ("renewed_at", "up", "large", "own", "found"),
    [
        (ago(minutes=3), 1.0, False, None, True),
        (ago(minutes=1), 1.0, False, None, None),
        (ago(minutes=1), 1.0, False, True, True),
        (ago(minutes=3), 0.0, False, None, None),
        (ago(minutes=3), 1.0, True, None, None),
    ],
    ids=["had since", "had before", "proven here", "fails since", "read by its ends"],
)
def test_a_file_that_came_anew_is_proven_by_what_was_read_since(renewed_at, up, large, own, found):
    file = an_artifact(FILE)
    artifact = replace(file, size_bytes=GIB) if large else file
    asset = an_asset(artifact, first_at=None, proven=own, equal=own, renewed_at=renewed_at)
    listed = of(released(asset, published_at=PUBLISHED))
    ups = tuple(of_target(up, *pair) for pair in PAIRS)
    [release] = central(known=listed, up=ups).evidence.releases
    assert (release.assets[0].proven, release.assets[0].equal) == (found, found)


def test_a_file_that_no_region_has_had_is_missing_still():
    said = {"first": (), "verified": (), "failed": tuple(of_target(NOON, *pair) for pair in PAIRS)}
    card = central_scorecard(central(known=LISTED, **said), asked())
    assert [each.name for each in card.completeness.missing] == ["widget_1.4.2_linux_amd64.tar.gz"]
    assert card.completeness.ruling is Ruling.FAIL


def test_a_file_that_another_region_had_lately_is_not_missing():
    said = {"first": (), "verified": (of_target(ago(minutes=1), "origin", US),)}
    card = central_scorecard(central(known=LISTED, **said), asked())
    assert card.completeness.missing == ()


def test_a_scorecard_names_the_worst_region_and_counts_by_reason():
    card = central_scorecard(
        central(
            known=LISTED,
            share=(a_sample(0.99),),
            regions=(
                a_sample(0.995, probe_region=EU),
                a_sample(0.98, probe_region=US),
                a_sample(math.nan, probe_region="ap"),
            ),
            reasons=(a_sample(0.01, reason="timeout"), a_sample(0.004, reason="auth_denied")),
            attempts=(a_sample(1000.4),),
        ),
        asked(),
    )
    assert card.source is Source.PROMETHEUS
    assert (card.availability.worst_region, card.availability.attempts) == (US, None)
    assert isinstance(card.availability.share, Measured)
    assert isinstance(card.availability.worst_share, Measured)
    assert (card.availability.share.value, card.availability.worst_share.value) == (0.99, 0.98)
    assert (card.reasons.attempts, card.reasons.of_product) == (1000, True)
    assert card.reasons.counts == {"timeout": 10, "auth": 4, "not_found": 0, "checksum_mismatch": 0}
    assert card.rollout is not None
    assert card.rollout.slowest is not None
    assert card.rollout.slowest.pair.endpoint == "cdn"
    assert card.incidents is not None
    assert card.incidents.count == 0


def test_a_scorecard_of_nothing_recorded_is_unknown_on_every_line():
    card = central_scorecard(central(published=()), asked())
    assert (card.version, card.rollout, card.integrity, card.incidents) == ("", None, None, None)
    assert card.completeness.ruling is Ruling.UNKNOWN
    assert isinstance(card.availability.share, Unknown)
    assert isinstance(card.availability.worst_share, Unknown)
    assert (card.reasons.attempts, card.availability.attempts) == (None, None)


@pytest.mark.parametrize(("value", "ruling"), [(1.0, Ruling.PASS), (0.0, Ruling.FAIL)])
def test_without_a_ledger_the_series_of_the_catalog_say_what_is_missing(value, ruling):
    said = {
        "complete": (a_sample(value, version="1.4.2"),),
        "missing": (
            a_sample(2.0, version="1.4.2", kind="signature"),
            a_sample(0.0, version="1.4.2", kind="platform"),
        ),
    }
    line = central_scorecard(central(**said), asked()).completeness
    assert (line.ruling, [each.kind for each in line.missing]) == (ruling, ["signature"])
