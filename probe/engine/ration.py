"""The byte ration of each endpoint, kept while the process lives."""

from collections.abc import Iterable

import structlog

from probe.domain.budget import Account, Claim, may_start, never_fits
from probe.domain.depth import DAY_US, Weight
from probe.domain.schedule import MICROSECONDS
from probe.domain.target import Target
from probe.engine.prober import PairKey, pair_key
from probe.engine.roster import TargetState
from probe.ports import Clock, Metrics
from probe.series import BUDGET_REMAINING, FULL_DOWNLOADS_DEFERRED

_log = structlog.get_logger(__name__)


class Ration:
    """
    Bytes set aside and spent, by product, channel and endpoint.

    ``bytes_per_day`` holds for each endpoint that names no limit of its own; ``None`` is no limit.
    A restart begins with a whole day's bytes.
    """

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self.bytes_per_day: int | None = None
        self._clock = clock
        self._metrics = metrics
        self._accounts: dict[PairKey, Account] = {}
        self._waiting: dict[PairKey, dict[str, Claim]] = {}
        self._told: dict[PairKey, int] = {}

    def reserve(self, target: Target, size: int) -> bool:
        """Set *size* bytes aside for a probe of each interval; False if they are not there."""
        return self._reserve(pair_key(target), size, Weight.SMALL)

    def waits(self, state: TargetState) -> bool:
        """Tell whether the full download of a large artifact has been put off."""
        return state.target.key in self._waiting.get(pair_key(state.target), ())

    def claim(self, state: TargetState) -> bool:
        """Set the bytes of a full download of a large artifact aside, or put it off."""
        key = pair_key(state.target)
        wish = Claim(state.target.key, state.waiting_since_us, state.most_bytes)
        waiting = self._waiting.setdefault(key, {})
        account = self._account(key, state.target)
        if may_start(account, wish, waiting.values()) and self._reserve(
            key, wish.size, Weight.BULK
        ):
            waiting.pop(wish.key, None)
            return True
        waiting[wish.key] = wish
        self._tell(key, account, wish)
        return False

    def withdraw(self, state: TargetState) -> None:
        """Let a full download that was put off wait no more: no bytes are kept for it."""
        self._waiting.get(pair_key(state.target), {}).pop(state.target.key, None)

    def settle(self, target: Target, reserved: int, received: int, weight: Weight) -> None:
        """Charge the bytes that came in place of those set aside."""
        key = pair_key(target)
        if (account := self._accounts.get(key)) is not None:
            self._accounts[key] = account.settle(reserved, received, weight)

    def retarget(self, targets: Iterable[Target], gone: Iterable[TargetState]) -> None:
        """Take the endpoints there are; what is gone waits no more."""
        for state in gone:
            self.withdraw(state)
        limits = {pair_key(target): self._limit(target) for target in targets}
        for key in self._accounts.keys() - limits.keys():
            self._forget(key)
        for key, limit in limits.items():
            self._accounts[key] = self._accounts.get(key, Account(limit, 0)).limited(limit)
        self.publish()

    def publish(self) -> None:
        """Begin a new day where one has come, and show what is left and who waits."""
        today = self._today()
        for key, account in self._accounts.items():
            self._accounts[key] = current = account.on(today)
            waiting = len(self._waiting.get(key, ()))
            self._metrics.set(FULL_DOWNLOADS_DEFERRED, key, float(waiting))
            if current.remaining is None:
                self._metrics.remove(BUDGET_REMAINING, key)
            else:
                self._metrics.set(BUDGET_REMAINING, key, float(current.remaining))

    async def tick(self) -> None:
        """Do so at intervals."""
        self.publish()

    def _reserve(self, key: PairKey, size: int, weight: Weight) -> bool:
        account = self._accounts.get(key)
        if account is None:
            return True
        reserved = account.on(self._today()).reserve(size, weight)
        if reserved is None:
            return False
        self._accounts[key] = reserved
        return True

    def _account(self, key: PairKey, target: Target) -> Account:
        account = self._accounts.get(key, Account(self._limit(target), 0))
        return account.on(self._today())

    def _limit(self, target: Target) -> int | None:
        own = target.endpoint.bytes_per_day
        return self.bytes_per_day if own is None else own

    def _forget(self, key: PairKey) -> None:
        for series in (BUDGET_REMAINING, FULL_DOWNLOADS_DEFERRED):
            self._metrics.remove(series, key)
        for memory in (self._accounts, self._waiting, self._told):
            memory.pop(key, None)

    def _tell(self, key: PairKey, account: Account, wish: Claim) -> None:
        if self._told.get(key) == account.day:
            return
        self._told[key] = account.day
        product, channel, endpoint = key
        _log.warning(
            "full download deferred: the byte budget of the day is short",
            product=product,
            channel=channel,
            endpoint=endpoint,
            target=wish.key,
            wanted_bytes=wish.size,
            bytes_per_day=account.limit,
            never_fits=never_fits(account, wish.size),
        )

    def _today(self) -> int:
        return int(self._clock.now().timestamp() * MICROSECONDS) // DAY_US
