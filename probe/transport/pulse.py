"""Watches that a body keeps coming in."""

import asyncio
from collections import deque

from probe.domain.target import Limits
from probe.transport.body import Body
from probe.transport.leg import Deadline

_LOOKS_PER_STALL = 4


class Pulse:
    """
    Looks at a body four times per stall limit, and gives up when it stands still or drips.

    Looking costs nothing for each piece received, and nothing at all for a body that is there
    before the first look.
    """

    def __init__(self, body: Body, limits: Limits, deadline: Deadline) -> None:
        self._body = body
        self._limits = limits
        self._deadline = deadline
        self._seen: deque[int] = deque([0], maxlen=_LOOKS_PER_STALL + 1)
        self._loop = asyncio.get_running_loop()
        self._handle = self._next_look()

    def stop(self) -> None:
        """Look no more."""
        self._handle.cancel()

    def _next_look(self) -> asyncio.TimerHandle:
        return self._loop.call_later(self._limits.stall_seconds / _LOOKS_PER_STALL, self._look)

    def _look(self) -> None:
        self._seen.append(self._body.received)
        fault = self._fault()
        if fault:
            self._deadline.give_up(fault)
        else:
            self._handle = self._next_look()

    def _fault(self) -> str:
        if len(self._seen) <= _LOOKS_PER_STALL:
            return ""
        gained, seconds = self._seen[-1] - self._seen[0], self._limits.stall_seconds
        if not gained:
            return f"no byte for {seconds:g} s"
        if gained < self._limits.minimum_rate * seconds:
            return f"under {self._limits.minimum_rate:g} bytes/s for {seconds:g} s"
        return ""
