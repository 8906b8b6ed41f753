"""
The ledger: what it costs to write, how large it gets, and how soon a month of it is read.

Run as ``python bench/ledger.py [TARGETS] [DAYS]``. Prints one figure a line.
"""

import asyncio
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from probe.clock import SystemClock
from probe.domain.artifact import (
    MIB,
    Artifact,
    AssetClass,
    Digest,
    DigestAlgorithm,
    Platform,
    Release,
)
from probe.domain.bucket import BUCKET_MS, BUCKETS_PER_DAY, Attempt, Tally
from probe.domain.evidence import Window
from probe.domain.failure import FailureReason, Phase
from probe.domain.target import Depth, Endpoint, EndpointKind, Region, Target
from probe.evidence import Ledger, examine
from probe.evidence.connection import FILE_NAME, transaction
from probe.evidence.detail import BUCKETS_PER_CHUNK, CHUNKS_PER_DAY, pack
from probe.evidence.ledger_file import LedgerFile
from probe.evidence.tally_row import COLUMNS, to_row
from probe.evidence.tracks import Track
from probe.sketch import bin_of

NOW = datetime(2026, 8, 20, 15, 0, tzinfo=UTC)
TEMPLATES = 40
PAIRS = [(f"endpoint-{e}", f"region-{r}") for e in range(4) for r in range(4)]
SIZES = (MIB // 2, 5 * MIB, 50 * MIB, 8 * MIB, 9 * MIB)
CLASSES = (
    AssetClass.BINARY,
    AssetClass.ARCHIVE,
    AssetClass.PACKAGE,
    AssetClass.INSTALLER,
    AssetClass.SOURCE,
)


def targets(count: int) -> Iterator[Target]:
    """Yield targets of five versions at sixteen pairs, of five classes and sizes."""
    for number in range(count):
        kind = number % 5
        version = f"1.{number // 5 % 5}.0"
        endpoint, region = PAIRS[number // 25 % len(PAIRS)]
        artifact = Artifact(
            f"widget_{version}_{number // 400}_{kind}.tar.gz",
            CLASSES[kind],
            Platform("linux", "amd64"),
            SIZES[kind],
            (Digest(DigestAlgorithm.SHA256, f"{number:064x}"),),
        )
        release = Release(version, "stable", NOW - timedelta(days=90), (artifact,))
        where = Endpoint(endpoint, EndpointKind.MIRROR, "https://dl.example.com/{version}/{name}")
        yield Target("widget", release, artifact, where, Region(region))


def a_bucket(chance: random.Random) -> Tally:
    """Return five minutes of a target that is asked each minute, and fails once in a thousand."""
    tally = Tally(5, 5, 5, 5, 0, BUCKET_MS, BUCKET_MS, 5 * SIZES[0])
    if chance.random() < 0.005:
        tally.verified = tally.full_verified = 4
        tally.up_ms -= 60_000
        tally.faults = {(FailureReason.TIMEOUT, Phase.WAIT): 1}
    for _ in range(tally.verified):
        place = bin_of(chance.lognormvariate(-1, 0.25))
        tally.durations[place] = tally.durations.get(place, 0) + 1
    return tally


def build(directory: Path, count: int, days: int) -> None:
    """Write a ledger of *count* targets over *days* straight into its tables."""
    chance = random.Random(1)  # noqa: S311 - a world, not a secret
    file = LedgerFile(directory)
    now_ms = int(NOW.timestamp() * 1000)
    tracks = [Track(each.key, each, attempt_ms=now_ms) for each in targets(count)]
    file.write(tracks, [])
    connection = file.connection
    segment_of = dict(connection.execute("SELECT id, segment FROM target").fetchall())
    templates = [[a_bucket(chance) for _ in range(BUCKETS_PER_CHUNK)] for _ in range(TEMPLATES)]
    today = now_ms // BUCKET_MS // BUCKETS_PER_DAY
    marks = ", ".join("?" * len(COLUMNS))
    for day in range(today - days, today):
        with transaction(connection):
            for chunk in range(day * CHUNKS_PER_DAY, (day + 1) * CHUNKS_PER_DAY):
                first = chunk * BUCKETS_PER_CHUNK
                packed = [pack(dict(enumerate(each, first))) for each in templates]
                rows = ((chunk, id_, packed[(id_ + chunk) % TEMPLATES]) for id_ in segment_of)
                connection.executemany("INSERT INTO chunk VALUES (?, ?, ?)", rows)
            sums: dict[int, Tally] = {}
            for id_, segment in segment_of.items():
                for tally in templates[(id_ + day) % TEMPLATES][::8]:
                    sums.setdefault(segment, Tally()).add(tally)
            days_rows = ((day, segment, *to_row(tally)) for segment, tally in sums.items())
            connection.executemany(f"INSERT INTO rollup VALUES (?, ?, {marks})", days_rows)  # noqa: S608 - marks alone
    with transaction(connection):
        first = now_ms // BUCKET_MS - BUCKETS_PER_CHUNK - 2
        rows = (
            (first + place, id_, *to_row(templates[id_ % TEMPLATES][place % BUCKETS_PER_CHUNK]))
            for place in range(BUCKETS_PER_CHUNK + 2)
            for id_ in segment_of
        )
        connection.executemany(f"INSERT INTO bucket VALUES (?, ?, {marks})", rows)  # noqa: S608 - as above
    file.close()


def read(directory: Path) -> Iterator[tuple[str, float]]:
    """Yield seconds to open for writing, and to add up windows as a scorecard does."""
    start = time.perf_counter()
    file = LedgerFile(directory)
    file.rows.unsettled()
    yield "open for writing, s", time.perf_counter() - start
    file.close()
    ledger = Ledger(directory, SystemClock())
    for name, days in (("90 days", 90), ("30 days", 30), ("24 hours", 1)):
        took = []
        for _ in range(5):
            start = time.perf_counter()
            with ledger.reading() as reading:
                reading.tallies("widget", "stable", Window(NOW - timedelta(days=days), NOW))
            took.append(time.perf_counter() - start)
        yield f"add up {name}, s", sorted(took)[2]
    start = time.perf_counter()
    with ledger.reading() as reading:
        reading.last_heard("widget", "stable", NOW)
    yield "last heard of all targets, s", time.perf_counter() - start


async def write(directory: Path, count: int, attempts: int) -> float:
    """Return the CPU seconds of the writer's thread for one attempt, a second's worth at a time."""
    ledger = Ledger(directory, SystemClock())
    ledger.start()
    await ledger.flush()
    known = list(targets(count))
    [writer] = [each for each in threading.enumerate() if each.name == "ledger-writer"]
    clock = time.pthread_getcpuclockid(writer.ident or 0)
    chance = random.Random(2)  # noqa: S311 - as above
    now_ms = int(time.time() * 1000)
    before = 0.0
    per_second = count / 60
    for number in range(-count, attempts):
        if number == 0:
            await ledger.flush()
            before = time.clock_gettime(clock)
        target = known[number % count]
        at_ms = now_ms + int((number + count) / per_second * 1000)
        seconds = chance.lognormvariate(-1, 0.25)
        ledger.record(Attempt(target, at_ms, Depth.FULL, True, None, seconds, SIZES[0]))  # noqa: FBT003 - as the field is
        if number % (per_second / 2) < 1:
            await ledger.flush()
    await ledger.flush()
    spent = time.clock_gettime(clock) - before
    ledger.close()
    return spent / attempts


def main(count: int = 2000, days: int = 90) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        build(directory, count, days)
        size = (directory / FILE_NAME).stat().st_size
        print(f"ledger of {days} days x {count} targets, MiB: {size / MIB:.1f}")
        print(f"bytes per target and day: {size / count / days:.0f}")
        for name, seconds in read(directory):
            print(f"{name}: {seconds:.3f}")
        assert examine(directory).sound
    with tempfile.TemporaryDirectory() as folder:
        spent = asyncio.run(write(Path(folder), count, 20_000))
        print(f"writer's CPU per attempt, us: {spent * 1e6:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
