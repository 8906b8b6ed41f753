"""A clock that stands still until a test moves it."""

import asyncio
import heapq
from datetime import datetime, timedelta

from tests.builders import NOON


class FakeClock:
    """Starts at noon; ``advance`` wakes every sleeper whose time has come, in order."""

    def __init__(self, start: datetime = NOON) -> None:
        self._start = start
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self._elapsed + seconds, self._count, waiter))
        await waiter

    def stall(self, seconds: float) -> None:
        """Let time pass while nobody runs, as a blocked event loop does."""
        self._elapsed += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock forward (or back), as NTP does; the monotonic clock goes on."""
        self._start += timedelta(seconds=seconds)

    async def advance(self, seconds: float) -> None:
        """Move time forward, letting everyone who wakes run before time moves on."""
        until = self._elapsed + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            due, _, waiter = heapq.heappop(self._sleepers)
            self._elapsed = max(self._elapsed, due)
            if not waiter.done():
                waiter.set_result(None)
            await settle()
        self._elapsed = until
        await settle()


async def settle(turns: int = 20) -> None:
    """Let every task that can run do so."""
    for _ in range(turns):
        await asyncio.sleep(0)
