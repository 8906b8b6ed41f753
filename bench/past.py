"""A ledger of the past: five releases of one product at sixteen pairs, probed each minute."""

import random
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from probe.catalog.manifest import ManifestOptions
from probe.domain.arrival import Arrival
from probe.domain.artifact import (
    MIB,
    Artifact,
    AssetClass,
    Digest,
    DigestAlgorithm,
    Platform,
    Release,
)
from probe.domain.bucket import BUCKET_MS, Tally
from probe.domain.evidence import DetectedBy, IncidentRecord, Pair, Published
from probe.domain.failure import FailureReason, Phase
from probe.domain.gate import Objective
from probe.domain.hold import Hold
from probe.domain.moment import to_ms
from probe.domain.target import Endpoint, EndpointKind, Product, Region, Target
from probe.evidence.connection import transaction
from probe.evidence.detail import BUCKETS_PER_CHUNK, CHUNKS_PER_DAY, pack
from probe.evidence.ledger_file import LedgerFile
from probe.evidence.pruning import SUMMED_DAYS
from probe.evidence.tally_row import COLUMNS, to_row, to_sum_row
from probe.evidence.tracks import Track
from probe.kpi import KPIS
from probe.kpi.model import Direction
from probe.settings import ConfiguredProduct
from probe.sketch import bin_of

NOW = datetime(2026, 8, 20, 15, 7, 30, tzinfo=UTC)
VERSIONS = 5
TEMPLATES = 40
REGIONS = tuple(Region(f"region-{number}") for number in range(4))
ENDPOINTS = tuple(
    Endpoint(
        f"endpoint-{number}",
        EndpointKind.MIRROR,
        f"https://dl{number}.example.com/{{version}}/{{name}}",
    )
    for number in range(4)
)
PAIRS = tuple((endpoint, region) for endpoint in ENDPOINTS for region in REGIONS)
CLASSES = {
    AssetClass.BINARY: MIB // 2,
    AssetClass.ARCHIVE: 5 * MIB,
    AssetClass.PACKAGE: 50 * MIB,
    AssetClass.INSTALLER: 8 * MIB,
    AssetClass.SOURCE: 9 * MIB,
}
SIZE = CLASSES[AssetClass.BINARY]
_MARKS = ", ".join("?" * len(COLUMNS))


