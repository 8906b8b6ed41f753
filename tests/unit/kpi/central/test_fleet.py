"""What all regions say of all products at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.evidence import Pair
from probe.domain.gate import Mode, Objective, Ruling
from probe.domain.promql import Sample
from probe.kpi.central import Fleet, Overall, fleet_asked, reasons_of
from tests.builders import NOON

TRAIN = {"product": "widget", "channel": "stable"}
OTHER = {"product": "gadget", "channel": "stable"}
GATE = {**TRAIN, "version": "1.4.2", "gate": "artifact_availability"}
OBJECTIVE = Objective("artifact_availability", 0.99, higher_is_better=True, mode=Mode.GATE)


def train(**findings: tuple[Sample, ...]):
    return Fleet({Overall[name.upper()]: each for name, each in findings.items()}).of(
        ("widget", "stable")
    )


def test_however_many_products_there_are_a_dozen_queries_tell_of_all():
    assert len(fleet_asked()) == 12
    assert all("widget" not in query for query in fleet_asked().values())


def test_numbers_of_other_products_are_not_those_of_this_one():
    found = train(last_day=(Sample(OTHER, 0.1), Sample(TRAIN, 0.9)))
    assert found.value(Overall.LAST_DAY) == 0.9
    assert found.value(Overall.LAST_MONTH) is None


def test_what_is_no_number_is_unknown():
    region = {**TRAIN, "probe_region": "eu-west-1"}
    found = train(last_month_by_region=(Sample(region, float("nan")),))
    assert found.by_region(Overall.LAST_MONTH_BY_REGION) == {}


@pytest.mark.parametrize(
    ("held", "ruling"),
    [
        ((Sample(GATE, 1.0),), Ruling.PASS),
        ((Sample(GATE, 0.0),), Ruling.FAIL),
        ((), Ruling.UNKNOWN),
        ((Sample({**GATE, "version": "1.4.1"}, 1.0),), Ruling.UNKNOWN),
        ((Sample({**GATE, "product": "gadget"}, 1.0),), Ruling.UNKNOWN),
    ],
)
def test_a_release_is_held_to_be_what_its_series_say(held, ruling):
    assert train(held=held).gate([OBJECTIVE], "1.4.2", NOON).ruling is ruling


def test_a_word_lets_it_pass_until_its_end():
    until = NOON + timedelta(hours=1)
    found = train(held=(Sample(GATE, 0.0),), overridden=(Sample(GATE, until.timestamp()),))
    assert found.gate([OBJECTIVE], "1.4.2", NOON).ruling is Ruling.PASS
    assert found.gate([OBJECTIVE], "1.4.2", until).ruling is Ruling.FAIL


def test_what_is_only_to_be_seen_stops_nothing():
    seen = replace(OBJECTIVE, mode=Mode.INFORM)
    assert train(held=(Sample(GATE, 0.0),)).gate([seen], "1.4.2", NOON).ruling is Ruling.UNKNOWN


def test_open_incidents_are_told_by_pair():
    place = {**TRAIN, "endpoint": "cdn", "probe_region": "us-east-1"}
    assert train(open=(Sample(place, 2.0),)).open_incidents() == {Pair("cdn", "us-east-1"): 2}


def test_of_the_reasons_at_a_pair_the_most_frequent_is_told():
    place = {"endpoint": "cdn", "probe_region": "us-east-1"}
    found = reasons_of(
        (
            Sample({**place, "reason": "timeout"}, 7.0),
            Sample({**place, "reason": "not_found"}, 2.0),
        )
    )
    assert found == {Pair("cdn", "us-east-1"): "timeout"}
