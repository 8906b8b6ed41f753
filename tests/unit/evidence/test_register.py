"""What is kept one by one, and what keeping it again changes."""

from dataclasses import replace
from datetime import timedelta

from probe.domain.evidence import (
    Entry,
    Pair,
    Published,
    RestoredBy,
    SightedKind,
    TimeSource,
    Verification,
    Window,
    first_listed,
    required_pairs,
)
from probe.domain.target import Region
from tests.builders import NOON, a_product, a_release, an_artifact, an_endpoint, sha256
from tests.ledgers import (
    ALL_DAY,
    EVENT,
    HEALTH,
    INCIDENT,
    INDEX,
    NAMING,
    POINTER,
    REVIEW,
    VERIFICATION,
    a_ledger,
    read,
)

HOUR = timedelta(hours=1)


async def after_keeping(directory, question, *entries: Entry):
    with a_ledger(directory) as ledger:
        for entry in entries:
            assert await ledger.keep(entry)
    return read(directory, question)


async def test_every_record_reads_back_as_it_was_kept(tmp_path):
    full = replace(
        INCIDENT,
        restored_by=RestoredBy.FALLBACK,
        served_at=NOON,
        restored_at=NOON + HOUR,
        impact_share=0.25,
        impact_minutes=61.5,
        cause="naïve cache",
    )
    entries = (full, POINTER, INDEX, NAMING, VERIFICATION, EVENT, REVIEW)
    found = await after_keeping(
        tmp_path,
        lambda reading: (
            *reading.incidents("widget", "stable", ALL_DAY),
            *reading.sightings("widget", "stable", "1.4.2", SightedKind.POINTER),
            *reading.index_digests("widget", "stable", "SHA256SUMS"),
            *reading.namings("widget", "stable"),
            *reading.verifications("widget", "stable", "1.4.2"),
            *reading.events("widget", "stable", ALL_DAY),
            *reading.reviews("widget", "stable"),
        ),
        *entries,
    )
    assert found == entries


async def test_an_incident_is_what_was_last_said_of_it(tmp_path):
    over = replace(INCIDENT, restored_at=NOON + HOUR, cause="disk")
    found = await after_keeping(
        tmp_path,
        lambda reading: (reading.incident("i-1"), reading.open_incidents()),
        INCIDENT,
        over,
    )
    assert found == (over, ())


async def test_an_incident_belongs_to_every_window_it_reaches_into(tmp_path):
    over = replace(INCIDENT, restored_at=NOON + 2 * HOUR)
    going_on = replace(INCIDENT, id="i-2", onset_at=NOON - HOUR)

    def within(reading, since, until) -> list[str]:
        window = Window(NOON + since * HOUR, NOON + until * HOUR)
        return [each.id for each in reading.incidents("widget", "stable", window)]

    found = await after_keeping(
        tmp_path,
        lambda reading: [within(reading, *hours) for hours in [(-3, -2), (-1, 0), (1, 2), (3, 4)]],
        over,
        going_on,
    )
    assert found == [[], ["i-2"], ["i-2", "i-1"], ["i-2"]]


async def test_the_health_of_a_pair_is_the_latest(tmp_path):
    later = replace(HEALTH, at=NOON + HOUR, health="later")
    other = replace(HEALTH, region="us-east-1")
    found = await after_keeping(tmp_path, lambda reading: reading.healths(), later, HEALTH, other)
    assert found == (later, other)


async def test_an_event_told_twice_is_one_event(tmp_path):
    found = await after_keeping(
        tmp_path,
        lambda reading: reading.events("widget", "stable", ALL_DAY),
        EVENT,
        HEALTH,
        replace(EVENT, actor="someone else"),
    )
    assert found == (EVENT,)


async def test_a_first_sight_stands_and_no_later_miss_goes_before_it(tmp_path):
    miss = replace(POINTER, last_miss_at=NOON)
    late = replace(POINTER, last_miss_at=NOON - HOUR)
    seen = replace(POINTER, first_at=NOON + HOUR)
    again = replace(POINTER, first_at=NOON + 2 * HOUR, last_miss_at=NOON + 2 * HOUR)
    [found] = await after_keeping(
        tmp_path,
        lambda reading: reading.sightings("widget", "stable", "1.4.2", SightedKind.POINTER),
        miss,
        late,
        seen,
        again,
    )
    assert found == replace(POINTER, first_at=NOON + HOUR, last_miss_at=NOON)


