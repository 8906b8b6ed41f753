"""
Under siege: a scraper asks 200 times a second, others dribble, and others send 100 MB.

The same service is measured quiet and under siege, by turns; what is compared is how late probes
start, by its own histogram, and how much memory it takes.
"""

import contextlib
import os
import socket
import statistics
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ground import (
    answers,
    configuration,
    manifest,
    nginx,
    rss_bytes,
    series,
    service,
    wait_for,
    workspace,
)

BODY = 64 * 1024
TARGETS = 1000
ROUNDS = 3
SECONDS = 20.0
SCRAPES = 200
DRIBBLERS = 300
FLOOD = 100 * 1024 * 1024

_DELAY = "delivery_probe_start_delay_seconds"


def late_p99(before: dict[str, float], after: dict[str, float]) -> float:
    """Return the 99th percentile of start delays in seconds, interpolated as PromQL does."""
    counts = sorted(
        (float(name.partition('le="')[2].partition('"')[0]), value - before.get(name, 0.0))
        for name, value in after.items()
        if name.startswith(f"{_DELAY}_bucket")
    )
    wanted = 0.99 * counts[-1][1]
    low, below = 0.0, 0.0
    for bound, count in counts:
        if count >= wanted:
            return (
                low
                if bound == float("inf")
                else low + (bound - low) * (wanted - below) / max(count - below, 1e-9)
            )
        low, below = bound, count
    return low


def measured(pid: int, base: str) -> tuple[float, int]:
    first = series(base)
    time.sleep(SECONDS)
    # Whoever lays siege may be in the way of this scrape, which comes from the same address.
    for _ in range(100):
        with contextlib.suppress(urllib.error.HTTPError):
            return late_p99(first, series(base)), rss_bytes(pid)
        time.sleep(0.2)
    sys.exit("bench: no scrape came through")


@contextlib.contextmanager
def siege(port: int) -> Iterator[dict[str, int]]:
    """Lay siege from three threads until the block ends; give the counts of what was done."""
    done, counts = threading.Event(), {"scrapes": 0, "dribbled": 0, "floods": 0}
    threads = [
        threading.Thread(target=each, args=(port, done, counts))
        for each in (scrape, dribble, flood)
    ]
    for each in threads:
        each.start()
    try:
        yield counts
    finally:
        done.set()
        for each in threads:
            each.join()


def scrape(port: int, done: threading.Event, counts: dict[str, int]) -> None:
    start = time.monotonic()
    while not done.is_set():
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.2", port), 5) as client,
        ):
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            while client.recv(1 << 20):
                pass
        counts["scrapes"] += 1
        done.wait(max(0.0, start + counts["scrapes"] / SCRAPES - time.monotonic()))


def dribble(port: int, done: threading.Event, counts: dict[str, int]) -> None:
    clients: list[socket.socket] = []
    while not done.wait(0.5):
        for client in clients[:]:
            try:
                client.send(b"X")
                counts["dribbled"] += 1
            except OSError:
                clients.remove(client)
        while len(clients) < DRIBBLERS:
            with contextlib.suppress(OSError):
                clients.append(socket.create_connection(("127.0.0.1", port), 5))
                clients[-1].sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
    for client in clients:
        client.close()


def flood(port: int, done: threading.Event, counts: dict[str, int]) -> None:
    head = f"POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: {FLOOD}\r\n\r\n".encode()
    piece = bytes(1 << 20)
    while not done.wait(0.2):
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), 5) as client,
        ):
            client.sendall(head)
            for _ in range(FLOOD // len(piece)):
                client.sendall(piece)
        counts["floods"] += 1


def world(directory: Path) -> Path:
    body, root = os.urandom(BODY), directory / "root"
    root.mkdir(mode=0o755)
    (root / "body").write_bytes(body)
    (directory / "manifest.json").write_text(manifest(body, TARGETS))
    return directory / "config.yaml"


def main() -> None:
    quiet: list[tuple[float, int]] = []
    besieged: list[tuple[float, int]] = []
    with workspace() as directory:
        config = world(directory)
        with nginx(directory / "root", directory) as origin:
            config.write_text(configuration(origin, directory / "manifest.json", interval="10s"))
            with service(config, directory) as (pid, base):
                wait_for(partial(answers, f"{base}/-/ready"), "the service")
                time.sleep(15.0)
                port = int(base.rpartition(":")[2])
                for _ in range(ROUNDS):
                    quiet.append(measured(pid, base))
                    with siege(port) as counts:
                        besieged.append(measured(pid, base))
                    print(counts)
    calm, busy = (statistics.median(late for late, _ in each) for each in (quiet, besieged))
    grown = max(rss for _, rss in besieged) - quiet[0][1]
    print(
        f"start delay p99, {TARGETS // 10} probes a second: quiet {calm * 1000:.1f} ms, besieged "
        f"{busy * 1000:.1f} ms, ratio {busy / calm:.2f}; memory grew by {grown / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    main()
