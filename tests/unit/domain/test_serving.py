"""Whether a pair serves the current release."""

import pytest

from probe.domain.evidence import Pair, SightedKind, TimeSource
from probe.domain.failure import FailureReason
from probe.domain.propagation import Reached, Rollout
from probe.domain.serving import serves
from tests.builders import NOON

HAS, LACKS = Pair("cdn", "eu"), Pair("mirror", "eu")
NEWEST = Rollout(
    "widget",
    "stable",
    "2.0",
    SightedKind.ASSET,
    NOON,
    TimeSource.PUBLISHED,
    NOON,
    reached=(Reached(HAS, NOON),),
    pending=(LACKS,),
)
DOWN, GONE, STALE = FailureReason.TIMEOUT, FailureReason.NOT_FOUND, FailureReason.STALE


@pytest.mark.parametrize(
    ("pair", "named", "reasons", "expected"),
    [
        (HAS, "", [None], True),
        (HAS, "2.0", [None, None], True),
        (HAS, "1.0", [None], False),
        (HAS, "", [None, DOWN], True),
        (HAS, "", [DOWN], False),
        (HAS, "", [None, GONE], False),
        (HAS, "", [None, STALE], False),
        (HAS, "", [], None),
        (LACKS, "", [None], False),
        (LACKS, "", [], None),
    ],
)
def test_a_pair_serves_what_it_had_and_names_and_still_gives(pair, named, reasons, expected):
    assert serves(NEWEST, pair, named, reasons) is expected
