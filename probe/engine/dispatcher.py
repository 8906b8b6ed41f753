"""Who starts when: rounds wait in lanes until the limits let them through."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial

import structlog

from probe.domain.depth import Weight
from probe.domain.schedule import SkipReason, is_late
from probe.engine.permits import Permits
from probe.engine.roster import TargetState
from probe.ports import Clock, Metrics
from probe.series import PROBE_LATE, PROBE_SKIPPED, PROBE_START_DELAY

_log = structlog.get_logger(__name__)

Lane = tuple[str, str, Weight]


@dataclass(frozen=True, slots=True)
class Turn:
    """One round that is due: ``BULK`` is the full download of a large artifact, alone."""

    state: TargetState
    due: float
    weight: Weight = Weight.SMALL

    @property
    def lane(self) -> Lane:
        """Return what the turn queues up for: its host, its region, and the bulk permits."""
        return (self.state.host, self.state.target.region.name, self.weight)


class Dispatcher:
    """
    Starts rounds within the limits, at most one of each target at a time.

    Lanes are served in turn, and who waits holds no permit, so that a slow host delays itself
    only. *run* makes the round.
    """

    def __init__(
        self,
        clock: Clock,
        metrics: Metrics,
        permits: Permits,
        run: Callable[[Turn], Coroutine[None, None, None]],
    ) -> None:
        self._clock = clock
        self._metrics = metrics
        self._permits = permits
        self._run = run
        self._lanes: dict[Lane, deque[Turn]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()

    def submit(self, turn: Turn, *, bounded: bool = True) -> None:
        """Start *turn*, or let it wait; if it can do neither it is skipped and counted."""
        state = turn.state
        if self._closed:
            return
        if turn.weight is Weight.BULK:
            if state.bulk_queued:
                return
        elif state.queued or state.in_flight:
            self.skip(state, SkipReason.OVERLAP)
            return
        lane = turn.lane
        if lane not in self._lanes and self._start(turn, lane):
            return
        self._wait(turn, lane, bounded=bounded)

    def skip(self, state: TargetState, reason: SkipReason) -> None:
        """Count a due round that is not made, unless its target is gone with its series."""
        if not state.gone:
            self._metrics.inc(PROBE_SKIPPED, (state.target.region.name, reason))

    async def idle(self) -> None:
        """Come back when nothing is under way or waiting."""
        await self._idle.wait()

    async def drain(self, seconds: float) -> None:
        """Start nothing more, wait *seconds* for what is under way, and cancel what is left."""
        self._closed = True
        self._lanes.clear()
        if self._running:
            timer = asyncio.ensure_future(self._clock.sleep(seconds))
            ended = asyncio.ensure_future(asyncio.wait(set(self._running)))
            await asyncio.wait({timer, ended}, return_when=asyncio.FIRST_COMPLETED)
            for each in (timer, ended, *self._running):
                each.cancel()
            await asyncio.gather(timer, ended, *self._running, return_exceptions=True)
        self._idle.set()

    def serve(self) -> None:
        """Start whoever waits and is let through, one of each lane in turn."""
        served = True
        while served and not self._permits.exhausted:
            served = False
            for key in list(self._lanes):
                waiting = self._lanes[key]
                if self._start_next(waiting, key):
                    served = True
                    del self._lanes[key]
                    if waiting:
                        self._lanes[key] = waiting

    def _wait(self, turn: Turn, lane: Lane, *, bounded: bool) -> None:
        waiting = self._lanes.get(lane, ())
        if bounded and len(waiting) >= self._permits.limits.queued_per_host:
            self.skip(turn.state, SkipReason.OVERLOAD)
            return
        self._lanes.setdefault(lane, deque()).append(turn)
        self._mark(turn, waits=True)
        self._idle.clear()

    def _start(self, turn: Turn, lane: Lane) -> bool:
        state = turn.state
        if state.in_flight or not self._permits.take(*lane):
            return False
        state.in_flight = True
        if turn.weight is Weight.SMALL:
            self._time(state, self._clock.monotonic() - turn.due)
        self._idle.clear()
        running = asyncio.get_running_loop().create_task(self._run(turn))
        self._running.add(running)
        running.add_done_callback(partial(self._ended, state, lane))
        return True

    def _ended(self, state: TargetState, lane: Lane, done: asyncio.Task[None]) -> None:
        self._running.discard(done)
        state.in_flight = False
        self._permits.give_back(*lane)
        if not done.cancelled() and (bug := done.exception()) is not None:
            _log.error("round failed", target=state.target.key, exc_info=bug)
        if self._lanes:
            self.serve()
        if not self._running and not self._lanes:
            self._idle.set()

    def _start_next(self, waiting: deque[Turn], lane: Lane) -> bool:
        for _ in range(len(waiting)):
            turn = waiting.popleft()
            if turn.state.gone or self._start(turn, lane):
                self._mark(turn, waits=False)
                return True
            if not turn.state.in_flight:
                waiting.appendleft(turn)
                return False
            waiting.append(turn)
        return False

    def _mark(self, turn: Turn, *, waits: bool) -> None:
        if turn.weight is Weight.BULK:
            turn.state.bulk_queued = waits
        else:
            turn.state.queued = waits

    def _time(self, state: TargetState, delay: float) -> None:
        region = (state.target.region.name,)
        self._metrics.observe(PROBE_START_DELAY, region, max(0.0, delay))
        if is_late(delay, state.target.endpoint.interval_seconds):
            self._metrics.inc(PROBE_LATE, region)
