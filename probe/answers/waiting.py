"""Judging again and again until a release passes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from probe.domain.gate import Gate, Ruling
from probe.ports import Clock

# Between two looks at evidence whose answer is not yes.
POLL_SECONDS = 5.0


async def await_pass(
    judge: Callable[[], Awaitable[Gate]],
    clock: Clock,
    patience: timedelta,
    tell: Callable[[Gate, timedelta], None],
) -> Gate:
    """
    Judge until it passes, or *patience* is at an end; return the last answer.

    *tell* hears of each answer that is not yes, and of the time that is left.
    """
    end = clock.monotonic() + patience.total_seconds()
    while True:
        gate = await judge()
        left = end - clock.monotonic()
        if gate.ruling is Ruling.PASS or left <= 0:
            return gate
        tell(gate, timedelta(seconds=left))
        await clock.sleep(min(POLL_SECONDS, left))
