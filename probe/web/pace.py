"""How often one client may ask, so that nobody's asking slows down what measures."""

from collections import OrderedDict
from collections.abc import Callable

# A page for people brings a dozen requests with it; two Prometheus ask once in a few seconds.
PER_SECOND = 100.0
BURST = 200.0

_CLIENTS = 4096
_ROUNDING = 1e-9


class Pace:
    """
    A bucket of tokens for each address: *per_second* flow in, up to *burst*.

    Of addresses that were silent for so long that their bucket is full nothing is kept, and of
    others no more than the last few thousand.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        per_second: float = PER_SECOND,
        burst: float = BURST,
    ) -> None:
        self._monotonic = monotonic
        self._per_second = per_second
        self._burst = burst
        # When each bucket was, or will be, full; the address that asked last is last.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def admits(self, client: str, cost: float) -> bool:
        """Take *cost* tokens of *client*, if there are as many; tell whether there were."""
        now = self._monotonic()
        full_at = max(self._full_at.get(client, now), now) + cost / self._per_second
        if full_at - now > self._burst / self._per_second + _ROUNDING:
            return False
        self._full_at[client] = full_at
        self._full_at.move_to_end(client)
        if len(self._full_at) > _CLIENTS:
            self._full_at.popitem(last=False)
        return True