def releases(count: int) -> list[Release]:
    """Return the releases that make *count* targets, newest first; one came each 18 days."""
    files = -(-count // (VERSIONS * len(PAIRS)))
    return [
        Release(
            f"1.{VERSIONS - age}.0",
            "stable",
            NOW - timedelta(days=18 * age + 5),
            tuple(_artifact(f"1.{VERSIONS - age}.0", number) for number in range(files)),
        )
        for age in range(VERSIONS)
    ]


def _artifact(version: str, number: int) -> Artifact:
    kind, size = list(CLASSES.items())[number % len(CLASSES)]
    return Artifact(
        f"widget_{version}_{number}.tar.gz",
        kind,
        Platform("linux", "amd64"),
        size,
        (Digest(DigestAlgorithm.SHA256, f"{number:064x}"),),
    )


def targets(count: int) -> list[Target]:
    """Return *count* targets of five versions at sixteen pairs, of five classes and sizes."""
    every = (
        Target("widget", release, artifact, endpoint, region)
        for endpoint, region in PAIRS
        for release in releases(count)
        for artifact in release.artifacts
    )
    return [target for target, _ in zip(every, range(count), strict=False)]


def product() -> ConfiguredProduct:
    """Return the product, of which every KPI is asked."""
    objectives = tuple(
        Objective(each.name, each.target, each.direction is Direction.HIGHER)
        for each in KPIS
        if each.headline is not None
    )
    source = ManifestOptions(kind="manifest", url="file:///absent.json")
    return ConfiguredProduct(
        Product("widget", "stable", "bench", ENDPOINTS),
        source,
        {},
        300.0,
        objectives,
        tuple(region.name for region in REGIONS),
    )


def build(directory: Path, count: int, days: int) -> None:
    """Write a ledger of *count* targets over *days* straight into its tables."""
    file = LedgerFile(directory)
    tracks = [_track(each) for each in targets(count)]
    file.write(tracks, [*_published(count), *_incidents(days)])
    world = _World(file.connection)
    now_bucket = to_ms(NOW) // BUCKET_MS
    # What is over is packed, the rest is in rows.
    now_chunk = now_bucket // BUCKETS_PER_CHUNK
    for chunk in range(now_chunk - days * CHUNKS_PER_DAY, now_chunk):
        world.write_chunk(chunk)
    world.write_rows(range(now_chunk * BUCKETS_PER_CHUNK, now_bucket + 1))
    file.close()


class _World:
    """Writes buckets that come from a few templates, so that sums need not be made each time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        chance = random.Random(1)  # noqa: S311 - a world, not a secret
        self._connection = connection
        self._segment_of = dict(connection.execute("SELECT id, segment FROM target").fetchall())
        self._templates = [
            [_bucket(chance) for _ in range(BUCKETS_PER_CHUNK)] for _ in range(TEMPLATES)
        ]
        self._sums = [self._sums_of(turn) for turn in range(TEMPLATES)]
        self._day: dict[int, Tally] = {}
        today = to_ms(NOW) // BUCKET_MS // BUCKETS_PER_CHUNK // CHUNKS_PER_DAY
        self._summed_since = (today - SUMMED_DAYS) * CHUNKS_PER_DAY
        connection.execute("UPDATE chunk_rollup_since SET number = ?", (self._summed_since,))

    def _sums_of(self, turn: int) -> dict[int, Tally]:
        sums: dict[int, Tally] = {}
        wholes = []
        for template in self._templates:
            whole = Tally()
            for tally in template:
                whole.add(tally)
            wholes.append(whole)
        for id_, segment in self._segment_of.items():
            sums.setdefault(segment, Tally()).add(wholes[(id_ + turn) % TEMPLATES])
        return sums

    def write_chunk(self, chunk: int) -> None:
        """Write four hours of all targets, and their sums."""
        first, turn = chunk * BUCKETS_PER_CHUNK, chunk % TEMPLATES
        packed = [pack(dict(enumerate(each, first))) for each in self._templates]
        chunks = ((chunk, id_, packed[(id_ + turn) % TEMPLATES]) for id_ in self._segment_of)
        if not chunk % CHUNKS_PER_DAY:
            self._day.clear()
        for segment, tally in self._sums[turn].items():
            self._day.setdefault(segment, Tally()).add(tally)
        with transaction(self._connection):
            self._connection.executemany("INSERT INTO chunk VALUES (?, ?, ?)", chunks)
            self._put("rollup", chunk // CHUNKS_PER_DAY, self._day)
            if chunk >= self._summed_since:
                self._put("chunk_rollup", chunk, self._sums[turn])

    def _put(self, table: str, number: int, sums: Mapping[int, Tally]) -> None:
        rows = ((number, segment, *to_sum_row(tally)) for segment, tally in sums.items())
        put = f"REPLACE INTO {table} VALUES (?, ?, {_MARKS})"  # noqa: S608 - one of two tables
        self._connection.executemany(put, rows)

    def write_rows(self, numbers: range) -> None:
        """Write the buckets of all targets that are not packed yet."""
        rows = (
            (number, id_, *to_row(self._templates[id_ % TEMPLATES][number % BUCKETS_PER_CHUNK]))
            for number in numbers
            for id_ in self._segment_of
        )
        with transaction(self._connection):
            self._connection.executemany(
                f"INSERT INTO bucket VALUES (?, ?, {_MARKS})",  # noqa: S608 - marks alone
                rows,
            )


def _bucket(chance: random.Random) -> Tally:
    """Return five minutes of a target that is asked each minute, and fails once in a thousand."""
    tally = Tally(5, 5, 5, 5, 0, BUCKET_MS, BUCKET_MS, 5 * SIZE)
    if chance.random() < 0.005:
        tally.verified = tally.full_verified = 4
        tally.up_ms -= 60_000
        tally.faults = {(FailureReason.TIMEOUT, Phase.WAIT): 1}
    for _ in range(tally.verified):
        place = bin_of(chance.lognormvariate(-1, 0.25))
        tally.durations[place] = tally.durations.get(place, 0) + 1
    return tally


def _track(target: Target) -> Track:
    now_ms, published_ms = to_ms(NOW), to_ms(target.release.published_at)
    return Track(
        target.key,
        target,
        hold=Hold(up=True, settled_ms=now_ms - 30_000, until_ms=now_ms + 90_000),
        arrival=Arrival(published_ms + 90_000, published_ms + 30_000),
        arrival_touched=True,
        attempt_ms=now_ms - 30_000,
        verified_ms=now_ms - 30_000,
        full_ms=now_ms - 30_000,
    )


def _published(count: int) -> Iterator[Published]:
    pairs = tuple(Pair(endpoint.name, region.name) for endpoint, region in PAIRS)
    for release in releases(count):
        yield Published("widget", release, pairs, release.published_at)


def _incidents(days: int) -> Iterator[IncidentRecord]:
    for number in range(days):
        endpoint, region = PAIRS[number % len(PAIRS)]
        onset = NOW - timedelta(days=number, hours=2)
        yield IncidentRecord(
            f"incident-{number}",
            "widget",
            "stable",
            endpoint.name,
            region.name,
            onset,
            onset + timedelta(minutes=3),
            DetectedBy.PROBE,
            FailureReason.TIMEOUT.value,
            "timeout/mirror",
            first_failure_at=onset,
            restored_at=onset + timedelta(minutes=20),
        )
