"""
One download, against the peers: processor time beside blackbox_exporter, wall time beside curl.

Each pair is measured in turns within one run, and the medians are compared.
"""

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

BODY = 64 * 1024
TARGETS = 2000
INTERVAL_SECONDS = 10
ROUNDS = 3
SECONDS = 6.0
WARM_UP_SECONDS = 3.0
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


def blackbox_round(pid: int, base: str, origin: str) -> float:
    """Return milliseconds of processor time per probe, at the rate at which ours is measured."""
    count = int(TARGETS / INTERVAL_SECONDS * SECONDS)
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


def cold_downloads() -> tuple[float, float]:
    """Return the medians of ours and of blackbox_exporter, in ms of processor time."""
    with workspace() as directory:
        body = os.urandom(BODY)
        root = directory / "root"
        root.mkdir(mode=0o755)
        (root / "body").write_bytes(body)
        listing = directory / "manifest.json"
        listing.write_text(manifest(body, TARGETS))
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
                    theirs.append(blackbox_round(peer, peer_base, origin))
        return statistics.median(ours), statistics.median(theirs)


def one_gibibyte() -> tuple[float, float]:
    """Return the medians of ours and of ``curl | openssl``, in seconds of wall time."""
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
        command = str(Path(sys.executable).with_name("delivery-probe"))
        with nginx(root, directory) as origin:
            url = f"{origin}/x/body"
            verified = [command, "probe", url, "--sha256", digest.hexdigest(), "--format", "jsonl"]
            pipeline = f"curl -s {url} | openssl dgst -sha256"
            for _ in range(ROUNDS):
                ours.append(_wall(verified))
                theirs.append(_wall(["sh", "-c", pipeline]))
        return statistics.median(ours), statistics.median(theirs)


def _wall(command: list[str]) -> float:
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"bench: {command[0]} failed: {done.stderr.decode()[-500:]}")
    return time.monotonic() - start


if __name__ == "__main__":
    ours, theirs = cold_downloads()
    print(f"(a) ms of CPU per cold 64 KiB download: ours {ours:.3f}, blackbox_exporter {theirs:.3f}, ratio {ours / theirs:.2f} (at most 0.85)")
    ours, theirs = one_gibibyte()
    print(f"(b) seconds per verified 1 GiB: ours {ours:.2f}, curl | openssl {theirs:.2f}, ratio {ours / theirs:.2f} (at most 1.1)")
