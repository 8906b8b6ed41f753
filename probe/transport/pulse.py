"""Watches that a body keeps coming in."""

from collections import deque

from probe.domain.target import Limits
from probe.transport.body import Body

_LOOKS_PER_STALL = 4


class Pulse:
    """
    Finds a body that stands still or drips, if it is looked at four times per stall limit.

    Looking costs nothing for each piece received, and nothing at all for a body that is there
    before the first look.
    """

    def __init__(self, body: Body, limits: Limits) -> None:
        self.look_seconds = limits.stall_seconds / _LOOKS_PER_STALL
        self._body = body
        self._limits = limits
        self._seen: deque[int] = deque([0], maxlen=_LOOKS_PER_STALL + 1)

    def look(self) -> str:
        """Return why not to wait for more of it; empty while it keeps coming in."""
        self._seen.append(self._body.received)
        if len(self._seen) <= _LOOKS_PER_STALL:
            return ""
        gained, seconds = self._seen[-1] - self._seen[0], self._limits.stall_seconds
        if not gained:
            return f"no byte for {seconds:g} s"
        if gained < self._limits.minimum_rate * seconds:
            return f"under {self._limits.minimum_rate:g} bytes/s for {seconds:g} s"
        return ""
