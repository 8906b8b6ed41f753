"""Questions that take a while: each is under way once, and nobody waits for long."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from probe.ports import Clock, EvidenceUnavailable

# What was found is good for some seconds, a fault too; it is shown for longer while it is asked
# again, so that nobody waits for what is known.
GOOD_SECONDS = 15.0
_SHOWN_SECONDS = 120.0
# Whoever waits for a page waits so long at most, whoever else does not answer.
PATIENCE_SECONDS = 1.5
_LONGEST_SECONDS = 60.0
_MOST = 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What was found at a moment; ``why`` says why nothing was, where ``found`` is ``None``."""

    found: T | None
    at: datetime
    why: str = ""


@dataclass(slots=True)
class _Flight(Generic[T]):
    begun: float
    task: asyncio.Task[Told[T]]


class Flights(Generic[T]):
    """
    Asks one question at a time, and of many that come at once the same one only once.

    A question goes on after *patience_seconds*, when whoever asked is told that it does.
    """

    def __init__(self, clock: Clock, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._clock = clock
        self._patience = patience_seconds
        self._turn = asyncio.Semaphore(1)
        self._under_way: dict[Hashable, _Flight[T]] = {}
        self._landed: dict[Hashable, tuple[float, Told[T]]] = {}

    async def told(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> Told[T]:
        """Return what *ask* gave of late, or gives now if that does not take too long."""
        now = self._clock.monotonic()
        self._landed = {
            other: each for other, each in self._landed.items() if now - each[0] < _SHOWN_SECONDS
        }
        at, known = self._landed.get(key, (now, None))
        if known is not None and now - at < GOOD_SECONDS:
            return known
        flight = self._under_way.get(key)
        if flight is None:
            if len(self._under_way) >= _MOST:
                return Told(None, self._clock.now(), "too much is asked of it already")
            flight = _Flight(now, asyncio.create_task(self._fly(key, ask)))
            self._under_way[key] = flight
        if known is not None and known.found is not None:
            return known
        return await self._awaited(flight, now)

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = [each.task for each in self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _awaited(self, flight: _Flight[T], now: float) -> Told[T]:
        left = max(0.0, flight.begun + self._patience - now)
        done, _ = await asyncio.wait({flight.task}, timeout=left)
        if done:
            return flight.task.result()
        why = f"no answer within {self._patience:g} s; it is still being asked"
        return Told(None, self._clock.now(), why)

    async def _fly(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> Told[T]:
        try:
            async with self._turn:
                told = await self._asked(ask)
            self._landed[key] = (self._clock.monotonic(), told)
            return told
        finally:
            del self._under_way[key]

    async def _asked(self, ask: Callable[[], Awaitable[T]]) -> Told[T]:
        at = self._clock.now()
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                return Told(await ask(), at)
        except EvidenceUnavailable as fault:
            return Told(None, at, str(fault))
        except TimeoutError:
            return Told(None, at, f"no answer within {_LONGEST_SECONDS:g} s")
