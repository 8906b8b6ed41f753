"""Periodic work on APScheduler; nobody else knows of it (see docs/adr/0002-slots.md)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
)
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from probe.domain.schedule import MICROSECONDS, phase_us
from probe.ports import Clock, Metrics
from probe.series import SCHEDULER_EVENTS

_GUARD_SECONDS = 5.0
_CLOCK_STEP_SECONDS = 1.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVENTS: Mapping[int, str] = {
    EVENT_JOB_MISSED: "missed",
    EVENT_JOB_MAX_INSTANCES: "overlap",
    EVENT_JOB_ERROR: "error",
}


class ApschedulerTicker:
    """
    A ticker of the wall clock, in the running event loop.

    Work that still runs when it is due again is left out once and counted.
    """

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        # It writes a line per run at INFO.
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._clock = clock
        self._metrics = metrics
        self._offset = self._wall_offset()
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for event in _EVENTS.values():
            metrics.inc(SCHEDULER_EVENTS, (event,), 0)
        mask = EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR
        self._scheduler.add_listener(self._count, mask)

    def every(self, name: str, seconds: float, action: Callable[[], Awaitable[None]]) -> None:
        """Run *action* each *seconds*, at a phase hashed from *name*, in place of its namesake."""
        phase = phase_us(name, max(1, int(seconds * MICROSECONDS)))
        self._scheduler.add_job(
            action,
            IntervalTrigger(
                seconds=seconds,
                start_date=_EPOCH + timedelta(microseconds=phase),
                timezone=UTC,
            ),
            id=name,
            replace_existing=True,
        )

    def forget(self, name: str) -> None:
        """End the periodic work called *name*; one that is not there is no fault."""
        if self._scheduler.get_job(name) is not None:
            self._scheduler.remove_job(name)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Call *call* once, after *seconds*."""
        asyncio.get_running_loop().call_later(seconds, call)

    def start(self) -> None:
        """Begin. Needs a running event loop."""
        self._scheduler.start()
        self.later(_GUARD_SECONDS, self._guard)

    def stop(self) -> None:
        """Run no more periodic work; what of it is under way is cancelled."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _guard(self) -> None:
        if not self._scheduler.running:
            return
        # Its moments are of the wall clock: one set back by an hour would silence it for an hour.
        offset = self._wall_offset()
        if abs(offset - self._offset) > _CLOCK_STEP_SECONDS:
            for entry in self._scheduler.get_jobs():
                entry.reschedule(entry.trigger)
        self._offset = offset
        self.later(_GUARD_SECONDS, self._guard)

    def _wall_offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _count(self, event: JobEvent) -> None:
        self._metrics.inc(SCHEDULER_EVENTS, (_EVENTS[event.code],))
