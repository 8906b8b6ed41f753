"""Whether one could go back: to what, is it served, and does anybody say how (R3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from probe.domain.evidence import Pair, Published, Verification, required_pairs
from probe.domain.paper import PAPER, Found, Paper
from probe.domain.target import Region
from probe.evidence import open_reading
from probe.kpi.evidence import WayBack
from probe.kpi.rollback import SERVED_WITHIN, served
from probe.kpi.ways_back import NOWHERE, WaysBack
from tests.builders import NOON, a_product, a_release, a_target, an_artifact, an_endpoint
from tests.ledgers import a_ledger, an_attempt
from tests.unit.kpi.builders import heard

DAY = timedelta(days=1)
ORIGIN, CDN = an_endpoint("origin"), an_endpoint("cdn")
PRODUCT = a_product(ORIGIN, CDN)
EU = Region("eu")
FILE = an_artifact()
NOTES, BACK = "https://example.com/notes/1.4.1", "https://example.com/back"
OLDER = a_release("1.4.0", FILE, published_at=NOON - 20 * DAY)
OLD = replace(a_release("1.4.1", FILE, published_at=NOON - 10 * DAY), notes_url=NOTES)
NEW = replace(
    a_release("1.4.2", FILE, published_at=NOON - DAY),
    previous_known_good="1.4.1",
    rollback_doc=BACK,
)
SERVED = [(ORIGIN, True), (CDN, True)]
WRITTEN = {NOTES: Found.NAMES, BACK: Found.NAMES}


async def way_back(
    folder,
    release=NEW,
    *,
    tried=SERVED,
    written=WRITTEN,
    product=PRODUCT,
    kept=(OLDER, OLD),
    age=DAY,
):
    listed = [
        Published("widget", each, required_pairs(PRODUCT, each, [EU]), each.published_at)
        for each in kept
    ]
    papers = [
        Verification(
            *(PAPER, Paper(url, "1.4.1").subject, "widget", "stable", "1.4.1", ""),
            *(found.value, "", NOON - age, NOON - age),
        )
        for url, found in written.items()
    ]
    with a_ledger(folder) as ledger:
        assert await ledger.keep(*listed, *papers)
        for endpoint, passed in tried:
            target = a_target(release=OLD, artifact=FILE, endpoint=endpoint, region=EU)
            ledger.record(an_attempt(-60, passed, target=target))
        assert await ledger.flush()
    with open_reading(folder) as reading:
        return WaysBack(reading, product, ("eu",)).of(release, NOON)


async def test_one_can_go_back_to_what_is_named_served_and_written_about(tmp_path):
    rollback, papers = await way_back(tmp_path)
    assert rollback.ready is True
    pairs = frozenset({Pair("origin", "eu"), Pair("cdn", "eu")})
    assert rollback.to == WayBack(
        "1.4.1", frozenset({FILE.name}), pairs, frozenset({"origin", "cdn"})
    )
    assert papers == (Paper(NOTES, "1.4.1"), Paper(BACK, "1.4.1"))


@pytest.mark.parametrize(
    ("tried", "found"),
    [([*SERVED[:1], (CDN, False)], False), (SERVED[:1], None), ([], None)],
    ids=["fails", "not tried at one place", "not tried"],
)
async def test_every_place_has_to_serve_it(tmp_path, tried, found):
    rollback, _ = await way_back(tmp_path, tried=tried)
    assert (rollback.served, rollback.ready) == (found, found)


async def test_a_place_that_is_configured_no_more_does_not_count(tmp_path):
    here = replace(PRODUCT, endpoints=(ORIGIN,))
    rollback, _ = await way_back(tmp_path, tried=SERVED[:1], product=here)
    assert rollback.ready is True


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ({**WRITTEN, NOTES: Found.SILENT}, False),
        ({**WRITTEN, BACK: Found.ABSENT}, False),
        ({NOTES: Found.NAMES}, None),
    ],
    ids=["notes of another version", "no instructions", "not read yet"],
)
async def test_both_documents_have_to_name_it(tmp_path, written, found):
    rollback, _ = await way_back(tmp_path, written=written)
    assert rollback.documented is found


async def test_what_was_read_before_yesterday_is_not_known(tmp_path):
    rollback, _ = await way_back(tmp_path, age=DAY + timedelta(seconds=1))
    assert rollback.documented is None


async def test_a_release_without_notes_is_not_documented(tmp_path):
    rollback, _ = await way_back(tmp_path, kept=(OLDER, replace(OLD, notes_url="")))
    assert rollback.documented is False


@pytest.mark.parametrize(
    "release",
    [
        replace(NEW, previous_known_good=""),
        replace(NEW, previous_known_good="1.3"),
        replace(NEW, previous_known_good="1.4.2"),
    ],
    ids=["nothing", "something unknown", "itself"],
)
async def test_what_is_not_named_is_no_way_back(tmp_path, release):
    assert await way_back(tmp_path, release) == (NOWHERE, ())
    assert NOWHERE.ready is False


async def test_what_was_withdrawn_is_no_way_back(tmp_path):
    assert await way_back(tmp_path, kept=(OLDER, replace(OLD, yanked=True))) == (NOWHERE, ())


async def test_from_the_first_release_there_is_nothing_to_go_back_to(tmp_path):
    first = replace(NEW, previous_known_good="")
    assert await way_back(tmp_path, first, kept=()) == (None, ())


async def test_the_configuration_may_name_what_is_good_and_where_it_says_how(tmp_path):
    product = replace(
        PRODUCT, known_good=("1.4.0", "1.4.1"), rollback_doc="https://example.com/{version}"
    )
    release = replace(NEW, previous_known_good="", rollback_doc="")
    rollback, papers = await way_back(tmp_path / "new", release, product=product)
    assert rollback.to.version == "1.4.1"
    assert papers[1] == Paper("https://example.com/1.4.1", "1.4.1")
    rollback, _ = await way_back(tmp_path / "old", OLD, product=product)
    assert rollback.to.version == "1.4.0"


WAY = WayBack("1.4.1", frozenset({"a"}), frozenset({Pair("cdn", "eu-west-1")}), frozenset({"cdn"}))


def one_way(*hearings):
    return served(WAY, hearings, NOON)


def test_a_file_is_served_if_it_was_had_within_a_day_though_the_last_attempt_failed():
    assert one_way(heard("a", up=False)) is True
    long_ago = NOON - SERVED_WITHIN - timedelta(seconds=1)
    assert one_way(heard("a", verified_at=long_ago)) is None
    assert one_way(heard("a", verified_at=long_ago, up=False)) is False
    assert one_way(heard("a", verified_at=long_ago, up=False, heard_at=long_ago)) is None


def test_heads_do_not_prove_that_a_file_is_served_but_may_refute_it():
    heads = replace(WAY, whole=frozenset())
    assert served(heads, (heard("a"),), NOON) is None
    assert served(heads, (heard("a", verified_at=None, up=False),), NOON) is False
    both = replace(WAY, pairs=WAY.pairs | {Pair("s3", "eu-west-1")})
    assert served(both, (heard("a"), heard("a", "s3")), NOON) is True


def test_one_address_of_several_is_enough():
    assert one_way(heard("a", verified_at=None, up=False), heard("a")) is True


def test_without_files_nothing_can_be_served():
    assert served(WayBack("1.4.1"), (), NOON) is None
