"""
What a scrape of 50 000 samples does to the loop that measures: ours and prometheus_client's.

Each server holds the same series in a process of its own and measures how late its loop comes;
one client scrapes both by turns, as Prometheus does. Run it: ``python bench/exposition.py``.
"""

import asyncio
import json
import multiprocessing
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from ctypes import c_double
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from statistics import median
from typing import Any

import aiohttp
import uvloop
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.aiohttp import make_aiohttp_handler

from probe import series
from probe.clock import SystemClock
from probe.domain.failure import DELIVERY_REASONS
from probe.exposition import Exposer, SeriesStore
from probe.series import Kind, Metric
from probe.web import Entrance, Pages, Site, serve

ROUNDS = 7
METER_SECONDS = 0.001
TARGETS, SEGMENTS, PAIRS = 8200, 1000, 400
SCRAPES = {
    "text": {"Accept": "text/plain", "Accept-Encoding": "identity"},
    "OpenMetrics, gzip": {
        "Accept": "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2",
        "Accept-Encoding": "gzip",
    },
}
CLOCK = SystemClock()


def population() -> Iterator[tuple[Metric, tuple[str, ...], float]]:
    """Yield the series of a large installation, in all about 50 000 samples."""
    for number in range(TARGETS):
        pair = ("widget", "stable", f"mirror-{number % 40}", "mirror", "eu-west-1")
        target = (*pair, "1.4.2", f"widget_{number}_linux_amd64.tar.gz", "linux/amd64", "m")
        yield series.ARTIFACT_AVAILABLE, target, 1.0
        yield series.ARTIFACT_LAST_SUCCESS, target, 1787227200.123 + number
        yield series.ARTIFACT_LAST_FAILURE, target, 1787200000.456 + number
    for number in range(SEGMENTS):
        pair = ("widget", "stable", f"mirror-{number}", "mirror", "eu-west-1")
        segment = (*pair, "linux/amd64", "m", "none", "full")
        yield series.DOWNLOAD_ATTEMPTS, segment, float(number)
        for reason in DELIVERY_REASONS:
            yield series.DOWNLOAD_FAILURES, (*segment, reason.value), 0.0
    for number in range(PAIRS):
        pair = ("widget", "stable", f"mirror-{number}", "mirror", "eu-west-1")
        yield series.DOWNLOAD_DURATION, (*pair, "m"), number / 10


def our_store() -> SeriesStore:
    store = SeriesStore(CLOCK)
    for metric, labels, value in population():
        if metric.kind is Kind.COUNTER:
            store.inc(metric, labels, value)
        elif metric.kind is Kind.GAUGE:
            store.set(metric, labels, value)
        else:
            store.observe(metric, labels, value)
    return store


def their_registry() -> CollectorRegistry:
    # Ours has no such series, so theirs do without as well.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    families: dict[Metric, Any] = {}
    for metric, labels, value in population():
        if metric not in families:
            families[metric] = _family(metric, registry)
        child = families[metric].labels(*labels)
        if metric.kind is Kind.COUNTER:
            child.inc(value)
        elif metric.kind is Kind.GAUGE:
            child.set(value)
        else:
            child.observe(value)
    return registry


def _family(metric: Metric, registry: CollectorRegistry) -> Any:
    if metric.kind is Kind.HISTOGRAM:
        return Histogram(
            metric.name, metric.help, metric.labels, buckets=metric.buckets, registry=registry
        )
    kind = Counter if metric.kind is Kind.COUNTER else Gauge
    return kind(metric.name, metric.help, metric.labels, registry=registry)


class Nothing:
    """Stands for the parts of the service that a scrape does not touch."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a scrape has no business with {name}")


@asynccontextmanager
async def ours() -> AsyncIterator[int]:
    nothing: Any = Nothing()
    exposer = Exposer(our_store(), SystemClock())
    site = Site("bench", nothing, exposer, nothing, nothing, nothing, nothing, nothing)
    serving = await serve(site, Entrance("127.0.0.1", pages=Pages.SCRAPED))
    yield serving.port
    await serving.stop()
    await exposer.close()


@asynccontextmanager
async def theirs() -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_get("/metrics", make_aiohttp_handler(their_registry()))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


SERVERS = {"ours": ours, "prometheus_client": theirs}


def run_server(name: str, parent: Connection, longest: "Synchronized[float]") -> None:
    """Serve until the parent hangs up; *longest* is how late the loop came, in seconds."""

    async def main() -> None:
        async with SERVERS[name]() as port:
            meter = asyncio.create_task(measure(longest))
            parent.send(port)
            await asyncio.to_thread(parent.recv)
            meter.cancel()

    uvloop.run(main())


async def measure(longest: "Synchronized[float]") -> None:
    due = CLOCK.monotonic() + METER_SECONDS
    while True:
        await asyncio.sleep(METER_SECONDS)
        now = CLOCK.monotonic()
        longest.value = max(longest.value, now - due)
        due = now + METER_SECONDS


async def scrape(
    session: aiohttp.ClientSession, port: int, headers: dict[str, str]
) -> tuple[float, bytes]:
    start = CLOCK.monotonic()
    async with session.get(f"http://127.0.0.1:{port}/metrics", headers=headers) as response:
        body = await response.read()
    return CLOCK.monotonic() - start, body


async def compare(servers: dict[str, tuple[int, "Synchronized[float]"]]) -> list[dict[str, Any]]:
    """Scrape all *servers* by turns; return for each way of asking the medians and the worst."""
    rows = []
    async with aiohttp.ClientSession() as session:
        for ask, headers in SCRAPES.items():
            seen: dict[str, list[tuple[float, float, int]]] = {name: [] for name in servers}
            for _ in range(ROUNDS):
                for name, (port, longest) in servers.items():
                    await asyncio.sleep(0.05)
                    longest.value = 0.0
                    seconds, body = await scrape(session, port, headers)
                    samples = sum(line[:1] != b"#" for line in body.splitlines())
                    seen[name].append((longest.value, seconds, samples))
            for name, figures in seen.items():
                stalls, spent, counts = zip(*figures, strict=True)
                rows.append(
                    {
                        "server": name,
                        "asked for": ask,
                        "samples": counts[0],
                        "median_stall_ms": round(median(stalls) * 1e3, 1),
                        "longest_stall_ms": round(max(stalls) * 1e3, 1),
                        "scrape_ms": round(median(spent) * 1e3),
                    }
                )
    return rows


def main() -> None:
    spawn = multiprocessing.get_context("spawn")
    servers, processes = {}, []
    for name in SERVERS:
        longest: Any = spawn.Value(c_double, 0.0, lock=False)
        here, there = spawn.Pipe()
        process = spawn.Process(target=run_server, args=(name, there, longest))
        process.start()
        servers[name] = (here.recv(), longest)
        processes.append((process, here))
    rows = uvloop.run(compare(servers))
    for process, here in processes:
        here.send(None)
        process.join()
    if "--json" in sys.argv:
        print(json.dumps(rows, indent=2))
        return
    for cells in (list(rows[0]), *(row.values() for row in rows)):
        print(" | ".join(f"{cell!s:<17}" for cell in cells))


if __name__ == "__main__":
    main()
