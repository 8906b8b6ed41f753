"""A round: the attempts that one due target turns into, and what they change for the next."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from probe.domain.depth import (
    HEAD,
    Step,
    Weight,
    full_again_us,
    is_full_due,
    steps_of,
    wants_full,
)
from probe.domain.observation import Failed, Inconclusive, Observation, Origin, Passed
from probe.domain.schedule import MICROSECONDS
from probe.domain.target import SLICE_BYTES, Depth, Probe
from probe.domain.watch import is_new
from probe.engine.arrivals import Arrivals
from probe.engine.diagnosis import Diagnosis
from probe.engine.dispatcher import Turn
from probe.engine.prober import Prober
from probe.engine.ration import Ration
from probe.engine.roster import TargetState
from probe.ports import Clock, Sink

Consequence = Callable[[TargetState], None]


@dataclass(frozen=True, slots=True)
class Crew:
    """Who takes part in a round."""

    clock: Clock
    prober: Prober
    diagnosis: Diagnosis
    ration: Ration
    arrivals: Arrivals
    sink: Sink


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a round may lead to: a counted skip, a full download, another due time."""

    over_budget: Consequence
    ask_full: Consequence
    rearm: Consequence


class Rounds:
    """Makes the attempts of a turn in order and records each."""

    def __init__(self, crew: Crew, then: Consequences) -> None:
        self._crew = crew
        self._then = then

    async def run(self, turn: Turn) -> None:
        """Make the round of *turn*."""
        if turn.weight is Weight.BULK:
            await self._full(turn.state)
        else:
            await self._light(turn.state)

    async def _light(self, state: TargetState) -> None:
        target, weight, etag = state.target, state.weight, ""
        for wanted in steps_of(target, weight):
            reserved = self._reserve(state, wanted)
            if reserved is None and wanted.depth is Depth.RANGE:
                self._ask_full_if_due(state, weight)
                self._watch_on(state)
                return
            step = HEAD if reserved is None else wanted
            probe = Probe(target, step.depth, step.part, etag)
            observation = await self._charged(state, probe, reserved or 0, Weight.SMALL)
            if not isinstance(observation.verdict, Passed) or step is not wanted:
                self._crew.ration.withdraw(state)
                self._watch_on(state)
                return
            etag = _strong_etag(observation)
        state.failing = None
        self._light_passed(state, weight)

    def _light_passed(self, state: TargetState, weight: Weight) -> None:
        if not wants_full(state.target.endpoint, weight):
            self._crew.ration.withdraw(state)
            self._watch_ends(state)
            return
        self._ask_full_if_due(state, weight)
        self._watch_on(state)

    def _ask_full_if_due(self, state: TargetState, weight: Weight) -> None:
        wanted = wants_full(state.target.endpoint, weight)
        if wanted and is_full_due(state.full_due_us, self._now_us()):
            self._then.ask_full(state)

    async def _full(self, state: TargetState) -> None:
        target, reserved = state.target, state.most_bytes
        waited = self._crew.ration.waits(state)
        if not self._crew.ration.claim(state):
            # It asks again each round; it was put off once.
            if not waited:
                self._then.over_budget(state)
            return
        observation = await self._charged(state, Probe(target), reserved, Weight.BULK)
        now, verdict = self._now_us(), observation.verdict
        watched = state.watched is not None
        state.full_due_us = full_again_us(target, verdict, now, watched=watched)
        if not isinstance(verdict, Inconclusive):
            state.last_full_us = now
        if isinstance(verdict, Passed):
            state.failing = None
            self._watch_ends(state)

    def _reserve(self, state: TargetState, step: Step) -> int | None:
        if step.depth is Depth.HEAD:
            return 0
        size = state.most_bytes
        if step.depth is Depth.RANGE:
            size = min(SLICE_BYTES, state.target.artifact.size_bytes or SLICE_BYTES)
        if self._crew.ration.reserve(state.target, size):
            return size
        self._then.over_budget(state)
        return None

    async def _charged(
        self, state: TargetState, probe: Probe, reserved: int, weight: Weight
    ) -> Observation:
        received = 0
        try:
            observation = await self._attempt(state, probe)
            received = observation.download.bytes_received
        finally:
            self._crew.ration.settle(probe.target, reserved, received, weight)
        if probe.depth is Depth.FULL and isinstance(observation.verdict, Passed):
            state.seen_bytes = received
        return observation

    async def _attempt(self, state: TargetState, probe: Probe) -> Observation:
        crew, started_at = self._crew, self._crew.clock.now()
        try:
            observation = await crew.prober.attempt(probe)
        except asyncio.CancelledError:
            crew.sink.record(crew.prober.cancelled(probe, started_at))
            raise
        if isinstance(observation.verdict, Failed):
            return await self._failed(state, observation, observation.verdict)
        crew.arrivals.note(state, observation)
        crew.sink.record(observation)
        return observation

    async def _failed(
        self, state: TargetState, observation: Observation, verdict: Failed
    ) -> Observation:
        reason = verdict.failure.reason
        try:
            if state.failing is not reason:
                state.failing, state.origin = reason, Origin.UNKNOWN
                state.origin = await self._crew.diagnosis.origin_of(observation)
        finally:
            located = replace(observation, origin=state.origin)
            self._crew.sink.record(located)
        return located

    def _watch_on(self, state: TargetState) -> None:
        if state.watched is None:
            return
        interval, published = state.interval_us, state.target.release.published_at
        state.watched = state.watched + 1 if is_new(published, self._crew.clock.now()) else None
        if state.interval_us != interval:
            self._then.rearm(state)

    def _watch_ends(self, state: TargetState) -> None:
        if state.watched is not None:
            state.watched = None
            self._then.rearm(state)

    def _now_us(self) -> int:
        return int(self._crew.clock.now().timestamp() * MICROSECONDS)


def _strong_etag(observation: Observation) -> str:
    # RFC 9110, section 13.1.5: If-Range takes no weak tag.
    etag = observation.download.headers.get("etag", "")
    return etag if etag.startswith('"') else ""
