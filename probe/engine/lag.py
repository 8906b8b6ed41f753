"""How late the measuring event loop comes: what it measures while it is late is not believed."""

from collections import deque

from probe.ports import Clock, Metrics, Ticker
from probe.series import LOOP_LAG

SAMPLE_SECONDS = 0.1
WINDOW_SECONDS = 10.0
OVERLOAD_SECONDS = 1.0


class LoopLag:
    """Samples the event loop ten times a second, once started."""

    def __init__(self, clock: Clock, ticker: Ticker, metrics: Metrics) -> None:
        self._clock = clock
        self._ticker = ticker
        self._metrics = metrics
        self._peaks: deque[tuple[float, float]] = deque()
        self._expected: float | None = None
        self._overload_at: float | None = None
        metrics.set(LOOP_LAG, (), 0.0)

    def start(self) -> None:
        """Begin to sample, unless that is so already."""
        if self._expected is None:
            self._await_next()

    def _await_next(self) -> None:
        self._expected = self._clock.monotonic() + SAMPLE_SECONDS
        self._ticker.later(SAMPLE_SECONDS, self._sample)

    def overloaded(self, since: float) -> bool:
        """Tell whether the loop came more than a second late after *since* (monotonic)."""
        if self._expected is None:
            return False
        # A stall that has just ended may be noticed by a download before it is by the sampler.
        if self._clock.monotonic() - self._expected > OVERLOAD_SECONDS:
            return True
        return self._overload_at is not None and self._overload_at >= since

    def _sample(self) -> None:
        now = self._clock.monotonic()
        lag = max(0.0, now - (now if self._expected is None else self._expected))
        if lag > OVERLOAD_SECONDS:
            self._overload_at = now
        self._metrics.set(LOOP_LAG, (), self._peak(now, lag))
        self._await_next()

    def _peak(self, now: float, lag: float) -> float:
        while self._peaks and self._peaks[0][0] <= now - WINDOW_SECONDS:
            self._peaks.popleft()
        # Only a later and higher value can ever take the place of the highest.
        while self._peaks and self._peaks[-1][1] <= lag:
            self._peaks.pop()
        self._peaks.append((now, lag))
        return self._peaks[0][1]
