"""However attempts come in, in whatever batches and over whatever restarts: the same counts."""

import tempfile
from collections import defaultdict
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from probe.domain.bucket import BUCKET_MS, Tally, over_buckets
from probe.domain.evidence import Window
from probe.domain.failure import FailureReason, Phase
from probe.domain.hold import UNHEARD, hear, settle
from probe.domain.moment import to_ms
from probe.domain.target import Depth
from probe.evidence.bins import AddBins
from probe.evidence.bins import pack as pack_bins
from probe.evidence.bins import unpack as unpack_bins
from probe.evidence.connection import FILE_NAME, open_writer, transaction
from probe.evidence.detail import BUCKETS_PER_CHUNK, pack, total, unpack
from probe.evidence.ledger_file import LedgerFile
from probe.evidence.packing import pack_some
from probe.evidence.tally_row import from_row, from_sum_row, to_row, to_sum_row
from probe.evidence.tracks import Tracks
from probe.sketch import FIRST_BIN, LAST_BIN
from tests.builders import NOON, a_target, an_endpoint
from tests.ledgers import an_attempt, read

REASONS = [FailureReason.TIMEOUT, FailureReason.CHECKSUM_MISMATCH, FailureReason.NOT_FOUND]
TARGETS = [a_target(), a_target(endpoint=an_endpoint("cdn", interval_seconds=300.0))]

faults = st.tuples(st.sampled_from(REASONS), st.sampled_from(Phase))
counts = st.integers(0, 2**40)
tallies = st.builds(
    Tally,
    *[counts] * 5,
    st.integers(0, BUCKET_MS),
    st.integers(0, BUCKET_MS),
    counts,
    st.dictionaries(faults, st.integers(1, 1000), max_size=4),
    st.dictionaries(st.integers(FIRST_BIN, LAST_BIN), st.integers(1, 1000), max_size=20),
)


@st.composite
def attempts(draw, clock_goes_on=True):
    gaps = st.floats(0, 900) if clock_goes_on else st.floats(-90_000, 90_000)
    at, made = 0.0, []
    for gap in draw(st.lists(gaps, max_size=30)):
        at += gap
        passed = draw(st.sampled_from([True, True, False, None]))
        made.append(
            an_attempt(
                at,
                passed,
                target=draw(st.sampled_from(TARGETS)),
                depth=draw(st.sampled_from(Depth)),
                fault=draw(faults) if passed is False else None,
                seconds=draw(st.floats(0.001, 100)),
            )
        )
    return made


def states(made):
    """Return the tallies of one target, and its state in the end."""
    hold, found = UNHEARD, defaultdict(Tally)
    for attempt in made:
        hold, span = hear(hold, attempt)
        for number, ms in over_buckets(span.start_ms, span.end_ms) if span else ():
            found[number].hold(ms, up=span.up)
    return found, hold


@given(attempts(clock_goes_on=False))
def test_up_is_within_known_and_known_within_the_bucket_whatever_the_clock_does(made):
    found, _ = states(made)
    assert all(0 <= tally.up_ms <= tally.known_ms <= BUCKET_MS for tally in found.values())


@given(attempts(), st.lists(st.floats(0, 30_000), max_size=5))
def test_to_settle_in_between_changes_no_sum(made, moments):
    made = [attempt for attempt in made if attempt.target is TARGETS[0]]
    pauses = sorted(to_ms(NOON) + int(moment * 1000) for moment in moments)
    hold, up, known = UNHEARD, 0, 0
    for attempt in made:
        while pauses and pauses[0] < attempt.at_ms:
            hold, span = settle(hold, pauses.pop(0))
            up, known = plus(up, known, span)
        hold, span = hear(hold, attempt)
        up, known = plus(up, known, span)
    found, undisturbed = states(made)
    # The last attempts may be inconclusive, which leaves it to the end to settle.
    end = made[-1].at_ms if made else 0
    up, known = plus(up, known, settle(hold, end)[1])
    rest_up, rest_known = plus(0, 0, settle(undisturbed, end)[1])
    assert up == rest_up + sum(tally.up_ms for tally in found.values())
    assert known == rest_known + sum(tally.known_ms for tally in found.values())


@given(attempts())
def test_known_time_is_at_most_two_intervals_for_each_conclusive_attempt(made):
    made = [attempt for attempt in made if attempt.target is TARGETS[0]]
    found, hold = states(made)
    conclusive = sum(attempt.passed is not None for attempt in made)
    known = sum(tally.known_ms for tally in found.values())
    assert known <= 120_000 * conclusive
    assert hold.until_ms - hold.settled_ms <= 120_000


