"""The ledger outlives the process, however and whenever that ends."""

import multiprocessing
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from probe.clock import SystemClock
from probe.domain.bucket import BUCKET_MS, Tally
from probe.domain.evidence import IncidentRecord, Window
from probe.evidence import examine, open_reading
from tests.builders import NOON
from tests.integration.evidence.scribe import TARGETS, scribe

KILLS = 50
LEDGERS = 2
LONGEST_LIFE_SECONDS = 1.6
LOST_SECONDS = 1.0
DAYS = Window(NOON, NOON + timedelta(days=30))
CLOCK = SystemClock()


@dataclass
class Told:
    """What a scribe told before it was killed."""

    recorded: list[tuple[int, float]] = field(default_factory=lambda: [(0, 0.0)])
    seen: dict[str, datetime] = field(default_factory=dict)
    kept: dict[str, IncidentRecord] = field(default_factory=dict)
    killed_at: float = 0.0

    @property
    def least(self) -> int:
        """Return how many attempts may not be lost."""
        last = self.killed_at - LOST_SECONDS
        return max(count for count, at in self.recorded if at <= last)

    @property
    def most(self) -> int:
        """Return how many attempts there can have been; the last round was told of or not."""
        return self.recorded[-1][0] + TARGETS

    def hear(self, pipe: "Connection[None, tuple[object, ...]]") -> None:
        """Take in all that comes until the scribe is gone."""
        while True:
            try:
                match pipe.recv():
                    case ("recorded", int(count), float(at)):
                        self.recorded.append((count, at))
                    case ("seen", str(name), datetime() as first_at):
                        self.seen[name] = first_at
                    case ("kept", IncidentRecord() as record):
                        self.kept[record.id] = record
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
        counted = reading.tallies("widget", "stable", DAYS)
        sightings = reading.sightings("widget", "stable", f"1.{epoch}")
        incidents = {id_: reading.incident(id_) for id_ in told.kept}
    tally = Tally()
    for segment, part in counted.by_segment.items():
        if segment.version == f"1.{epoch}":
            tally.add(part)
    assert told.least <= tally.attempts <= told.most
    assert tally.bytes_received == tally.attempts
    assert sum(tally.faults.values()) == tally.attempts - tally.verified
    assert sum(tally.durations.values()) == tally.verified
    first = {sighting.name: sighting.first_at for sighting in sightings}
    assert told.seen.items() <= first.items()
    for id_, record in told.kept.items():
        assert incidents[id_] in {record, _after(record)}


def _after(record: IncidentRecord) -> IncidentRecord:
    # What was written next may be on the disk though nobody was told.

    return replace(record, restored_at=NOON)


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
        assert sum(bool(one.seen) for one in each) > share // 2
        assert sum(bool(one.kept) for one in each) > share // 4
        assert sum(one.least > 0 for one in each) > share // 4
        with open_reading(directory) as reading:
            total = reading.tallies("widget", "stable", DAYS).total
        assert total.up_ms <= total.known_ms <= BUCKET_MS * checkup.rows["target"] * 24
