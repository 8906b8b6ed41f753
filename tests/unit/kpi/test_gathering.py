"""What is in a ledger, as the formulas want it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.artifact import Platform
from probe.domain.evidence import Event, Naming, Pair, Published, TimeSource, Window, required_pairs
from probe.domain.expectation import Comparison, ExpectedBy
from probe.domain.failure import FailureReason, Phase
from probe.domain.marker import Marker, MarkerKind
from probe.domain.remembered import APPROVAL
from probe.domain.republished import republished
from probe.domain.target import Depth, DepthPolicy, Region
from probe.evidence import open_reading
from probe.kpi import BY_NAME, Measured, Released, Unknown
from probe.kpi.evidence import Current
from probe.kpi.gathering import Gathering
from probe.kpi.value import NO_RELEASES
from probe.kpi.verdicts import verdict_on
from tests.builders import (
    NOON,
    a_product,
    a_release,
    a_target,
    an_artifact,
    an_endpoint,
    sha256,
)
from tests.ledgers import a_ledger, an_attempt

LINUX, MACOS = Platform("linux", "amd64"), Platform("darwin", "arm64")
ORIGIN, CDN = an_endpoint("origin", origin=True), an_endpoint("cdn")
PRODUCT = replace(a_product(ORIGIN, CDN), platforms=(LINUX,))
REGION = Region("eu-west-1")
FILE = an_artifact()
OLD = a_release("1.4.1", FILE, published_at=NOON - timedelta(days=10))
NEW = replace(
    a_release("1.4.2", FILE), previous_known_good="1.4.1", rollback_doc="https://example.com/back"
)
WINDOW = Window(NOON - timedelta(days=29), NOON + timedelta(days=1))


def published(release):
    pairs = required_pairs(PRODUCT, release, [REGION])
    return Published("widget", release, pairs, release.published_at)


def attempt(release, endpoint, seconds, passed=True):
    target = a_target(release=release, artifact=FILE, endpoint=endpoint, region=REGION)
    return an_attempt(seconds, passed, target=target)


async def gathered(tmp_path, *attempts, product=PRODUCT, window=WINDOW, version="", also=()):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(published(OLD), published(NEW), *also)
        for each in attempts:
            ledger.record(each)
        assert await ledger.flush()
    with open_reading(tmp_path) as reading:
        return Gathering(reading, product, {}).evidence(window, version)


async def test_a_file_is_there_when_a_system_of_record_has_it(tmp_path):
    evidence = await gathered(
        tmp_path, attempt(NEW, CDN, 10), attempt(NEW, ORIGIN, 20), attempt(NEW, ORIGIN, 80)
    )
    [asset] = evidence.releases[0].assets
    assert asset.first_at == NOON + timedelta(seconds=20)
    assert asset.proven


async def test_a_patch_is_held_against_its_own_train_and_not_against_what_came_last(tmp_path):
    releases = [
        a_release(version, *files, published_at=NOON - timedelta(days=before))
        for before, version, files in (
            (5, "1.9.8", [an_artifact("w-1.9.8-linux.tgz")]),
            (4, "2.0.0", [an_artifact("w-2.0.0-linux.tgz"), an_artifact("w-2.0.0-new.tgz")]),
            (3, "1.9.9", [an_artifact("w-1.9.9-linux.tgz")]),
        )
    ]
    evidence = await gathered(tmp_path, also=map(published, releases), version="1.9.9")
    assert evidence.releases[0].comparison == Comparison(ExpectedBy.PREVIOUS)


async def test_an_endpoint_that_is_never_read_in_full_proves_nothing(tmp_path):
    head = an_endpoint("origin", origin=True, depth=DepthPolicy.HEAD)
    target = a_target(release=NEW, artifact=FILE, endpoint=head, region=REGION)
    evidence = await gathered(
        tmp_path,
        an_attempt(20, target=target, depth=Depth.HEAD),
        product=replace(PRODUCT, endpoints=(head, CDN)),
    )
    [asset] = evidence.releases[0].assets
    assert asset.first_at == NOON + timedelta(seconds=20)
    assert (asset.proven, asset.equal) == (None, None)


async def test_bytes_are_equal_everywhere_once_every_required_endpoint_was_read(tmp_path):
    here, there = attempt(NEW, ORIGIN, 10), attempt(NEW, CDN, 10)
    missed = attempt(NEW, CDN, 5, passed=False)
    [asset] = (await gathered(tmp_path / "half", here)).releases[0].assets
    assert (asset.proven, asset.equal) == (True, None)
    [asset] = (await gathered(tmp_path / "whole", here, there)).releases[0].assets
    assert (asset.proven, asset.equal) == (True, True)
    [asset] = (await gathered(tmp_path / "missed", here, missed)).releases[0].assets
    assert (asset.proven, asset.equal) == (True, False)


async def test_an_endpoint_that_need_not_serve_a_release_is_held_against_nobody(tmp_path):
    spare = an_endpoint("spare", required=False)
    product = replace(PRODUCT, endpoints=(*PRODUCT.endpoints, spare))
    read = [attempt(NEW, each, 10) for each in (ORIGIN, CDN)]
    [asset] = (await gathered(tmp_path, *read, product=product)).releases[0].assets
    assert (asset.proven, asset.equal) == (True, True)


ANEW = replace(FILE, digests=(sha256(b"built again"),))
PUBLISHED_ANEW = replace(NEW, artifacts=(ANEW,))


OTHERS = (FailureReason.CHECKSUM_MISMATCH, Phase.VERIFY)


def attempt_anew(endpoint, seconds, passed=True):
    target = a_target(release=PUBLISHED_ANEW, artifact=ANEW, endpoint=endpoint, region=REGION)
    return an_attempt(seconds, passed, target=target, fault=None if passed else OTHERS)


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ((), (None, None)),
        ((attempt_anew(ORIGIN, 60),), (True, None)),
        ((attempt_anew(ORIGIN, 60), attempt_anew(CDN, 60)), (True, True)),
        ((attempt_anew(ORIGIN, 60), attempt_anew(CDN, 60, passed=False)), (True, False)),
        ((attempt_anew(ORIGIN, 60, False), attempt_anew(CDN, 60, False)), (False, False)),
    ],
    ids=["not read", "at one place", "everywhere", "old ones at one place", "old ones everywhere"],
)
async def test_a_file_published_anew_is_proven_by_what_was_read_since(tmp_path, since, found):
    before = [attempt(NEW, ORIGIN, 10), attempt(NEW, CDN, 10)]
    again = published(PUBLISHED_ANEW)
    also = (again, *republished("widget", NEW, PUBLISHED_ANEW, NOON))
    [asset] = (await gathered(tmp_path, *before, *since, also=also)).releases[0].assets
    assert (asset.proven, asset.equal, asset.renewed_at) == (*found, NOON)
    assert asset.first_at == NOON + timedelta(seconds=10)


async def test_the_last_miss_at_a_system_of_record_is_known(tmp_path):
    missed = [attempt(NEW, ORIGIN, second, passed=False) for second in (5, 10)]
    evidence = await gathered(tmp_path, *missed, attempt(NEW, CDN, 20, passed=False))
    [asset] = evidence.releases[0].assets
    assert (asset.first_at, asset.missed_at) == (None, NOON + timedelta(seconds=10))


async def test_what_was_settled_of_a_release_is_told_of_it(tmp_path):
    empty = Released("1.4.2", "stable", NOON, ())
    settled = verdict_on(PRODUCT.key, empty, NOON + timedelta(minutes=32))
    evidence = await gathered(tmp_path, also=(settled,))
    assert [each.settled for each in evidence.releases] == [False, None]


async def test_the_rollout_is_that_of_the_required_pairs(tmp_path):
    window = Window(NOON - timedelta(days=30), NOON + timedelta(seconds=90))
    evidence = await gathered(
        tmp_path,
        attempt(NEW, ORIGIN, 20),
        attempt(NEW, CDN, 30, passed=False),
        attempt(OLD, ORIGIN, 40),
        attempt(OLD, CDN, 50),
        window=window,
    )
    assert evidence.serving == {Pair("cdn", "eu-west-1"): False, Pair("origin", "eu-west-1"): True}
    assert BY_NAME["mirror_coverage"].value(evidence) == Measured(0.5, 2)
    new, old = evidence.releases
    assert (new.version, old.version) == ("1.4.2", "1.4.1")
    assert new.rollout is not None
    assert new.rollout.pending == (Pair("cdn", "eu-west-1"),)
    assert BY_NAME["time_to_first_availability"].value(evidence) == Measured(
        0.95 * (old.rollout.first_availability.total_seconds() - 20) + 20, 2
    )


NAMED = an_endpoint("cdn", marker=Marker(MarkerKind.POINTER, "https://cdn.example/latest"))
SOON = Window(NOON - timedelta(days=30), NOON + timedelta(seconds=90))
EVERYWHERE = [attempt(NEW, each, 10) for each in (ORIGIN, CDN)]


def serving(evidence):
    return {pair.endpoint: serves for pair, serves in evidence.serving.items()}


@pytest.mark.parametrize(("version", "serves"), [("1.4.1", False), ("1.4.2", True)])
async def test_a_pair_whose_pointer_names_another_release_does_not_serve_it(
    tmp_path, version, serves
):
    naming = Naming("widget", "stable", "cdn", "eu-west-1", version, NOON)
    product = replace(PRODUCT, endpoints=(ORIGIN, NAMED))
    evidence = await gathered(tmp_path, *EVERYWHERE, product=product, window=SOON, also=(naming,))
    assert serving(evidence) == {"origin": True, "cdn": serves}


async def test_a_pair_from_which_a_file_has_gone_does_not_serve_it(tmp_path):
    gone = replace(attempt(NEW, CDN, 30, passed=False), fault=(FailureReason.NOT_FOUND, Phase.WAIT))
    evidence = await gathered(tmp_path, *EVERYWHERE, gone, window=SOON)
    assert serving(evidence) == {"origin": True, "cdn": False}


async def test_a_mirror_that_is_added_later_has_to_serve_it_too(tmp_path):
    product = replace(PRODUCT, endpoints=(ORIGIN, CDN, an_endpoint("mirror")))
    evidence = await gathered(tmp_path, *EVERYWHERE, product=product, window=SOON)
    assert serving(evidence) == {"origin": True, "cdn": True, "mirror": None}
    assert BY_NAME["mirror_coverage"].value(evidence) == Measured(2 / 3, 3)


async def test_a_region_that_is_not_configured_any_more_has_to_serve_nothing(tmp_path):
    await gathered(tmp_path, *EVERYWHERE, window=SOON)
    with open_reading(tmp_path) as reading:
        evidence = Gathering(reading, PRODUCT, {}, ["us-east-1"]).evidence(SOON)
    assert evidence.serving == {}


async def test_a_release_counts_from_when_its_approval_was_told(tmp_path):
    told = Event("1", APPROVAL, "widget", "stable", "1.4.2", NOON - timedelta(days=40), "ci", "")
    evidence = await gathered(tmp_path, attempt(NEW, CDN, 10), also=(told,))
    rolled = evidence.releases[0].rollout
    assert (rolled.started_at, rolled.start_source) == (told.at, TimeSource.APPROVAL)


async def test_of_what_was_out_before_anybody_looked_nobody_knows_when_it_was_complete(tmp_path):
    late = replace(published(NEW), listed_at=NOON + timedelta(hours=2))
    attempts = [attempt(NEW, each, 7300) for each in (ORIGIN, CDN)]
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(late)
        for each in attempts:
            ledger.record(each)
        assert await ledger.flush()
    with open_reading(tmp_path) as reading:
        evidence = Gathering(reading, PRODUCT, {}).evidence(WINDOW)
    assert BY_NAME["release_completeness"].value(evidence) == Unknown(
        "nobody watched it up to its deadline"
    )
    arrived = BY_NAME["global_propagation"].value(evidence)
    assert arrived == Unknown("of no release is known when it arrived")


async def test_a_withdrawn_release_is_no_release(tmp_path):
    also = (published(replace(NEW, yanked=True)),)
    evidence = await gathered(tmp_path, also=also)
    assert [each.version for each in evidence.releases] == ["1.4.1"]


async def test_of_one_version_nothing_else_is_told(tmp_path):
    evidence = await gathered(
        tmp_path, attempt(NEW, CDN, 10), attempt(OLD, CDN, 10, passed=False), version="1.4.1"
    )
    assert [each.version for each in evidence.releases] == ["1.4.1"]
    assert {segment.version for segment in evidence.tallies} == {"1.4.1"}
    assert {each.segment.version for each in evidence.heard} == {"1.4.1"}


async def test_of_an_empty_ledger_every_kpi_is_unknown(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.flush()
    with open_reading(tmp_path) as reading:
        evidence = Gathering(reading, PRODUCT, {}).evidence(WINDOW)
    values = {kpi.code: kpi.value(evidence) for kpi in BY_NAME.values()}
    assert [code for code, value in values.items() if not isinstance(value, Unknown)] == []
    assert values["C1"] == NO_RELEASES


@pytest.mark.parametrize("regions", [("eu-west-1",), ()], ids=["one of two", "any"])
async def test_what_is_to_be_asked_for_is_that_of_the_catalog_and_of_the_configuration(
    tmp_path, regions
):
    gone = an_endpoint("gone")
    elsewhere = a_target(release=NEW, artifact=FILE, endpoint=CDN, region=Region("us-east-1"))
    renamed = a_target(
        release=NEW, artifact=an_artifact("old-name.tar.gz"), endpoint=CDN, region=REGION
    )
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(published(OLD), published(NEW))
        ledger.record(attempt(NEW, gone, 10))
        for target in (elsewhere, renamed):
            ledger.record(an_attempt(10, target=target))
        assert await ledger.flush()
    with open_reading(tmp_path) as reading:
        current = Gathering(reading, PRODUCT, {}, regions).catalog(WINDOW).current
    pairs = {
        Pair(endpoint, region)
        for endpoint in ("origin", "cdn")
        for region in (regions or ("eu-west-1", "us-east-1"))
    }
    assert current == Current(
        "1.4.2", frozenset({FILE.name}), frozenset(pairs), frozenset({"origin", "cdn"})
    )
