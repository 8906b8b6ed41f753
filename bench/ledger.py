"""
The ledger: what it costs to write, how large it gets, and how soon it answers after 90 days.

Run as ``python bench/ledger.py [TARGETS] [DAYS]``. Prints one figure a line.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from past import ENDPOINTS, NOW, REGIONS, SIZE, VERSIONS, build, product, targets

from probe.answers.question import Question
from probe.answers.region import region_card, region_gate
from probe.clock import SystemClock
from probe.domain.artifact import MIB
from probe.domain.bucket import Attempt
from probe.domain.evidence import Window
from probe.domain.target import Depth
from probe.evidence import Ledger, examine, open_reading
from probe.evidence.connection import FILE_NAME
from probe.exposition import SeriesStore
from probe.memory import Surroundings, remembering
from probe.process import Process
from probe.settings import Settings, load

ROUNDS = 5
CURRENT = f"1.{VERSIONS}.0"
WINDOWS = {"24 hours": 1, "30 days": 30, "90 days": 90}


class ThenClock(SystemClock):
    """A clock that shows when the past of the ledger ends."""

    def now(self) -> datetime:
        """Return that moment."""
        return NOW


def median(measured: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        measured()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def answers(directory: Path) -> Iterator[tuple[str, float]]:
    """Yield seconds to answer whole questions, and the sums that they are made of."""
    for name, version in (("of a release", CURRENT), ("of 30 days", "")):
        question = Question(product(), version, NOW)
        yield (
            f"scorecard {name}",
            median(partial(region_card, directory, question)),
        )
    question = Question(product(), CURRENT, NOW)
    yield "gate", median(lambda: region_gate(directory, question))
    for name, days in WINDOWS.items():
        window = Window(NOW - timedelta(days=days), NOW)
        yield f"add up {name}", median(partial(_add_up, directory, window))


def _add_up(directory: Path, window: Window) -> None:
    with open_reading(directory) as reading:
        reading.tallies("widget", "stable", window)


def start(directory: Path) -> float:
    """Return the seconds from a closed ledger to all that is remembered."""
    settings = _settings(directory)
    nothing: Any = None
    around = Surroundings(ThenClock(), SeriesStore(ThenClock()), nothing, nothing)

    async def once() -> float:
        began = time.perf_counter()
        async with remembering(Process(data_dir=directory), around, settings):
            return time.perf_counter() - began

    return statistics.median(asyncio.run(once()) for _ in range(ROUNDS))


def _settings(directory: Path) -> Settings:
    endpoints = "\n".join(
        f'      - {{name: {each.name}, kind: mirror, url: "{each.url}"}}' for each in ENDPOINTS
    )
    config = directory / "probe.yaml"
    config.write_text(
        f"""
regions: [{", ".join(f"{{name: {each.name}}}" for each in REGIONS)}]
products:
  - name: widget
    channel: stable
    owner: bench
    source: {{kind: manifest, url: "file:///absent.json"}}
    endpoints:
{endpoints}
"""
    )
    settings = load(config)
    if not isinstance(settings, Settings):
        sys.exit(f"bench: {settings}")
    return settings


async def write(directory: Path, count: int, attempts: int) -> tuple[float, float]:
    """Return CPU seconds of one attempt, of the writer's thread and of ``record``."""
    ledger = Ledger(directory, SystemClock())
    ledger.start()
    await ledger.flush()
    known = targets(count)
    [writer] = [each for each in threading.enumerate() if each.name == "ledger-writer"]
    clock = time.pthread_getcpuclockid(writer.ident or 0)
    chance = random.Random(2)  # noqa: S311 - a world, not a secret
    now_ms = int(time.time() * 1000)
    before = recorded = 0.0
    per_second = count / 60
    for number in range(-count, attempts):
        if number == 0:
            await ledger.flush()
            before, recorded = time.clock_gettime(clock), 0.0
        at_ms = now_ms + int((number + count) / per_second * 1000)
        seconds = chance.lognormvariate(-1, 0.25)
        attempt = Attempt(known[number % count], at_ms, Depth.FULL, True, None, seconds, SIZE)  # noqa: FBT003 - as the field is
        began = time.thread_time()
        ledger.record(attempt)
        recorded += time.thread_time() - began
        # A batch is half a second's worth, as it is when time passes.
        if number % (per_second / 2) < 1:
            await ledger.flush()
    await ledger.flush()
    spent = time.clock_gettime(clock) - before
    ledger.close()
    return spent / attempts, recorded / attempts


def main(count: int = 2000, days: int = 90) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        build(directory, count, days)
        size = (directory / FILE_NAME).stat().st_size
        print(f"ledger of {days} days x {count} targets, MiB: {size / MIB:.1f}")
        print(f"bytes per target and day: {size / count / days:.0f}")
        for name, seconds in answers(directory):
            print(f"{name}, s: {seconds:.3f}")
        print(f"start, s: {start(directory):.3f}")
        assert examine(directory).sound
    with tempfile.TemporaryDirectory() as folder:
        writer, record = asyncio.run(write(Path(folder), count, 20_000))
        print(f"CPU per attempt, us: writer {writer * 1e6:.1f}, record {record * 1e6:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
