"""How long a release takes to be everywhere, and how sure that is."""

from dataclasses import replace
from datetime import timedelta

from probe.domain.artifact import AssetClass
from probe.domain.evidence import Pair, Published, SightedKind, Sighting, TimeSource
from probe.domain.propagation import PLAIN, Reached, Terms, asset_names, pointer_names, rollout
from tests.builders import NOON, a_release, an_artifact

HOUR = timedelta(hours=1)
ONE = Pair("cdn", "eu")
TWO = Pair("mirror", "eu")
THREE = Pair("mirror", "us")
FILE = "widget.tar.gz"
DEADLINE = Terms(deadlines={"mirror": HOUR})


def minutes(amount):
    return timedelta(minutes=amount)


def after(amount):
    return NOON + minutes(amount)


def a_publication(*pairs, **fields):
    release = replace(a_release("2.0", an_artifact(FILE)), **fields)
    return Published("widget", release, pairs or (ONE, TWO), NOON)


def seen(pair, at, missed=None, **fields):
    first_at = None if at is None else after(at)
    sighting = Sighting(
        "widget", "stable", "2.0", SightedKind.ASSET, FILE, pair.endpoint, pair.region
    )
    return replace(
        sighting,
        first_at=first_at,
        last_miss_at=None if missed is None else after(missed),
        **fields,
    )


def test_it_is_complete_when_the_last_required_pair_has_it():
    found = rollout(a_publication(), [seen(ONE, 2), seen(TWO, 9)], after(60))
    assert found.complete
    assert found.first_availability == minutes(2)
    assert found.propagation == minutes(9)
    assert (found.fastest, found.slowest) == (Reached(ONE, after(2)), Reached(TWO, after(9)))


def test_it_is_pending_while_a_required_pair_lacks_it():
    found = rollout(a_publication(), [seen(ONE, 2), seen(TWO, None, missed=39)], after(40))
    assert found.pending == (TWO,)
    assert found.propagation is None
    assert found.pending_since(after(40)) == minutes(40)


def test_the_median_has_a_name_and_lies_between_two_if_need_be():
    three = rollout(
        a_publication(ONE, TWO, THREE), [seen(ONE, 2), seen(TWO, 30), seen(THREE, 4)], after(60)
    )
    assert three.median == Reached(THREE, after(4))
    two = rollout(a_publication(), [seen(ONE, 2), seen(TWO, 9)], after(60))
    assert two.median == Reached(ONE, after(2))
    assert two.median_lag == minutes(5.5)


def test_a_pair_has_it_when_it_has_each_file_that_users_install():
    release = a_release(
        "2.0",
        an_artifact(FILE),
        an_artifact("widget.zip"),
        an_artifact("SHA256SUMS", asset_class=AssetClass.CHECKSUM),
    )
    published = Published("widget", release, (ONE,), NOON)
    first = [seen(ONE, 2, missed=1)]
    assert rollout(published, first, after(3)).pending == (ONE,)
    both = [*first, seen(ONE, 8, missed=7, name="widget.zip")]
    assert rollout(published, both, after(9)).reached == (Reached(ONE, after(8), after(7)),)


def test_a_release_without_anything_to_install_is_there_with_all_its_files():
    sums = an_artifact("SHA256SUMS", asset_class=AssetClass.CHECKSUM)
    assert asset_names(a_release("2.0", sums)) == {"SHA256SUMS"}


def test_the_uncertainty_is_the_time_since_the_last_miss_of_any_file():
    found = rollout(a_publication(ONE), [seen(ONE, 9, missed=8.5)], after(60))
    assert found.uncertainty(found.reached[0]) == minutes(0.5)


def test_without_a_miss_it_came_at_any_time_since_publication():
    found = rollout(a_publication(ONE), [seen(ONE, 9)], after(60))
    assert found.uncertainty(found.reached[0]) == minutes(9)


def found_late(*sightings, terms=PLAIN):
    """Return the rollout of a release that was listed first when it was out for two hours."""
    published = replace(a_publication(), listed_at=after(120))
    return rollout(published, sightings, after(300), terms)


def test_where_it_was_before_anybody_looked_nobody_knows_since_when():
    found = found_late(seen(ONE, 121), seen(TWO, 121))
    assert [each.pair for each in found.found] == [ONE, TWO]
    assert (found.reached, found.pending) == ((), ())
    assert (found.first_availability, found.propagation) == (None, None)


