"""
Durations as counts by bin, after DDSketch (Masson, Rim, Lee: VLDB 2019).

A bin is at most 1 % off the values in it, and bins of many sketches add up to the bins of all
values, in whatever order: that is what a sum over targets and days needs.
"""

from collections.abc import Mapping

from ddsketch.ddsketch import BaseDDSketch
from ddsketch.mapping import LogarithmicMapping
from ddsketch.store import DenseStore

RELATIVE_ACCURACY = 0.01

_MAPPING = LogarithmicMapping(RELATIVE_ACCURACY)

# No download lasts less, or longer; they bound the bins.
_LEAST_SECONDS = 1e-6
_MOST_SECONDS = 1e6


def bin_of(seconds: float) -> int:
    """Return the bin that a duration falls in."""
    return int(_MAPPING.key(min(max(seconds, _LEAST_SECONDS), _MOST_SECONDS)))


FIRST_BIN, LAST_BIN = bin_of(_LEAST_SECONDS), bin_of(_MOST_SECONDS)


def quantile(bins: Mapping[int, int], fraction: float) -> float | None:
    """Return the duration in seconds that *fraction* (0 to 1) stay within; ``None`` of nothing."""
    store = DenseStore()
    for place, count in bins.items():
        store.add(place, count)
    found = BaseDDSketch(_MAPPING, store, DenseStore(), 0.0).get_quantile_value(fraction)
    return None if found is None else float(found)


def within(bins: Mapping[int, int], seconds: float) -> int:
    """Return how many lasted at most *seconds*; those in the bin of *seconds* are counted in."""
    last = bin_of(seconds)
    return sum(count for place, count in bins.items() if place <= last)