async def test_a_digest_is_known_from_its_first_to_its_last_sight(tmp_path):
    later = replace(INDEX, first_at=NOON + HOUR, last_at=NOON + HOUR, version="")
    older = replace(INDEX, digest=sha256(b"old"), version="1.4.1", last_at=NOON - HOUR)
    found = await after_keeping(
        tmp_path,
        lambda reading: reading.index_digests("widget", "stable", "SHA256SUMS"),
        INDEX,
        later,
        older,
    )
    assert found == (replace(INDEX, last_at=NOON + HOUR), older)


async def test_a_verification_tells_since_when_it_is_so(tmp_path):
    same = replace(VERIFICATION, since=NOON + HOUR, at=NOON + HOUR)
    other = replace(VERIFICATION, outcome="invalid", since=NOON + 2 * HOUR, at=NOON + 2 * HOUR)

    def question(reading) -> tuple[Verification, ...]:
        return reading.verifications_of(VERIFICATION.subject)

    assert await after_keeping(tmp_path, question, VERIFICATION, same) == (
        replace(VERIFICATION, at=NOON + HOUR),
    )
    assert await after_keeping(tmp_path, question, other) == (other,)


async def test_required_pairs_are_those_of_the_first_time(tmp_path):
    first = Published("widget", a_release(), (Pair("cdn", "eu-west-1"),), NOON)
    approved = replace(a_release(), approved_at=NOON - HOUR)
    later = Published("widget", approved, (Pair("mirror", "eu-west-1"),), NOON + HOUR)
    found = await after_keeping(
        tmp_path, lambda reading: reading.release("widget", "stable", "1.4.2"), first, later
    )
    assert found == replace(later, required=first.required, listed_at=first.listed_at)
    assert (found.started_at, found.start_source) == (NOON - HOUR, TimeSource.APPROVAL)


async def test_files_are_those_of_the_first_half_hour(tmp_path):
    first = first_listed(a_product(), a_release(), [Region("eu")], ["us"], NOON)
    more = a_release("1.4.2", *a_release().artifacts, an_artifact("more.zip"))
    early, late = first.again(more, NOON + HOUR / 2), first.again(more, NOON + HOUR)
    assert late == replace(first, release=more)
    for again, listed_at in ((late, NOON + HOUR), (early, NOON + HOUR / 2)):
        path = tmp_path / str(listed_at.minute)
        found = await after_keeping(
            path,
            lambda reading: reading.release("widget", "stable", "1.4.2"),
            first,
            first_listed(a_product(), more, [Region("eu")], [], listed_at),
        )
        assert found == again


async def test_releases_are_found_by_when_they_were_published(tmp_path):
    ages = {"1.0": 48, "1.1": 24, "1.2": 0}
    releases = [a_release(version, published_at=NOON - age * HOUR) for version, age in ages.items()]
    other = a_release("2.0", channel="nightly")
    entries = [Published("widget", release, (), NOON) for release in (*releases, other)]
    window = Window(NOON - 24 * HOUR, NOON)
    found = await after_keeping(
        tmp_path,
        lambda reading: (
            [each.release.version for each in reading.releases("widget", "stable", window)],
            reading.remembered_releases("widget", "stable"),
            reading.release("widget", "stable", "2.0"),
        ),
        *entries,
    )
    assert found == (["1.1"], tuple(reversed(releases)), None)


async def test_text_that_no_file_can_hold_is_kept_as_far_as_it_goes(tmp_path):
    [found] = await after_keeping(
        tmp_path,
        lambda reading: reading.events("widget", "stable", ALL_DAY),
        replace(EVENT, detail="\ud800 odd"),
    )
    assert found.detail == "? odd"


def test_a_release_starts_when_it_is_approved_or_tagged_or_published():
    release = a_release()
    tagged = replace(release, tagged_at=NOON - HOUR)
    sources = [
        Published("widget", each, (), NOON)
        for each in (release, tagged, replace(tagged, approved_at=NOON - 2 * HOUR))
    ]
    assert [(each.started_at, each.start_source) for each in sources] == [
        (NOON, TimeSource.PUBLISHED),
        (NOON - HOUR, TimeSource.TAG),
        (NOON - 2 * HOUR, TimeSource.APPROVAL),
    ]


def test_required_are_the_endpoints_that_the_release_names_or_else_the_product():
    product = a_product(
        an_endpoint("origin"),
        an_endpoint("cdn", regions=("us-east-1",)),
        an_endpoint("mirror", required=False),
    )
    regions = [Region("eu-west-1"), Region("us-east-1")]
    assert required_pairs(product, a_release(), regions) == (
        Pair("origin", "eu-west-1"),
        Pair("origin", "us-east-1"),
        Pair("cdn", "us-east-1"),
    )
    naming = replace(a_release(), required_endpoints=("mirror",))
    assert required_pairs(product, naming, regions[:1]) == (Pair("mirror", "eu-west-1"),)
