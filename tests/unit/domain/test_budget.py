from probe.domain.artifact import GIB, MIB
from probe.domain.budget import Account, Claim, may_start, never_fits
from probe.domain.depth import Weight


def test_bulk_downloads_leave_a_fifth_for_small_probes():
    account = Account(limit=100, day=1)
    assert account.reserve(81, Weight.BULK) is None
    spent = account.reserve(80, Weight.BULK)
    assert spent is not None
    assert spent.bulk_remaining == 0
    assert spent.reserve(20, Weight.SMALL) is not None
    assert spent.reserve(21, Weight.SMALL) is None


def test_small_probes_may_use_everything():
    assert Account(limit=100, day=1).reserve(100, Weight.SMALL) == Account(100, 1, 0, 100)


def test_what_did_not_come_is_given_back():
    account = Account(limit=100, day=1).reserve(80, Weight.BULK)
    assert account is not None
    assert account.settle(80, 30, Weight.BULK) == Account(100, 1, bulk_spent=30)


def test_a_new_day_forgets_what_was_spent_but_not_what_is_under_way():
    account = Account(100, 1, small_spent=50, small_reserved=1, bulk_spent=20, bulk_reserved=7)
    assert account.on(2) == Account(100, 2, small_reserved=1, bulk_reserved=7)


def test_a_clock_that_goes_back_gives_nothing_twice():
    account = Account(100, 2, small_spent=50)
    assert account.on(1) is account


def test_without_a_limit_everything_is_allowed():
    account = Account(None, 1)
    assert account.remaining is None
    assert account.reserve(GIB, Weight.BULK) is not None
    assert may_start(account, Claim("a", 2, GIB), [Claim("b", 1, GIB)])


def test_who_waited_longest_goes_first():
    account = Account(100 * MIB, 1)
    older, younger = Claim("a", 1, 50 * MIB), Claim("b", 2, 50 * MIB)
    assert may_start(account, older, [younger])
    assert not may_start(account, younger, [older])


def test_a_small_wish_goes_ahead_where_it_takes_nothing_from_the_older_one():
    account = Account(100 * MIB, 1)
    older, younger = Claim("a", 1, 50 * MIB), Claim("b", 2, 30 * MIB)
    assert may_start(account, younger, [older])


def test_one_that_does_not_fit_today_holds_nobody_up():
    account = Account(100 * MIB, 1, bulk_spent=40 * MIB)
    older, younger = Claim("a", 1, 50 * MIB), Claim("b", 2, 30 * MIB)
    assert may_start(account, younger, [older])


def test_a_download_larger_than_a_day_of_bulk_never_fits():
    assert never_fits(Account(100, 1), 81)
    assert not never_fits(Account(100, 1), 80)


def test_bytes_reserved_at_another_account_are_not_given_back_to_this_one():
    account = Account(100, 1).settle(30, 10, Weight.SMALL)
    assert (account.remaining, account.small_reserved) == (90, 0)


def test_a_clock_that_was_days_ahead_does_not_hold_the_budget_back_for_days():
    spent = Account(100, 30, bulk_spent=80)
    assert spent.on(2) == Account(100, 2)
