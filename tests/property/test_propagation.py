"""What holds of rollouts whatever is seen where and when."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.evidence import Pair, Published, SightedKind, Sighting
from probe.domain.propagation import Terms, rollout
from tests.builders import NOON, a_release, an_artifact

FILES = ["one.tar.gz", "two.tar.gz"]
PAIRS = [Pair(endpoint, region) for endpoint in ("cdn", "mirror") for region in ("eu", "us")]
OTHER = Pair("added-later", "eu")
RELEASE = a_release("2.0", *map(an_artifact, FILES))
NOW = NOON + timedelta(hours=30)

moments = st.integers(-3600, 100_000).map(lambda seconds: NOON + timedelta(seconds=seconds))
required = st.lists(st.sampled_from(PAIRS), min_size=1, unique=True).map(tuple)
deadlines = st.dictionaries(
    st.sampled_from(["cdn", "mirror"]), st.integers(0, 100_000).map(lambda s: timedelta(seconds=s))
)


@st.composite
def sightings(draw, pairs=(*PAIRS, OTHER)):
    pair = draw(st.sampled_from(pairs))
    first, miss = draw(st.none() | moments), draw(st.none() | moments)
    return Sighting(
        "widget",
        "stable",
        draw(st.sampled_from(["2.0", "2.0", "1.0"])),
        draw(st.sampled_from([SightedKind.ASSET, SightedKind.ASSET, SightedKind.POINTER])),
        draw(st.sampled_from(FILES)),
        pair.endpoint,
        pair.region,
        first_at=first,
        last_miss_at=miss,
    )


seen = st.lists(sightings(), max_size=30)


def of(pairs, found, now=NOW, given=None, listed_at=NOON):
    return rollout(
        Published("widget", RELEASE, pairs, listed_at), found, now, Terms(deadlines=given or {})
    )


@given(required, seen, deadlines, moments, moments)
def test_every_required_pair_is_in_exactly_one_place(pairs, found, given, now, listed_at):
    rolled = of(pairs, found, now, given, listed_at)
    there = [each.pair for each in (*rolled.reached, *rolled.found)]
    assert sorted([*there, *rolled.pending, *rolled.excluded]) == sorted(pairs)
    assert {each.pair for each in rolled.late} <= set(rolled.excluded)


@given(required, seen, deadlines, moments)
def test_when_it_was_listed_changes_nothing_but_what_is_known_of_its_coming(
    pairs, found, given, listed_at
):
    rolled, watched = (
        of(pairs, found, given=given, listed_at=listed_at),
        of(pairs, found, given=given),
    )
    assert rolled.has == watched.has
    assert rolled.pending == watched.pending
    assert all(each.missed_at is None for each in rolled.found)
    assert rolled.first_availability in {None, watched.first_availability}


@given(required, seen, deadlines, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_what_was_seen_matters(pairs, found, given, chance):
    shuffled = [*found, *found]
    chance.shuffle(shuffled)
    assert of(pairs, shuffled, given=given) == of(pairs, found, given=given)


@given(required, seen, deadlines)
def test_propagation_is_known_exactly_when_nothing_is_pending(pairs, found, given):
    rolled = of(pairs, found, given=given)
    assert (rolled.propagation is not None) == (bool(rolled.reached) and not rolled.pending)
    assert (rolled.pending_since(NOW) is None) == (not rolled.pending)


@given(required, seen, deadlines)
def test_fastest_median_and_slowest_are_in_order_and_no_time_is_negative(pairs, found, given):
    rolled = of(pairs, found, given=given)
    if rolled.fastest and rolled.median and rolled.slowest:
        assert rolled.fastest.at <= rolled.median.at <= rolled.slowest.at
        assert rolled.lag(rolled.fastest) >= timedelta(0)
    assert rolled.first_availability is None or rolled.first_availability >= timedelta(0)
    assert all(rolled.uncertainty(each) >= timedelta(0) for each in rolled.reached)


@given(required, seen, st.lists(sightings(pairs=(OTHER,)), max_size=9))
def test_a_pair_that_was_not_required_at_publication_changes_nothing(pairs, found, more):
    assert of(pairs, [*found, *more]) == of(pairs, found)


@given(required, seen, deadlines, moments, moments)
def test_who_is_excluded_stays_so_as_time_goes_on(pairs, found, given, one, other):
    before, after = sorted([one, other])
    assert set(of(pairs, found, before, given).excluded) <= set(
        of(pairs, found, after, given).excluded
    )


@given(required, seen, deadlines)
def test_a_completed_rollout_stays_as_it_is(pairs, found, given):
    rolled = of(pairs, found, given=given)
    if rolled.complete:
        later = of(pairs, found, NOW + timedelta(days=400), given)
        assert later.propagation == rolled.propagation
