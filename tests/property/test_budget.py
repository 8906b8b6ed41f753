"""Properties of the ration: never more than the limit, and everybody has a turn."""

from hypothesis import given
from hypothesis import strategies as st

from probe.domain.budget import Account, Claim, may_start
from probe.domain.depth import Weight

weights = st.sampled_from(Weight)
sizes = st.integers(0, 500)


@given(st.integers(0, 2000), st.lists(st.tuples(weights, sizes, st.floats(0, 1))))
def test_no_more_than_the_limit_is_ever_spent(limit, wishes):
    account = Account(limit, 1)
    for weight, size, share in wishes:
        reserved = account.reserve(size, weight)
        if reserved is not None:
            account = reserved.settle(size, int(size * share), weight)
    assert account.small_spent + account.bulk_spent <= limit
    assert account.bulk_spent <= (account.bulk_limit or 0)


@given(st.integers(0, 2000), st.lists(st.tuples(weights, sizes)))
def test_what_is_under_way_together_stays_within_the_limit(limit, wishes):
    account = Account(limit, 1)
    for weight, size in wishes:
        account = account.reserve(size, weight) or account
    assert account.small_reserved + account.bulk_reserved <= limit


@given(
    st.integers(1, 2000).flatmap(
        lambda limit: st.tuples(
            st.just(limit),
            st.lists(st.integers(1, Account(limit, 0).bulk_limit or 1), min_size=1, max_size=12),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_every_download_that_fits_into_a_day_is_made_in_time(limit_and_sizes, chance):
    """Everybody asks every day, in any order; nobody waits more days than there are downloads."""
    limit, wanted = limit_and_sizes
    last = {f"target {number}": -1 for number in range(len(wanted))}
    size = dict(zip(last, wanted, strict=True))
    account = Account(limit, 0)
    for day in range(2 * len(wanted)):
        account = account.on(day)
        waiting = [Claim(key, since, size[key]) for key, since in last.items()]
        chance.shuffle(waiting)
        # Three times over: who is refused asks again, as a target does each interval.
        for claim in waiting * 3:
            if last[claim.key] == day or not may_start(account, claim, waiting):
                continue
            reserved = account.reserve(claim.size, Weight.BULK)
            assert reserved is not None
            account = reserved.settle(claim.size, claim.size, Weight.BULK)
            waiting = [each for each in waiting if each.key != claim.key]
            last[claim.key] = day
    assert min(last.values()) >= 2 * len(wanted) - 1 - len(wanted)
