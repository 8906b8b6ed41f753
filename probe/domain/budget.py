"""The ration of bytes of one endpoint for one day (UTC), and who may have the next of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from probe.domain.depth import Weight

SMALL_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Account:
    """
    Bytes of one endpoint: spent today, and reserved by downloads under way.

    Bulk downloads may use all but ``SMALL_SHARE`` of the limit; the rest is kept for the small
    probes of each interval. ``limit`` ``None`` is no limit. ``day`` counts from the Unix epoch.
    """

    limit: int | None
    day: int
    small_spent: int = 0
    small_reserved: int = 0
    bulk_spent: int = 0
    bulk_reserved: int = 0

    @property
    def remaining(self) -> int | None:
        """Return the bytes nobody has used or reserved; ``None`` if there is no limit."""
        if self.limit is None:
            return None
        small = self.small_spent + self.small_reserved
        return max(0, self.limit - small - self.bulk_spent - self.bulk_reserved)

    @property
    def bulk_limit(self) -> int | None:
        """Return the most that bulk downloads may use in a day."""
        return None if self.limit is None else self.limit - int(self.limit * SMALL_SHARE)

    @property
    def bulk_remaining(self) -> int | None:
        """Return the bytes that bulk downloads may still reserve today."""
        if self.remaining is None or self.bulk_limit is None:
            return None
        bulk = self.bulk_spent + self.bulk_reserved
        return min(self.remaining, max(0, self.bulk_limit - bulk))

    def on(self, day: int) -> "Account":
        """Return the account as *day* begins: what is under way counts for the new day."""
        # A clock that goes back by more than a day was wrong before.
        if self.day - 1 <= day <= self.day:
            return self
        return replace(self, day=day, small_spent=0, bulk_spent=0)

    def limited(self, limit: int | None) -> "Account":
        """Return the account under another limit."""
        return self if limit == self.limit else replace(self, limit=limit)

    def reserve(self, size: int, weight: Weight) -> "Account | None":
        """Set *size* bytes aside before they are asked for; ``None`` if they are not there."""
        room = self.bulk_remaining if weight is Weight.BULK else self.remaining
        if room is not None and size > room:
            return None
        return self._moved(weight, spent=0, reserved=size)

    def settle(self, reserved: int, received: int, weight: Weight) -> "Account":
        """
        Turn a reservation into the bytes that came.

        One that was made at an account before this one, of an endpoint that left the plan and came
        back, gives nothing.
        """
        held = self.bulk_reserved if weight is Weight.BULK else self.small_reserved
        return self._moved(weight, spent=received, reserved=-min(reserved, held))

    def _moved(self, weight: Weight, *, spent: int, reserved: int) -> "Account":
        limit, day, small, small_held, bulk, bulk_held = (
            self.limit, self.day, self.small_spent, self.small_reserved,
            self.bulk_spent, self.bulk_reserved,
        )  # fmt: skip
        if weight is Weight.BULK:
            return Account(limit, day, small, small_held, bulk + spent, bulk_held + reserved)
        return Account(limit, day, small + spent, small_held + reserved, bulk, bulk_held)


@dataclass(frozen=True, slots=True)
class Claim:
    """A wish for a full download of *size* bytes; *since* is when the last one was, in order."""

    key: str
    since: int
    size: int


def may_start(account: Account, claim: Claim, waiting: Iterable[Claim]) -> bool:
    """
    Tell whether *claim* may have its bytes while the others wait.

    Whoever has waited longer and fits into what is left of today goes first: their bytes are kept
    for them. One that does not fit today holds nobody up, and has its turn on another day.
    """
    left = account.bulk_remaining
    if left is None:
        return True
    for other in sorted(waiting, key=_order):
        if other.key == claim.key or _order(other) >= _order(claim):
            continue
        if other.size <= left:
            left -= other.size
    return claim.size <= left


def never_fits(account: Account, size: int) -> bool:
    """Tell whether *size* is more than a whole day allows for bulk downloads."""
    return account.bulk_limit is not None and size > account.bulk_limit


def _order(claim: Claim) -> tuple[int, str]:
    return (claim.since, claim.key)
