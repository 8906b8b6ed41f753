"""How a product is delivered now."""

from dataclasses import replace
from datetime import timedelta

from probe.domain.artifact import Platform
from probe.domain.basis import Basis, Way
from probe.domain.bucket import Tally
from probe.domain.evidence import Window
from probe.domain.failure import FailureReason, Phase
from probe.domain.gate import Objective
from probe.domain.target import EndpointKind
from probe.kpi.basis import Delivery, basis_of
from probe.kpi.evidence import Signed
from tests.builders import NOON, a_product, an_artifact, an_endpoint
from tests.unit.kpi.builders import a_segment, an_asset, released, the_evidence

DAY = timedelta(days=1)
QUARTER = Window(NOON - 90 * DAY, NOON)
LINUX, MACOS = Platform("linux", "amd64"), Platform("darwin", "arm64")
ORIGIN = an_endpoint("origin")
CDN = an_endpoint("cdn", kind=EndpointKind.CDN, regions=("us-east-1",), auth_mode="bearer")
SPARE = an_endpoint("spare", required=False, regions=("ap-south-1",))
PRODUCT = replace(a_product(ORIGIN, CDN, SPARE), platforms=(MACOS,))
DELIVERY = Delivery(
    PRODUCT, ("eu-west-1", "us-east-1"), [Objective("release_completeness", 0.98, True)]
)
REFUSED = Tally(faults={(FailureReason.AUTH_DENIED, Phase.AUTH): 1})


def basis(*, heard_since=NOON - 365 * DAY, cached=(), **fields):
    return basis_of(DELIVERY, the_evidence(window=QUARTER, **fields), heard_since, cached)


def a_large(size, **fields):
    return an_asset(an_artifact(f"w{size}", size=size, platform=LINUX), **fields)


def test_what_is_configured_is_there_without_evidence():
    assert basis() == Basis(
        targets={"release_completeness": 0.98},
        ways={
            "origin": Way(EndpointKind.REPOSITORY, "none", True),
            "cdn": Way(EndpointKind.CDN, "bearer", True),
            "spare": Way(EndpointKind.REPOSITORY, "none", False),
        },
        regions=frozenset({"eu-west-1", "us-east-1"}),
        platforms=frozenset({"darwin/arm64"}),
        releases_a_month=0.0,
    )


def test_platforms_are_those_of_the_newest_release_and_those_expected():
    old = released(
        an_asset(an_artifact(platform=Platform("plan9", "386"))), published_at=NOON - 9 * DAY
    )
    found = basis(releases=(old, released(a_large(5))))
    assert found.platforms == {"darwin/arm64", "linux/amd64"}


def test_sizes_are_those_that_few_files_exceed():
    assets = [a_large(size) for size in range(1, 101)]
    assert basis(releases=(released(*assets),)).size_p95_bytes == 95


def test_releases_are_counted_while_they_were_listed_as_they_came():
    releases = tuple(
        released(version=str(age), published_at=NOON - age * DAY) for age in (1, 20, 40, 80)
    )
    assert basis(releases=releases).releases_a_month == 4 / 3
    assert basis(releases=releases, heard_since=NOON - 45 * DAY).releases_a_month == 2.0
    assert basis(releases=releases, heard_since=NOON - 29 * DAY).releases_a_month is None
    assert basis(releases=releases, heard_since=None).releases_a_month is None


def test_proofs_count_when_one_was_verified():
    found = basis(releases=(released(a_large(1, signed=Signed.UNVERIFIABLE), a_large(2)),))
    assert (found.signed, found.attested) == (False, False)
    found = basis(releases=(released(a_large(1, signed=Signed.VERIFIED, attested=True)),))
    assert (found.signed, found.attested) == (True, True)


def test_a_cache_counts_where_none_is_declared():
    assert basis(cached=("origin", "cdn", "gone")).cached == {"origin"}


def test_who_asks_for_no_credentials_and_turns_somebody_away_is_named():
    tallies = {
        a_segment("origin"): REFUSED,
        a_segment("cdn", auth_mode="bearer"): REFUSED,
        a_segment("gone"): REFUSED,
        a_segment("spare"): Tally(faults={(FailureReason.NOT_FOUND, Phase.WAIT): 1}),
    }
    assert basis(tallies=tallies).refused == {"origin"}
