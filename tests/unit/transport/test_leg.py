"""When an attempt is given up, on the loop that measures."""

import asyncio

import pytest

from probe.loop import Loop
from probe.transport.leg import Deadline


async def given_up(deadline: Deadline) -> tuple[str, list[str]]:
    """Return why the attempt was given up, and what the loop complained of meanwhile."""
    faults: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: faults.append(str(context["message"]))
    )
    with pytest.raises(TimeoutError):
        async with deadline.timeout:
            await asyncio.Event().wait()
    deadline.stop()
    return deadline.reason, faults


def test_an_attempt_ends_with_what_a_look_says():
    async def attempt():
        deadline = Deadline(60.0)
        deadline.look_every(0.001, lambda: "under 1024 bytes/s for 1 s")
        return await given_up(deadline)

    with asyncio.Runner(loop_factory=Loop) as runner:
        assert runner.run(attempt()) == ("under 1024 bytes/s for 1 s", [])


def test_a_moment_that_has_come_can_be_moved():
    async def attempt():
        deadline = Deadline(60.0)
        deadline.allow(0.0, "not connected within 0 s")
        deadline.allow(0.001, "no byte for 0.001 s")
        return await given_up(deadline)

    with asyncio.Runner(loop_factory=Loop) as runner:
        assert runner.run(attempt()) == ("no byte for 0.001 s", [])


def test_all_its_time_is_the_last_moment():
    async def attempt():
        deadline = Deadline(0.001)
        deadline.allow(5.0, "not connected within 5 s")
        return await given_up(deadline)

    with asyncio.Runner(loop_factory=Loop) as runner:
        assert runner.run(attempt()) == ("not done within 0.001 s", [])