def test_a_pair_that_was_seen_to_lack_it_came_by_it_when_it_did():
    found = found_late(seen(ONE, 121), seen(TWO, 200, missed=195))
    assert [each.pair for each in found.reached] == [TWO]
    assert found.propagation == minutes(200)
    assert found.first_availability is None


def test_who_had_it_before_anybody_looked_did_not_miss_its_deadline():
    found = found_late(seen(ONE, 121), seen(TWO, 121), terms=DEADLINE)
    assert (found.excluded, len(found.found)) == ((), 2)
    assert found_late(seen(ONE, 121), terms=DEADLINE).excluded == (TWO,)


def test_a_release_that_is_listed_half_an_hour_after_its_publication_is_still_watched():
    published = replace(a_publication(ONE), listed_at=after(30))
    assert rollout(published, [seen(ONE, 31)], after(60)).propagation == minutes(31)


def test_files_that_are_added_as_a_repair_do_not_reopen_a_release():
    published = replace(a_publication(ONE), files=(FILE,))
    two_files = replace(published.release, artifacts=(an_artifact(FILE), an_artifact("late.zip")))
    early, late = (published.again(two_files, after(when)) for when in (30, 31))
    assert rollout(early, [seen(ONE, 2)], after(60)).pending == (ONE,)
    assert rollout(late, [seen(ONE, 2)], after(60)).propagation == minutes(2)


def test_a_release_that_had_no_file_at_first_is_had_with_those_of_later():
    published = replace(a_publication(ONE), files=("notes.txt",))
    assert rollout(published, [seen(ONE, 200)], after(300)).propagation == minutes(200)


def test_a_pair_past_its_deadline_is_left_out_and_named():
    sightings = [seen(ONE, 2)]
    before = rollout(a_publication(), sightings, after(60), DEADLINE)
    assert (before.pending, before.excluded) == ((TWO,), ())
    past = rollout(a_publication(), sightings, after(61), DEADLINE)
    assert (past.pending, past.excluded) == ((), (TWO,))
    assert past.propagation == minutes(2)


def test_who_comes_after_the_deadline_stays_left_out():
    found = rollout(a_publication(), [seen(ONE, 2), seen(TWO, 90)], after(120), DEADLINE)
    assert found.excluded == (TWO,)
    assert found.late == (Reached(TWO, after(90)),)
    assert found.propagation == minutes(2)


def test_the_start_is_approval_or_else_the_tag_or_else_publication():
    fields = {"approved_at": after(-20), "tagged_at": after(-30)}
    sightings = [seen(ONE, 2), seen(TWO, 3)]
    starts = []
    for given in (fields, {"tagged_at": after(-30)}, {}):
        found = rollout(a_publication(**given), sightings, after(60))
        starts.append((found.start_source, found.first_availability))
        assert found.propagation == minutes(3)
    assert starts == [
        (TimeSource.APPROVAL, minutes(22)),
        (TimeSource.TAG, minutes(32)),
        (TimeSource.PUBLISHED, minutes(2)),
    ]


def test_a_file_that_was_there_before_the_start_counts_as_0_and_is_flagged():
    found = rollout(a_publication(), [seen(ONE, -4), seen(TWO, -3)], after(60))
    assert found.early
    assert found.first_availability == found.propagation == minutes(0)


def test_the_first_address_that_gave_the_file_counts():
    sightings = [seen(ONE, 9, address="192.0.2.1"), seen(ONE, 4, missed=2, address="192.0.2.2")]
    found = rollout(a_publication(ONE), sightings, after(60))
    assert found.reached == (Reached(ONE, after(4), after(2)),)


def test_pointers_are_a_rollout_of_their_own():
    published = a_publication(pointers=(("latest.json", "2.0"), ("lts.json", "1.0")))
    assert pointer_names(published.release) == {"latest.json"}
    pointed = seen(ONE, 30, kind=SightedKind.POINTER, name="latest.json")
    sightings = [seen(ONE, 2), seen(TWO, 3), pointed]
    assert rollout(published, sightings, after(60)).propagation == minutes(3)
    pointers = rollout(published, sightings, after(60), Terms(SightedKind.POINTER))
    assert (pointers.reached, pointers.pending) == ((Reached(ONE, after(30)),), (TWO,))


def test_pairs_of_other_regions_can_be_left_out():
    found = rollout(a_publication(ONE, THREE), [seen(ONE, 2)], after(60), Terms(regions=("eu",)))
    assert found.complete


def test_nothing_required_is_never_complete():
    published = replace(a_publication(), required=())
    assert not rollout(published, [seen(ONE, 2)], after(60)).complete