@given(st.dictionaries(st.integers(0, BUCKETS_PER_CHUNK - 1), tallies, min_size=1))
def test_a_chunk_gives_back_what_was_packed_and_its_sum(packed):
    assert unpack(pack(packed)) == packed
    whole, half = Tally(), Tally()
    for number, tally in packed.items():
        whole.add(tally)
        if number >= BUCKETS_PER_CHUNK // 2:
            half.add(tally)
    assert total([pack(packed)], 0, BUCKETS_PER_CHUNK) == whole
    assert total([pack(packed)], BUCKETS_PER_CHUNK // 2, BUCKETS_PER_CHUNK) == half


@given(tallies)
def test_a_row_gives_back_what_was_put_in(tally):
    assert from_row(to_row(tally)) == tally
    assert from_sum_row(to_sum_row(tally)) == tally


@given(st.lists(tallies, max_size=5))
def test_durations_of_many_rows_add_up_as_they_do_one_by_one(rows):
    whole, adding = Tally(), AddBins()
    for tally in rows:
        whole.add(tally)
        adding.step(pack_bins(tally.durations))
    assert unpack_bins(adding.finalize()) == whole.durations


@settings(max_examples=40, deadline=None)
@given(attempts(), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_neither_batches_nor_restarts_nor_packing_change_what_is_counted(made, restarts, packs):
    expected = written(made, frozenset(), frozenset())
    assert written(made, restarts, packs) == expected
    assert written(made, frozenset(range(31)), frozenset(range(31))) == expected


@settings(max_examples=40, deadline=None)
@given(
    attempts(),
    st.sets(st.integers(0, 30)),
    st.integers(0, 480),
    st.integers(1, 480),
    st.integers(-1, 3),
)
def test_a_short_window_comes_to_what_its_buckets_come_to(made, packs, start, minutes, summed):
    first_chunk = to_ms(NOON) // BUCKET_MS // BUCKETS_PER_CHUNK
    since = NOON + timedelta(minutes=start)
    window = Window(since, since + timedelta(minutes=minutes))
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        fill(directory, made, frozenset(), packs)
        with closing(open_writer(directory / FILE_NAME)) as connection:
            connection.execute("UPDATE chunk_rollup_since SET number = ?", (first_chunk + summed,))
        expected = Tally()
        for target in TARGETS:
            key = target.key
            timeline = read(directory, lambda reading, key=key: reading.timeline(key, window))
            for tally in timeline.values():
                expected.add(tally)
        counted = read(directory, lambda reading: reading.tallies("widget", "stable", window))
        assert counted.total == expected


def written(made, restarts, packs):
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        fill(directory, made, restarts, packs)
        return [seen(directory, target) for target in TARGETS]


def fill(directory, made, restarts, packs):
    file, tracks = LedgerFile(directory), Tracks()
    for place, attempt in enumerate(made):
        tracks.take(attempt, file.rows)
        if place in restarts:
            write(file, tracks)
            file.close()
            file, tracks = LedgerFile(directory), Tracks()
        if place in packs:
            write(file, tracks)
            pack_all(file, tracks)
    write(file, tracks)
    file.close()


def write(file, tracks):
    file.write(tracks.dirty, [])
    tracks.written()


def pack_all(file, tracks):
    [(newest,)] = file.connection.execute("SELECT max(number) FROM bucket")
    for chunk in range(
        to_ms(NOON) // BUCKET_MS // BUCKETS_PER_CHUNK, newest // BUCKETS_PER_CHUNK + 1
    ):
        tracks.put_away((chunk + 1) * BUCKETS_PER_CHUNK)
        with transaction(file.connection):
            while pack_some(file.connection, chunk):
                pass


def seen(directory, target):
    window = Window(NOON, NOON + timedelta(days=2))
    timeline = read(directory, lambda reading: reading.timeline(target.key, window))
    release = target.release.version
    sights = read(directory, lambda reading: reading.sightings("widget", "stable", release))
    endpoint = target.endpoint.name
    whole = read(directory, lambda reading: reading.tallies("widget", "stable", window))
    return (
        timeline,
        [sight for sight in sights if sight.endpoint == endpoint],
        dict(whole.by_segment),
    )


def plus(up, known, span):
    if span is None:
        return up, known
    length = span.end_ms - span.start_ms
    return up + length * span.up, known + length
