"""What the service has seen outlives the process, however and whenever that ends."""

import multiprocessing
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from probe.clock import SystemClock
from probe.domain.evidence import EVER, IncidentRecord
from probe.evidence import Reading, examine, open_reading
from tests.integration.evidence import story
from tests.integration.evidence.scribe import Tell, scribe

KILLS = 50
LEDGERS = 2
LONGEST_LIFE_SECONDS = 2.4
LOST_SECONDS = 1.0
WIDGET = ("widget", "stable")
CLOCK = SystemClock()


@dataclass
class Told:
    """What a scribe told before it was killed."""

    rounds: list[Tell] = field(default_factory=lambda: [(0, 0.0, 0.0, None)])
    killed_at: float = 0.0

    @property
    def least(self) -> int:
        """Return how many attempts may not be lost."""
        last = self.killed_at - LOST_SECONDS
        return max(count for count, at, *_ in self.rounds if at <= last)

    @property
    def most(self) -> int:
        """Return how many attempts there can have been; the last round was told of or not."""
        return self.rounds[-1][0] + story.FILES

    def hear(self, pipe: "Connection[None, Tell]") -> None:
        """Take in all that comes until the scribe is gone."""
        while True:
            try:
                self.rounds.append(pipe.recv())
            except EOFError:
                return


def told_until_killed(directory: Path, epoch: int, life_seconds: float) -> Told:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.evidence.scribe"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=scribe, args=(str(directory), epoch, theirs), daemon=True)
    process.start()
    theirs.close()
    told = Told()
    listener = threading.Thread(target=told.hear, args=(ours,))
    try:
        assert ours.poll(30)
        listener.start()
        threading.Event().wait(life_seconds)
    finally:
        told.killed_at = CLOCK.monotonic()
        process.kill()
        process.join()
    listener.join()
    ours.close()
    return told


def hold_against(directory: Path, epoch: int, told: Told) -> None:
    with open_reading(directory) as reading:
        counted = reading.tallies(*WIDGET, story.span_of(epoch)).total
        assert told.least <= counted.attempts <= told.most
        assert counted.bytes_received == counted.attempts
        tries = story.first(epoch, counted.attempts)
        assert buckets_on_file(reading, epoch) == story.buckets_of(tries)
        sights = sights_on_file(reading, epoch)
        incidents = reading.incidents(*WIDGET, EVER)
    assert sights == story.sights_of(tries)
    _, _, shown, first_available = told.rounds[-1]
    if first_available is not None:
        assert len(sights) == len(story.NEW)
        assert max(first_at for first_at, _ in sights.values()).timestamp() == first_available
    assert shown <= len(incidents)
    for outage in story.outages_of(story.first(epoch, told.least)):
        hold_incidents_against(incidents, outage)


def buckets_on_file(reading: Reading, epoch: int) -> dict[str, dict[object, story.Counts]]:
    keys = {
        **{file: f"widget/stable/1.0/{file}@cdn/eu-west-1" for file in story.OLD},
        **{
            file: f"widget/stable/{story.version_of(epoch)}/{file}@origin/eu-west-1"
            for file in story.NEW
        },
    }
    lines = {
        file: {
            bucket: (tally.attempts, tally.verified)
            for bucket, tally in reading.timeline(key, story.span_of(epoch)).items()
            # State is known a little longer than attempts are made.
            if tally.attempts
        }
        for file, key in keys.items()
    }
    return {file: line for file, line in lines.items() if line}


def sights_on_file(reading: Reading, epoch: int) -> dict[str, tuple[object, object]]:
    return {
        each.name: (each.first_at, each.last_miss_at)
        for each in reading.sightings(*WIDGET, story.version_of(epoch))
        if each.first_at is not None
    }


def hold_incidents_against(incidents: list[IncidentRecord], outage: story.Outage) -> None:
    begun = [each for each in incidents if each.first_failure_at <= outage.opened_at]
    assert any(each.restored_at is None or each.restored_at > outage.opened_at for each in begun), (
        outage
    )
    if outage.closed_at is not None:
        assert all(
            each.restored_at is not None and each.restored_at <= outage.closed_at for each in begun
        ), outage


def kill_again_and_again(directory: Path, kills: int, seed: int) -> list[Told]:
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    all_told: list[Told] = []
    for epoch in range(kills):
        life_seconds = chance.uniform(0.0, LONGEST_LIFE_SECONDS)
        all_told.append(told_until_killed(directory, epoch, life_seconds))
        hold_against(directory, epoch, all_told[-1])
    for epoch, told in enumerate(all_told):
        hold_against(directory, epoch, told)
    return all_told


def test_fifty_kills_lose_no_first_sight_no_incident_and_no_count_older_than_a_second(tmp_path):
    directories = [tmp_path / str(number) for number in range(LEDGERS)]
    with ThreadPoolExecutor(LEDGERS) as pool:
        share = KILLS // LEDGERS
        told = list(pool.map(kill_again_and_again, directories, [share] * LEDGERS, range(LEDGERS)))
    for directory, each in zip(directories, told, strict=True):
        checkup = examine(directory)
        assert checkup.sound
        assert checkup.rows["chunk"] > 0
        assert sum(one.rounds[-1][3] is not None for one in each) > share // 4
        assert sum(one.least > 0 for one in each) > share // 4
        with open_reading(directory) as reading:
            incidents = reading.incidents(*WIDGET, EVER)
            total = reading.tallies(*WIDGET, EVER).total
        assert total.up_ms <= total.known_ms
        begun_in = [story.outage_at(one.first_failure_at) for one in incidents]
        assert None not in begun_in
        assert len(begun_in) == len(set(begun_in)) > share // 2
        # One that a kill interrupts goes on in the next life if the CDN still fails there.
        ended_at = [one.restored_at for one in incidents if one.restored_at is not None]
        assert {story.outage_at(moment) for moment in ended_at} == {None}
        assert not any(one.joined for one in incidents)
