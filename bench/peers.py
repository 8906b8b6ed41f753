"""
One download, against the peers: processor time beside blackbox_exporter, wall time beside curl.

Each pair is measured in turns within one run, and the medians are compared.
"""

import asyncio
import contextlib
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from ground import (
    answers,
    configuration,
    cpu_seconds,
    free_port,
    manifest,
    nginx,
    process,
    series,
    service,
    total,
    wait_for,
    workspace,
)

from probe.app import outside
from probe.clock import SystemClock
from probe.domain.artifact import Digest, DigestAlgorithm
from probe.domain.judge import judge
from probe.domain.observation import Passed, Proof
from probe.domain.request import request_for
from probe.domain.target import Probe, Target
from probe.loop import Loop
from probe.transport import open_transport

BODY = 64 * 1024
INTERVAL_SECONDS = 10
ROUNDS = 5
SECONDS = 6.0
WARM_UP_SECONDS = 12.0
GIB = 1024**3


@contextlib.contextmanager
def blackbox(directory: Path) -> Iterator[tuple[int, str]]:
    found = shutil.which("prometheus-blackbox-exporter") or shutil.which("blackbox_exporter")
    if found is None:
        sys.exit("bench: blackbox_exporter is not installed (Debian: prometheus-blackbox-exporter)")
    modules = directory / "blackbox.yml"
    modules.write_text(
        "modules: {get: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4}}}\n"
    )
    port = free_port()
    flags = (f"--config.file={modules}", f"--web.listen-address=127.0.0.1:{port}")
    with process(found, *flags, log=directory / "blackbox.log") as pid:
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(f"{base}/-/healthy"), "blackbox_exporter")
        yield pid, base


def blackbox_round(pid: int, base: str, origin: str, rate: int) -> float:
    """Return milliseconds of processor time per probe, at the rate at which ours is measured."""
    count = int(rate * SECONDS)
    url = f"{base}/probe?module=get&target={origin}/x/body"
    before, start = cpu_seconds(pid), time.monotonic()
    for number in range(count):
        with urllib.request.urlopen(url, timeout=5) as answer:
            if b"probe_success 1" not in answer.read():
                sys.exit("bench: blackbox_exporter's probe failed")
        time.sleep(max(0.0, start + (number + 1) * SECONDS / count - time.monotonic()))
    return (cpu_seconds(pid) - before) / count * 1000


def our_round(pid: int, base: str) -> float:
    """Return milliseconds of processor time per verified download, everything included."""
    attempts = "delivery_download_attempts_total"
    failures = "delivery_download_failures_total"
    first, before = series(base), cpu_seconds(pid)
    time.sleep(SECONDS)
    spent, last = cpu_seconds(pid) - before, series(base)
    if total(last, failures):
        sys.exit("bench: our own probes failed")
    return spent / (total(last, attempts) - total(first, attempts)) * 1000


def cold_downloads(rate: int) -> tuple[float, float]:
    """Return the medians of ours and of blackbox_exporter, in ms of processor time."""
    with workspace() as directory:
        body = os.urandom(BODY)
        root = directory / "root"
        root.mkdir(mode=0o755)
        (root / "body").write_bytes(body)
        listing = directory / "manifest.json"
        listing.write_text(manifest(body, rate * INTERVAL_SECONDS))
        ours: list[float] = []
        theirs: list[float] = []
        with nginx(root, directory) as origin, blackbox(directory) as (peer, peer_base):
            config = directory / "config.yaml"
            config.write_text(configuration(origin, listing, interval=f"{INTERVAL_SECONDS}s"))
            with service(config, directory) as (pid, base):
                wait_for(lambda: answers(f"{base}/-/ready"), "the service")
                time.sleep(WARM_UP_SECONDS)
                for _ in range(ROUNDS):
                    ours.append(our_round(pid, base))
                    theirs.append(blackbox_round(peer, peer_base, origin, rate))
        return statistics.median(ours), statistics.median(theirs)


def one_gibibyte() -> tuple[float, float, float]:
    """
    Return medians in seconds of wall time: ours, ``curl | openssl``, and our command line's.

    Ours is what a verified download takes in the service; the command line starts Python first.
    """
    with workspace() as directory:
        root = directory / "root"
        root.mkdir(mode=0o755)
        block, digest = os.urandom(1024 * 1024), hashlib.sha256()
        with (root / "body").open("wb") as file:
            for _ in range(GIB // len(block)):
                file.write(block)
                digest.update(block)
        ours: list[float] = []
        theirs: list[float] = []
        alone: list[float] = []
        command = str(Path(sys.executable).with_name("delivery-probe"))
        known = Digest(DigestAlgorithm.SHA256, digest.hexdigest())
        with nginx(root, directory) as origin:
            url = f"{origin}/x/body"
            verified = [command, "probe", url, "--sha256", known.hex, "--format", "jsonl"]
            pipeline = f"curl -s {url} | openssl dgst -sha256"
            for _ in range(ROUNDS):
                with asyncio.Runner(loop_factory=Loop) as runner:
                    ours.append(runner.run(_fetch(outside(url, digests=(known,), size_bytes=GIB))))
                theirs.append(_wall(["sh", "-c", pipeline]))
                alone.append(_wall(verified))
        return statistics.median(ours), statistics.median(theirs), statistics.median(alone)


async def _fetch(target: Target) -> float:
    async with open_transport(SystemClock()) as transport:
        probe = Probe(target)
        start = time.monotonic()
        download = await transport.fetcher.fetch(request_for(probe))
        spent = time.monotonic() - start
    if judge(probe, download) != Passed(Proof.DIGEST):
        sys.exit(f"bench: our own download failed: {judge(probe, download)}")
    return spent


def _wall(command: list[str]) -> float:
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"bench: {command[0]} failed: {done.stderr.decode()[-500:]}")
    return time.monotonic() - start


if __name__ == "__main__":
    for rate in (500, 200):
        mine, peers = cold_downloads(rate)
        print(
            f"(a) at {rate}/s, ms of CPU per cold 64 KiB download: ours {mine:.3f}, "
            f"blackbox_exporter {peers:.3f}, ratio {mine / peers:.2f} (at most 0.85)"
        )
    mine, peers, alone = one_gibibyte()
    print(
        f"(b) seconds per verified 1 GiB: ours {mine:.2f}, curl | openssl {peers:.2f}, "
        f"ratio {mine / peers:.2f} (at most 1.1); our command line {alone:.2f}"
    )
