"""Many targets: how soon the first is seen, and what ten thousand cost."""

import json
import os
import statistics
import sys
import time
import urllib.request
from functools import partial
from pathlib import Path

from ground import (
    answers,
    configuration,
    cpu_seconds,
    manifest,
    nginx,
    rss_bytes,
    series,
    service,
    total,
    wait_for,
    workspace,
)

BODY = 64 * 1024
SETTLE = 15.0
SECONDS = 30.0
STARTS = 5


def first_observation(count: int = 1000) -> float:
    """Return seconds from the start of the process to its first observation."""
    with workspace() as directory:
        config = _world(directory, count)
        with nginx(directory / "root", directory) as origin:
            config.write_text(configuration(origin, directory / "manifest.json", interval="60s"))
            start = time.monotonic()
            with service(config, directory) as (_, base):
                wait_for(lambda: _observed(base), "a first observation")
                return time.monotonic() - start


def _observed(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/api/v1/observations?limit=1", timeout=2) as answer:
            return bool(json.load(answer)["observations"])
    except OSError:
        return False


def _world(directory: Path, count: int) -> Path:
    body = os.urandom(BODY)
    root = directory / "root"
    root.mkdir(mode=0o755)
    (root / "body").write_bytes(body)
    (directory / "manifest.json").write_text(manifest(body, count))
    return directory / "config.yaml"


def ten_thousand(count: int = 10_000) -> dict[str, float]:
    """Return CPU share, the p99 of start delay in seconds, and RSS per target in bytes."""
    figures: dict[str, float] = {}
    with workspace() as directory:
        config = _world(directory, count)
        with nginx(directory / "root", directory) as origin:
            listing = directory / "manifest.json"
            for name, listed in (("few", 10), ("many", count)):
                listing.write_text(manifest((directory / "root" / "body").read_bytes(), listed))
                config.write_text(configuration(origin, listing, interval="60s"))
                with service(config, directory) as (pid, base):
                    wait_for(partial(answers, f"{base}/-/ready"), "the service")
                    time.sleep(SETTLE)
                    figures |= _measured(name, pid, base)
    figures["rss_per_target"] = (figures["many_rss"] - figures["few_rss"]) / (count - 10)
    return figures


def _measured(name: str, pid: int, base: str) -> dict[str, float]:
    before, start, first = cpu_seconds(pid), time.monotonic(), series(base)
    time.sleep(SECONDS)
    spent, passed, last = cpu_seconds(pid) - before, time.monotonic() - start, series(base)
    attempts = "delivery_download_attempts_total"
    return {
        f"{name}_cpu": spent / passed,
        f"{name}_rate": (total(last, attempts) - total(first, attempts)) / passed,
        f"{name}_rss": rss_bytes(pid),
        f"{name}_delay_p99": _p99(first, last),
    }


def _p99(first: dict[str, float], last: dict[str, float]) -> float:
    buckets = []
    for key, value in last.items():
        if key.startswith("delivery_probe_start_delay_seconds_bucket"):
            bound = float(key.partition('le="')[2].partition('"')[0])
            buckets.append((bound, value - first.get(key, 0.0)))
    buckets.sort()
    if not buckets or not buckets[-1][1]:
        sys.exit("bench: no start delays were seen")
    wanted, below, lower = 0.99 * buckets[-1][1], 0.0, 0.0
    for bound, value in buckets:
        if value >= wanted:
            share = (wanted - below) / (value - below) if value > below else 1.0
            return lower + (bound - lower) * share
        below, lower = value, bound
    return lower


if __name__ == "__main__":
    soonest = statistics.median(first_observation() for _ in range(STARTS))
    print(f"(c) seconds to the first of 1 000 targets: {soonest:.2f} (at most 2)")
    for key, value in ten_thousand().items():
        print(f"(d) {key}: {value:.4f}")
