"""What a restart finds in the ledger."""

from dataclasses import replace
from datetime import timedelta

from probe.domain.evidence import Event, Published
from probe.domain.remembered import approved
from probe.evidence.remembering import (
    RELEASES,
    remember_digests,
    remember_incidents,
    remember_rollouts,
)
from tests.builders import NOON, a_release
from tests.ledgers import HEALTH, INCIDENT, INDEX, TARGET, a_ledger, an_attempt, read

WIDGET = ("widget", "stable")
HOUR = timedelta(hours=1)


async def test_releases_come_with_their_pairs_first_sights_and_approvals(tmp_path):
    published = Published("widget", TARGET.release, (), NOON)
    approval = Event("a", "approval", *WIDGET, "1.4.2", NOON - HOUR, "ci", "")
    other = Event("o", "override", *WIDGET, "1.4.2", NOON, "me", "")
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(published, approval, other)
        ledger.record(an_attempt(15))
        assert await ledger.flush()
    found = read(tmp_path, lambda reading: remember_rollouts(reading, [WIDGET]))
    assert found.published == (published,)
    assert [each.first_at for each in found.sightings] == [NOON + timedelta(seconds=15)]
    assert found.approvals == (approval,)
    assert approved(published, found.approvals).started_at == NOON - HOUR


async def test_only_the_newest_releases_are_read(tmp_path):
    releases = [a_release(f"1.{number}", published_at=NOON - number * HOUR) for number in range(30)]
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(*(Published("widget", each, (), NOON) for each in releases))
    found = read(tmp_path, lambda reading: remember_rollouts(reading, [WIDGET]))
    assert [each.release for each in found.published] == releases[:RELEASES]


async def test_incidents_come_with_the_health_of_pairs_and_the_last_successes(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(INCIDENT, HEALTH)
        ledger.record(an_attempt(15))
        assert await ledger.flush()
    found = read(tmp_path, lambda reading: remember_incidents(reading, [WIDGET], NOON))
    assert (found.incidents, found.healths) == ((INCIDENT,), (HEALTH,))
    assert [each.key for each in found.heard] == [TARGET.key]


async def test_digests_come_by_the_markers_that_had_them(tmp_path):
    other = replace(INDEX, name="another")
    with a_ledger(tmp_path) as ledger:
        assert await ledger.keep(INDEX, other)
    place = (INDEX.product, INDEX.channel, INDEX.name)
    found = read(tmp_path, lambda reading: remember_digests(reading, [place, place]))
    assert found == (INDEX,)


def test_the_first_approval_counts_and_those_of_other_releases_do_not():
    published = Published("widget", a_release(), (), NOON)
    events = [
        Event(str(number), "approval", *WIDGET, version, NOON - number * HOUR, "ci", "")
        for number, version in enumerate(("1.4.2", "1.4.2", "9.9.9"))
    ]
    assert approved(published, events).started_at == NOON - HOUR
    assert approved(published, events[2:]) == published
