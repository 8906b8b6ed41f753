"""
What a page for people does to the loop that measures: 2 000 targets, a ledger of 90 days.

The service's pages are in a process of their own, whose loop measures how late it comes; a client
asks for each page and its JSON twin, never so soon that an answer is remembered. The longest stall
of the same time without a request stands beside. Run as ``python bench/pages.py [TARGETS] [DAYS]``.
"""

import asyncio
import multiprocessing
import sys
from collections.abc import Iterator, Mapping
from ctypes import c_double
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

import aiohttp
import uvloop
from exposition import Nothing, measure
from ground import workspace
from ledger import ThenClock
from past import NOW, PAIRS, SIZE, build, product, releases, targets

from probe.answers import Sources
from probe.answers.pages import Live, PageAnswers, WideAnswers
from probe.commands.serve import spare_the_loop
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import (
    Download,
    Failed,
    Observation,
    Passed,
    Proof,
    Timings,
    Verdict,
)
from probe.domain.target import Depth, Probe, Target
from probe.gallery import gallery_of
from probe.process import Process
from probe.sinks import HistorySink
from probe.web import Entrance, Pages, Site, serve

ROUNDS = 7
OBSERVATIONS, FAILURES = 2000, 500
# Longer than what was read of the ledger is remembered.
APART_SECONDS = 3.2
CLOCK = ThenClock()


def pages(count: int) -> Mapping[str, str]:
    """Return where each page is, below its own root or that of its twin."""
    newest, target = releases(count)[0], targets(count)[0]
    train = "products/widget/stable"
    return {
        "overview": "overview",
        "product": train,
        "release": f"{train}/{newest.version}",
        "incidents": "incidents",
        "incident": "incidents/incident-1",
        "targets": "targets",
        "target": f"targets/{quote(target.key, safe='')}",
        "kpis": "kpis",
    }


def observed(planned: list[Target]) -> Iterator[Observation]:
    """Yield as many observations as are remembered, of which some failed."""
    timings = Timings(resolve=0.001, connect=0.002, wait=0.01, transfer=0.02)
    failed = Failed(Failure(FailureReason.TIMEOUT, Phase.WAIT, "no byte within 400 ms"))
    for number in range(OBSERVATIONS + 4 * FAILURES):
        verdict: Verdict = Passed(Proof.DIGEST) if number % 4 else failed
        headers = {f"x-header-{each}": "value" * 8 for each in range(12)}
        target = planned[number % len(planned)]
        download = Download(
            target.url, 200, headers=headers, bytes_received=SIZE, complete=True, timings=timings
        )
        yield Observation(f"probe-{number}", Probe(target, Depth.FULL), NOW, verdict, download)


def site(directory: Path, count: int) -> Site:
    """Return the pages of a service that has seen all of *directory*."""
    nothing: Any = Nothing()
    planned, history = targets(count), HistorySink(OBSERVATIONS, FAILURES)
    for each in observed(planned):
        history.record(each)
    regions = [region.name for region in {region for _, region in PAIRS}]
    live = Live(lambda: regions, lambda: True, lambda: planned, history.latest)
    wide = WideAnswers(lambda: Sources(directory), lambda: regions, CLOCK)
    asked = product()
    views = PageAnswers(directory, lambda: [asked], CLOCK, live, wide)
    gallery = gallery_of(Process(data_dir=directory), views, CLOCK, lambda: "")
    return Site("bench", nothing, nothing, history, nothing, nothing, nothing, gallery)


def run_server(
    directory: Path, count: int, parent: Connection, longest: "Synchronized[float]"
) -> None:
    """Serve until the parent hangs up; *longest* is how late the loop came, in seconds."""

    async def main() -> None:
        serving = await serve(site(directory, count), Entrance("127.0.0.1", pages=Pages.ALL))
        spare_the_loop()
        meter = asyncio.create_task(measure(longest))
        parent.send(serving.port)
        await asyncio.to_thread(parent.recv)
        meter.cancel()
        await serving.stop()

    uvloop.run(main())


async def compare(
    port: int, longest: "Synchronized[float]", count: int
) -> Mapping[str, list[tuple[float, float, float, int]]]:
    """Return for each page what each round gave: stall, that of silence, time, size."""
    found: dict[str, list[tuple[float, float, float, int]]] = {}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        for root, form in (("/", "page"), ("/api/v1/pages/", "twin")) * ROUNDS:
            await asyncio.sleep(APART_SECONDS)
            for name, place in pages(count).items():
                path = "/" if form == "page" and name == "overview" else root + place
                longest.value, start = 0.0, CLOCK.monotonic()
                async with session.get(path) as response:
                    size = len(await response.read())
                    assert response.status == 200, (path, response.status)
                took, stall = CLOCK.monotonic() - start, longest.value
                longest.value = 0.0
                await asyncio.sleep(took)
                found.setdefault(f"{name}, {form}", []).append((stall, longest.value, took, size))
    return found


def main() -> None:
    count, days = (int(each) for each in [*sys.argv[1:], "2000", "90"][:2])
    spawn = multiprocessing.get_context("spawn")
    with workspace() as directory:
        build(directory, count, days)
        longest: Any = spawn.Value(c_double, 0.0, lock=False)
        here, there = spawn.Pipe()
        process = spawn.Process(
            target=run_server, args=(directory, count, there, longest), daemon=True
        )
        process.start()
        rows = uvloop.run(compare(here.recv(), longest, count))
        here.send(None)
        process.join()
    print("page | stall ms, median | longest | longest in silence | answer ms, median | kB")
    for name, figures in rows.items():
        stalls, silent, took, sizes = zip(*figures, strict=True)
        cells = [median(stalls), max(stalls), max(silent), median(took)]
        shown = " | ".join(f"{each * 1e3:.1f}" for each in cells)
        print(f"{name} | {shown} | {max(sizes) / 1e3:.0f}", flush=True)


if __name__ == "__main__":
    main()
