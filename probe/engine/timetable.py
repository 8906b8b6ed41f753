"""
The timetable: hands each target over at the moment it is due.

One tick a second takes the targets of the coming second from a heap and lets each start at its own
moment (docs/adr/0002-slots.md tells why it is not one scheduler entry for each target).
"""

from collections.abc import Callable, Iterable
from functools import partial
from heapq import heappop, heappush
from itertools import count

from probe.domain.schedule import MICROSECONDS, next_due_us
from probe.engine.roster import TargetState
from probe.ports import Clock, Ticker

SLOT_SECONDS = 1.0
# The tick itself comes late now and then; nobody who is due in between shall.
_AHEAD_US = 1_500_000
_CLOCK_STEP_US = 1_000_000


class Timetable:
    """Calls *start* with a state and the monotonic moment at which it was due."""

    def __init__(
        self, clock: Clock, ticker: Ticker, start: Callable[[TargetState, float], None]
    ) -> None:
        self._clock = clock
        self._ticker = ticker
        self._start = start
        self._heap: list[tuple[int, int, TargetState]] = []
        self._numbers = count()
        self._handed_until = 0
        self._offset_us = self._offset()

    def add(self, states: Iterable[TargetState]) -> None:
        """Put *states* where their keys say, or put them there again after a change."""
        now = self._now_us()
        for state in states:
            state.due_us = next_due_us(state.phase_us, state.interval_us, now)
            self._arm(state)

    def tick(self) -> None:
        """Hand over who is due until well into the next tick, and from now on whoever comes."""
        if abs(self._offset() - self._offset_us) > _CLOCK_STEP_US:
            self._realign()
        now = self._now_us()
        self._handed_until = now + _AHEAD_US
        while self._heap and self._heap[0][0] < self._handed_until:
            due, _, state = heappop(self._heap)
            if state.due_us == due and not state.gone:
                self._hand_over(state, now)

    def _arm(self, state: TargetState) -> None:
        if state.due_us < self._handed_until:
            self._hand_over(state, self._now_us())
        else:
            heappush(self._heap, (state.due_us, next(self._numbers), state))

    def _hand_over(self, state: TargetState, now: int) -> None:
        delay = (state.due_us - now) / MICROSECONDS
        due = self._clock.monotonic() + delay
        self._ticker.later(max(0.0, delay), partial(self._fire, state, state.due_us, due))

    def _fire(self, state: TargetState, due_us: int, due: float) -> None:
        if state.gone or state.due_us != due_us:
            return
        now = self._now_us()
        # After a stall, or when the clock was set, what was missed is not made up for.
        after = due_us if abs(now - due_us) < _CLOCK_STEP_US else now
        state.due_us = next_due_us(state.phase_us, state.interval_us, after)
        self._arm(state)
        self._start(state, due)

    def _realign(self) -> None:
        # The wall clock was set: what was due by the old one would come at once, or very late.
        self._offset_us = self._offset()
        states = {id(state): state for _, _, state in self._heap if not state.gone}
        self._heap.clear()
        self._handed_until = 0
        self.add(states.values())

    def _now_us(self) -> int:
        return int(self._clock.now().timestamp() * MICROSECONDS)

    def _offset(self) -> int:
        return self._now_us() - int(self._clock.monotonic() * MICROSECONDS)
