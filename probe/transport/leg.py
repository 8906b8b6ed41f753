"""One hop of an attempt while it is under way: which phase it is in, and until when."""

import asyncio
import math
import socket
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime

from probe.domain.failure import Phase
from probe.domain.observation import Timings
from probe.domain.target import Limits
from probe.ports import Clock


class Deadline:
    """
    The moment an attempt is given up: the end of its phase, or of all its time.

    Nearly every attempt ends before any such moment. So there is one timer, which is set anew
    only for an earlier moment; a later one is a number, looked at when the timer strikes.
    """

    def __init__(self, total_seconds: float) -> None:
        self.reason = ""
        self.timeout = asyncio.timeout(None)
        self._loop = asyncio.get_running_loop()
        self._total_seconds = total_seconds
        self._end = self._until = self._loop.time() + total_seconds
        self._look: Callable[[], str] | None = None
        self._look_seconds = 0.0
        self._look_at = math.inf
        self._timer: asyncio.Handle | None = None
        self._strikes_at = math.inf

    def allow(self, seconds: float, reason: str) -> None:
        """Give the phase that begins now *seconds*; *reason* is said when they have passed."""
        until = self._loop.time() + seconds
        if until < self._end:
            self._move(until, reason)
        else:
            self.allow_all()

    def allow_all(self) -> None:
        """Let what begins now take all the time that is left."""
        self._move(self._end, f"not done within {self._total_seconds:g} s")

    def look_every(self, seconds: float, look: Callable[[], str]) -> None:
        """Call *look* after each *seconds* from here on, and give up when it says why."""
        self._look, self._look_seconds = look, seconds
        self._look_at = self._loop.time() + seconds
        self._set(self._look_at)

    def stop(self) -> None:
        """Give nothing up any more, and call nobody."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _move(self, until: float, reason: str) -> None:
        # Once it has struck, marks may still come in from callbacks that were under way.
        if not self.timeout.expired():
            self.reason, self._until = reason, until
            self._set(until)

    def _set(self, moment: float) -> None:
        if self._timer is not None:
            if self._strikes_at <= moment:
                return
            self._timer.cancel()
        # What uvloop returns for a moment that has come does not know when that is.
        self._timer, self._strikes_at = self._loop.call_at(moment, self._strike), moment

    def _strike(self) -> None:
        self._timer = None
        now = self._loop.time()
        if self._look is not None and now >= self._look_at:
            self._look_at = now + self._look_seconds
            if fault := self._look():
                self.reason, self._until = fault, now
        if now >= self._until:
            self.timeout.reschedule(now)
        else:
            self._set(min(self._until, self._look_at))


class Leg:
    """
    When each phase of one hop began, in seconds of the clock.

    Resolver, sockets and TLS say so from inside aiohttp, where they find the leg in ``current``.
    A phase begins where the one before it ends, and a leg where the leg before it ended (*after*),
    so that they sum to the whole. ``proxied`` and ``addresses``, if they are known before, are set
    by who makes it; ``address`` is the one that is connected to where none are raced.
    """

    __slots__ = (
        "_begun",
        "_clock",
        "_ended",
        "_limits",
        "_tls",
        "address",
        "addresses",
        "certificate_expires_at",
        "deadline",
        "peer_address",
        "proxied",
        "sockets",
        "started",
    )

    def __init__(
        self, clock: Clock, deadline: Deadline, limits: Limits, after: "Leg | None" = None
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._tls: object = None
        self.deadline = deadline
        self.proxied = False
        self.addresses: tuple[str, ...] = ()
        self.address = ""
        self.sockets: list[socket.socket] = []
        self.peer_address = ""
        self.certificate_expires_at: datetime | None = None
        self._ended: float | None = None
        self.started = clock.monotonic() if after is None else after.end()
        self._begun = [(Phase.CONNECT, self.started)]
        deadline.allow(limits.connect_seconds, f"no connection within {limits.connect_seconds:g} s")

    @property
    def phase(self) -> Phase:
        """Return the phase that the hop is in."""
        return self._begun[-1][0]

    def name_is_asked(self) -> None:
        """Note that a name is being resolved; a proxy's own name is part of reaching it."""
        if not self.proxied:
            self._begun = [(Phase.RESOLVE, self.started)]
            self.deadline.reason = f"no address within {self._limits.connect_seconds:g} s"

    def name_is_resolved(self, addresses: tuple[str, ...]) -> None:
        """Note that the addresses are there."""
        self.addresses = addresses
        if not self.proxied:
            self._begin(Phase.CONNECT, self._limits.connect_seconds, "no connection")

    def handshake_begins(self, tls: object) -> None:
        """Note the start of a TLS handshake; of several, at several addresses, the last counts."""
        if self._tls is tls:
            return
        self._tls = tls
        if self.phase is Phase.TLS:
            self._begun.pop()
        self._note_peer()
        self._begin(Phase.TLS, self._limits.connect_seconds, "no end of the TLS handshake")

    def connection_is_made(self) -> None:
        """Note that the request can be sent."""
        self._note_peer()
        self._begin(Phase.WAIT, self._limits.first_byte_seconds, "no answer")

    def body_begins(self) -> None:
        """Note that the headers are there and a body follows."""
        self._begun.append((Phase.TRANSFER, self._clock.monotonic()))
        self.deadline.allow_all()

    def end(self) -> float:
        """Note the end, for good or ill, and return its moment."""
        if self._ended is None:
            self._ended = self._clock.monotonic()
        return self._ended

    @property
    def seconds(self) -> float:
        """Return how long the hop took."""
        return self.end() - self.started

    def timings(self, redirect: float | None) -> Timings:
        """Return the seconds of each phase; *redirect* is what earlier hops took."""
        spent: dict[str, float] = {}
        until = self.end()
        for phase, begun in reversed(self._begun):
            spent[phase] = until - begun
            until = begun
        return Timings(redirect=redirect, **spent)

    def _begin(self, phase: Phase, seconds: float, missing: str) -> None:
        self._begun.append((phase, self._clock.monotonic()))
        self.deadline.allow(seconds, f"{missing} within {seconds:g} s")

    def _note_peer(self) -> None:
        if self.address:
            self.peer_address = self.address
            return
        # Of the addresses that were raced, the one whose socket is still open has won.
        for candidate in self.sockets:
            if candidate.fileno() != -1:
                self.peer_address = str(candidate.getpeername()[0])
        self.sockets.clear()


current: ContextVar[Leg | None] = ContextVar("leg", default=None)
