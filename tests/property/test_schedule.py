"""Properties of the schedule: spread, regular, and of each target alone."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.schedule import MICROSECONDS, next_due_us, phase_us, shard_of

keys = st.text(min_size=1, max_size=80)
intervals = st.integers(MICROSECONDS, 86_400 * MICROSECONDS)
moments = st.integers(0, 4_000_000_000 * MICROSECONDS)


@given(keys, intervals)
def test_a_phase_lies_within_its_interval(key, interval):
    assert 0 <= phase_us(key, interval) < interval


@given(keys, intervals, moments)
def test_every_interval_has_exactly_one_due_moment(key, interval, after):
    phase = phase_us(key, interval)
    due = next_due_us(phase, interval, after)
    assert after < due <= after + interval
    assert due % interval == phase


@given(keys, intervals, moments, st.integers(1, 50))
def test_nothing_drifts(key, interval, start, rounds):
    phase = phase_us(key, interval)
    due = first = next_due_us(phase, interval, start)
    for _ in range(rounds):
        due = next_due_us(phase, interval, due)
    assert due == first + rounds * interval


@given(keys, intervals, moments, st.integers(0, 3600 * MICROSECONDS))
def test_a_restart_finds_a_target_where_it_was(key, interval, start, downtime):
    phase = phase_us(key, interval)
    before = next_due_us(phase, interval, start)
    after = next_due_us(phase, interval, start + downtime)
    assert (after - before) % interval == 0


def test_ten_thousand_targets_are_spread_evenly_over_a_minute():
    seconds = Counter(
        phase_us(f"widget/stable/1.0/{n}@cdn/eu", 60 * MICROSECONDS) // MICROSECONDS
        for n in range(10_000)
    )
    # 167 a second on average; five standard deviations of a uniform spread are 64.
    assert min(seconds.values()) > 167 - 64
    assert max(seconds.values()) < 167 + 64


@given(keys, st.integers(1, 20))
def test_every_key_is_in_one_of_the_shards(key, total):
    assert 0 <= shard_of(key, total) < total


@given(keys, st.integers(1, 20))
def test_with_one_shard_more_a_key_stays_or_moves_to_the_new_one(key, total):
    assert shard_of(key, total + 1) in {shard_of(key, total), total}


def test_shards_are_equally_large():
    sizes = Counter(shard_of(f"widget/stable/1.0/{n}", 8) for n in range(8_000))
    # Five standard deviations of a fair draw.
    assert all(abs(size - 1000) < 150 for size in sizes.values())
