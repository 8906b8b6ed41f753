"""A ticker on the fake clock: advancing the clock runs what is due."""

import asyncio
from collections.abc import Awaitable, Callable

from probe.domain.schedule import MICROSECONDS, next_due_us, phase_us
from tests.builders import NOON
from tests.fakes.clock import FakeClock


class FakeTicker:
    """Runs periodic work at the same moments as the real one, once started."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._actions: dict[str, tuple[float, Callable[[], Awaitable[None]]]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._single: set[asyncio.Task[None]] = set()
        self._started = False

    @property
    def names(self) -> set[str]:
        return set(self._actions)

    def every(self, name: str, seconds: float, action: Callable[[], Awaitable[None]]) -> None:
        self.forget(name)
        self._actions[name] = (seconds, action)
        if self._started:
            self._run(name)

    async def run(self, name: str) -> None:
        """Do something at once that is done periodically."""
        await self._actions[name][1]()

    def forget(self, name: str) -> None:
        self._actions.pop(name, None)
        if running := self._running.pop(name, None):
            running.cancel()

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        single = asyncio.ensure_future(self._once(seconds, call))
        self._single.add(single)
        single.add_done_callback(self._single.discard)

    def start(self) -> None:
        self._started = True
        for name in self._actions:
            self._run(name)

    def stop(self) -> None:
        for each in self._running.values():
            each.cancel()
        self._running.clear()
        self._started = False

    def _run(self, name: str) -> None:
        self._running[name] = asyncio.ensure_future(self._repeat(name))

    async def _repeat(self, name: str) -> None:
        seconds, action = self._actions[name]
        interval = int(seconds * MICROSECONDS)
        phase = phase_us(name, interval)
        due = next_due_us(phase, interval, self._now_us())
        while True:
            await self._clock.sleep((due - self._now_us()) / MICROSECONDS)
            await action()
            due = next_due_us(phase, interval, due)

    async def _once(self, seconds: float, call: Callable[[], None]) -> None:
        await self._clock.sleep(seconds)
        call()

    def _now_us(self) -> int:
        # Like the real one it is not put off by a wall clock that is set.
        return round((NOON.timestamp() + self._clock.monotonic()) * MICROSECONDS)
