"""A way back is one for all regions."""

from datetime import timedelta

import pytest

from probe.domain.evidence import Pair
from probe.kpi import Rollback
from probe.kpi.central import ways_asked, with_ways
from probe.kpi.evidence import WayBack
from tests.builders import NOON
from tests.unit.kpi.builders import of, released
from tests.unit.kpi.central.findings import EU, FILE, PAIRS, PRODUCT, US, ago, of_target

WAY = WayBack(
    "1.4.1",
    frozenset({FILE}),
    frozenset(Pair(endpoint, region) for endpoint, region in PAIRS),
    frozenset({"origin", "cdn"}),
)
BACK = Rollback(named=True, served=None, signed=True, documented=True, to=WAY)


def had(*verified, up=1.0):
    return {
        "verified of 1.4.1": tuple(
            of_target(at, *pair, version="1.4.1") for pair, at in zip(PAIRS, verified, strict=False)
        ),
        "failed of 1.4.1": tuple(
            of_target(ago(minutes=1), *pair, version="1.4.1") for pair in PAIRS if not up
        ),
        "up of 1.4.1": tuple(of_target(up, *pair, version="1.4.1") for pair in PAIRS),
    }


@pytest.mark.parametrize(
    ("findings", "served"),
    [
        (had(*[ago(hours=1)] * 4), True),
        (had(*[ago(hours=1)] * 3), None),
        (had(*[ago(hours=1)] * 3, ago(hours=30), up=0.0), False),
        ({}, None),
    ],
    ids=["everywhere", "nothing of one place", "not from one place", "nothing"],
)
def test_it_is_served_if_every_region_has_it_from_every_place(findings, served):
    evidence = with_ways(of(released(rollback=BACK), released()), findings, PRODUCT, NOON)
    back, without = evidence.releases
    assert (back.rollback.served, without.rollback) == (served, None)


def test_each_version_is_asked_about_once_and_not_too_many():
    ways = [
        Rollback(named=True, served=None, signed=True, documented=True, to=WayBack(f"1.{number}"))
        for number in range(9)
    ]
    releases = [released(rollback=each) for each in (*ways, *ways)]
    asked = ways_asked(PRODUCT.key, releases)
    assert len(asked) == 15
    assert 'version="1.0"' in asked["verified of 1.0"]
    assert {EU, US} == {region for _, region in PAIRS}
    assert ago(hours=24) == NOON - timedelta(days=1)
