"""
What the schedule costs: 10 000 targets due once a minute.

Three rows, each in a process of its own, alternating: one APScheduler entry per target, one entry
per slot of a second (what the engine does), and the engine whole with a fetcher that answers at
once. Says the CPU share, CPU per start, how far starts are off (p50, p99, most) and the resident
memory per target. ``uv run python bench/schedule.py [--targets N] [--seconds S] [--repeat R]``.
"""

import argparse
import asyncio
import json
import logging
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from probe.clock import SystemClock
from probe.domain.artifact import Artifact, AssetClass, Digest, DigestAlgorithm, Release
from probe.domain.observation import Download, Observation, Timings
from probe.domain.request import Request
from probe.domain.schedule import MICROSECONDS, phase_us
from probe.domain.target import Egress, Endpoint, EndpointKind, Product, Region, Target
from probe.engine.assignment import Assignment, Seams
from probe.engine.engine import Engine
from probe.engine.refresh import Feed
from probe.engine.roster import Roster, TargetState
from probe.engine.ticker import ApschedulerTicker
from probe.engine.timetable import Timetable
from probe.series import PROBE_START_DELAY, Metric

INTERVAL = 60.0
SIZE = 65536
DIGEST = Digest(DigestAlgorithm.SHA256, "0" * 64)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SETTLE_SECONDS = 2.0
CLOCK = SystemClock()

Errors = list[float]
Labels = tuple[str, ...]
Row = Callable[[int, Errors], Awaitable[None]]


class Silent:
    """Metrics that keep nothing but the start delays."""

    def __init__(self, errors: Errors) -> None:
        self._errors = errors

    def inc(
        self, metric: Metric, labels: Labels = (), amount: float = 1.0, exemplar: str = ""
    ) -> None:
        """Forget it."""

    def set(self, metric: Metric, labels: Labels = (), value: float = 1.0) -> None:
        """Forget it."""

    def declare(self, metric: Metric, labels: Labels) -> None:
        """Forget it."""

    def remove(self, metric: Metric, labels: Labels) -> None:
        """Forget it."""

    def observe(self, metric: Metric, _: Labels, value: float, __: str = "", /) -> None:
        """Keep a start delay."""
        if metric is PROBE_START_DELAY:
            self._errors.append(value)


class Instant:
    """A fetcher that has the right bytes at once, a source of one release, and no resolver."""

    def __init__(self, count: int) -> None:
        self._release = a_release(count)
        self._download = Download(
            "http://127.0.0.1:9/",
            status=200,
            bytes_received=SIZE,
            complete=True,
            digests=(DIGEST,),
            timings=Timings(wait=0.01),
        )

    async def fetch(self, _: Request) -> Download:
        """Return the right bytes."""
        return self._download

    async def releases(self) -> list[Release]:
        """Return the release."""
        return [self._release]

    async def addresses(self, host: str, _: Egress) -> tuple[str, ...]:
        """Know no name."""
        raise OSError(host)

    def record(self, observation: Observation) -> None:
        """Forget it."""


def a_release(count: int) -> Release:
    artifacts = tuple(
        Artifact(f"widget-{number:05}.bin", AssetClass.BINARY, None, SIZE, (DIGEST,))
        for number in range(count)
    )
    return Release("1.0", "stable", EPOCH, artifacts)


def an_endpoint() -> Endpoint:
    # Hosts are many, so that no limit of one host stands in the way.
    return Endpoint(
        "cdn", EndpointKind.REPOSITORY, "http://{name}.example/{name}", interval_seconds=INTERVAL
    )


def targets(count: int) -> list[Target]:
    release, endpoint, region = a_release(count), an_endpoint(), Region("bench")
    return [Target("widget", release, each, endpoint, region) for each in release.artifacts]


async def per_target(count: int, errors: Errors) -> None:
    """Keep one scheduler entry for each target."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    async def start(phase: float) -> None:
        errors.append((CLOCK.now().timestamp() - phase) % INTERVAL)

    scheduler.start()
    roster = Roster()
    for state in roster.retarget(targets(count), 0).came:
        phase = timedelta(microseconds=phase_us(state.target.key, int(INTERVAL * MICROSECONDS)))
        trigger = IntervalTrigger(seconds=INTERVAL, start_date=EPOCH + phase, timezone=UTC)
        scheduler.add_job(start, trigger, args=(phase.total_seconds(),))


async def per_slot(count: int, errors: Errors) -> None:
    """Keep one scheduler entry, and take each second's targets from a heap."""
    starting: set[asyncio.Task[None]] = set()

    async def run(delay: float) -> None:
        errors.append(delay)

    def start(_: TargetState, due: float) -> None:
        delay = CLOCK.monotonic() - due
        running = asyncio.ensure_future(run(delay))
        starting.add(running)
        running.add_done_callback(starting.discard)

    ticker = ApschedulerTicker(CLOCK, Silent([]))
    timetable = Timetable(CLOCK, ticker, start)
    now = int(CLOCK.now().timestamp() * MICROSECONDS)
    timetable.add(Roster().retarget(targets(count), now).came)

    async def slot() -> None:
        timetable.tick()

    ticker.every("slot", 1.0, slot)
    ticker.start()


async def whole_engine(count: int, errors: Errors) -> None:
    """Dispatch, probe, judge and record as well; only the download is missing."""
    instant, metrics = Instant(count), Silent(errors)
    product = Product("widget", "stable", "bench", (an_endpoint(),))
    ticker = ApschedulerTicker(CLOCK, metrics)
    seams = Seams(instant, instant, CLOCK, metrics, ticker, (instant,))
    feeds = (Feed(product, instant, "bench"),)
    Engine(seams, Assignment(feeds, (Region("bench"),))).start()


ROWS: dict[str, Row] = {
    "entry per target": per_target,
    "entry per slot": per_slot,
    "whole engine": whole_engine,
}


async def measure(row: str, count: int, seconds: float) -> dict[str, float]:
    errors: Errors = []
    before = resident()
    await ROWS[row](count, errors)
    await asyncio.sleep(SETTLE_SECONDS)
    after = resident()
    errors.clear()
    cpu, wall = time.process_time(), CLOCK.monotonic()
    await asyncio.sleep(seconds)
    cpu, wall = time.process_time() - cpu, CLOCK.monotonic() - wall
    errors.sort()
    return {
        "starts": len(errors),
        "cpu_share": cpu / wall,
        "cpu_us_per_start": cpu / len(errors) * 1e6,
        "error_ms_p50": errors[len(errors) // 2] * 1e3,
        "error_ms_p99": errors[int(len(errors) * 0.99)] * 1e3,
        "error_ms_most": errors[-1] * 1e3,
        "rss_bytes_per_target": (after - before) / count,
    }


def resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


def apart(row: str, options: argparse.Namespace) -> dict[str, float]:
    """Measure *row* in a process of its own."""
    command = [sys.executable, __file__, "--row", row]
    command += ["--targets", str(options.targets), "--seconds", str(options.seconds)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(said.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--row", choices=ROWS)
    options = parser.parse_args()
    if options.row:
        measured = asyncio.run(measure(options.row, options.targets, options.seconds))
        sys.stdout.write(json.dumps(measured))
        return
    runs = [{row: apart(row, options) for row in ROWS} for _ in range(options.repeat)]
    for row in ROWS:
        columns = runs[0][row].keys()
        medians = {name: statistics.median(run[row][name] for run in runs) for name in columns}
        print(row.ljust(18), "  ".join(f"{name}={value:.4g}" for name, value in medians.items()))


if __name__ == "__main__":
    main()
