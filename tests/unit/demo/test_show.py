import asyncio
import io

from rich.console import Console

from probe.demo.play import Tempo
from probe.demo.screen import plain_lines
from probe.demo.script import SCRIPT, Act, Fault
from probe.demo.show import Show
from probe.demo.stage import Stage
from tests.fakes.clock import FakeClock, settle

QUIET = (Act("calm", hold_seconds=4, calm_seconds=2),)


class Nowhere:
    """A world in which nothing happens."""

    async def publish(self, version: str) -> None: ...

    async def inject(self, fault: Fault) -> None: ...

    async def repair(self, fault: Fault) -> None: ...


def a_show(console: Console, clock: FakeClock, script: tuple[Act, ...] = QUIET) -> Show:
    stage = Stage(clock, plain_lines(console, clock), script)
    return Show(Nowhere(), stage, Tempo(clock), console, {"metrics": "http://h/metrics"})


async def test_a_script_without_misses_ends_with_zero_and_says_where_the_metrics_are():
    clock, stream = FakeClock(), io.StringIO()
    showing = asyncio.create_task(a_show(Console(file=stream), clock).run(stay=False))
    await settle()
    await clock.advance(6)
    assert await showing == 0
    assert stream.getvalue().splitlines()[0] == "metrics: http://h/metrics"
    assert "\x1b" not in stream.getvalue()


async def test_a_missed_fault_ends_with_one_and_is_named():
    clock, stream = FakeClock(), io.StringIO()
    show = a_show(Console(file=stream, width=200), clock, SCRIPT[2:3])
    showing = asyncio.create_task(show.run(stay=False))
    await settle()
    await clock.advance(200)
    assert await showing == 1
    assert stream.getvalue().splitlines()[-1] == (
        "missed: flipped-byte: checksum_mismatch at mirror-eu was not found"
    )


async def test_a_terminal_gets_a_board_that_ends_with_the_script():
    clock, stream = FakeClock(), io.StringIO()
    console = Console(file=stream, force_terminal=True, width=160)
    showing = asyncio.create_task(a_show(console, clock).run(stay=False))
    await settle()
    await clock.advance(6)
    assert await showing == 0
    assert "serves in full" in stream.getvalue()


async def test_it_stays_until_it_is_cancelled_if_asked_to():
    clock = FakeClock()
    showing = asyncio.create_task(a_show(Console(file=io.StringIO()), clock).run(stay=True))
    await settle()
    await clock.advance(600)
    assert not showing.done()
    showing.cancel()
    await asyncio.gather(showing, return_exceptions=True)
    assert showing.cancelled()
