"""The past of KPIs, read from a real ledger."""

from dataclasses import replace
from datetime import timedelta

from probe.domain.evidence import Published, Window, required_pairs
from probe.domain.sampled import Sampled, weeks_of
from probe.domain.target import Region
from probe.evidence import open_reading
from probe.kpi.gathering import Gathering
from probe.kpi.past import GatheredPast
from tests.builders import NOON, a_product, a_release, a_target, an_artifact, an_endpoint
from tests.fakes.clock import FakeClock
from tests.ledgers import INCIDENT, a_ledger, an_attempt

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MIDNIGHT = NOON.replace(hour=0)
WINDOW = Window(NOON - 30 * DAY, NOON)
ORIGIN, FILE = an_endpoint("origin", origin=True), an_artifact()
PRODUCT = a_product(ORIGIN)
REGION = Region("eu-west-1")
FIRST, SECOND, LAST = (
    a_release(version, FILE, published_at=NOON - age)
    for version, age in (("1.0", 20 * DAY), ("1.1", 9 * DAY), ("1.2", DAY))
)


def attempt(at, passed=True, release=LAST):
    target = a_target(release=release, artifact=FILE, endpoint=ORIGIN, region=REGION)
    return an_attempt(at, passed, target=target)


async def sampled(tmp_path, kpi, *attempts, entries=(), heard_since=None):
    pairs = required_pairs(PRODUCT, LAST, [REGION])
    listed = [Published("widget", each, pairs, each.published_at) for each in (FIRST, SECOND, LAST)]
    with a_ledger(tmp_path, FakeClock(NOON)) as ledger:
        assert await ledger.keep(*listed, *entries)
        for each in sorted(attempts, key=lambda each: each.at_ms):
            ledger.record(each)
        assert await ledger.flush()
    with open_reading(tmp_path) as reading:
        gathering = Gathering(reading, PRODUCT, {})
        return list(GatheredPast(gathering, WINDOW, heard_since).sampled(kpi))


def test_weeks_are_whole_and_end_with_the_last_midnight():
    weeks = list(weeks_of(WINDOW))
    assert [week.since for week in weeks] == [MIDNIGHT - n * DAY for n in (28, 21, 14, 7)]
    assert [week.until - week.since for week in weeks] == [7 * DAY] * 4
    assert weeks[-1].until == MIDNIGHT
    assert list(weeks_of(Window(NOON - 7 * DAY, NOON))) == []


async def test_a_share_of_attempts_has_a_value_for_each_week(tmp_path):
    found = await sampled(
        tmp_path,
        "transfer_success",
        attempt(MIDNIGHT - 28 * DAY),
        attempt(MIDNIGHT - 8 * DAY),
        attempt(MIDNIGHT - 8 * DAY + MINUTE, False),
        attempt(MIDNIGHT - 7 * DAY),
        attempt(MIDNIGHT + MINUTE, False),
    )
    assert found == [
        Sampled("2026-07-23", MIDNIGHT - 28 * DAY, 1.0),
        Sampled("2026-07-30", MIDNIGHT - 21 * DAY, None),
        Sampled("2026-08-06", MIDNIGHT - 14 * DAY, 0.5),
        Sampled("2026-08-13", MIDNIGHT - 7 * DAY, 1.0),
    ]


async def test_a_week_before_anything_was_heard_is_none(tmp_path):
    found = await sampled(
        tmp_path,
        "transfer_success",
        attempt(MIDNIGHT - 8 * DAY),
        heard_since=MIDNIGHT - 15 * DAY,
    )
    assert [each.of for each in found] == ["2026-08-06", "2026-08-13"]


async def test_a_time_to_users_has_a_value_for_each_release(tmp_path):
    found = await sampled(
        tmp_path,
        "global_propagation",
        attempt(FIRST.published_at + 5 * MINUTE, release=FIRST),
        attempt(LAST.published_at + 9 * MINUTE),
    )
    assert found == [
        Sampled("1.0", FIRST.published_at, 300.0),
        Sampled("1.1", SECOND.published_at, None),
        Sampled("1.2", LAST.published_at, 540.0),
    ]


async def test_completeness_is_whole_or_not_for_each_release(tmp_path):
    found = await sampled(
        tmp_path,
        "release_completeness",
        attempt(FIRST.published_at + 5 * MINUTE, release=FIRST),
        attempt(LAST.published_at + 5 * MINUTE, False),
        attempt(LAST.published_at + 31 * MINUTE),
    )
    assert [(each.of, each.value) for each in found] == [("1.0", 1.0), ("1.1", None), ("1.2", 0.0)]


async def test_a_time_to_restore_has_a_value_for_each_incident(tmp_path):
    over = replace(INCIDENT, onset_at=NOON - 3 * DAY, restored_at=NOON - 3 * DAY + 7 * MINUTE)
    entries = (
        over,
        replace(over, id="open", onset_at=NOON - DAY, restored_at=None),
        replace(over, id="part", joined="i-1"),
        replace(over, id="old", onset_at=NOON - 31 * DAY, restored_at=NOON - DAY),
    )
    found = await sampled(tmp_path, "time_to_restore", entries=entries)
    assert found == [
        Sampled("i-1", over.onset_at, 420.0),
        Sampled("open", NOON - DAY, None),
    ]


async def test_of_what_stands_no_past_is_kept(tmp_path):
    assert await sampled(tmp_path, "mirror_coverage", attempt(NOON - DAY)) == []
    assert await sampled(tmp_path, "publish_success", attempt(NOON - DAY)) == []
