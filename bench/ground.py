"""What every measurement stands on: servers of our own, processor time, and a manifest to probe."""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Return the processor time that *pid* has used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    """Poll *condition*; give up with a message that names *what* was waited for."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"bench: {what} did not happen within {seconds:.0f} s")
        time.sleep(0.01)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextlib.contextmanager
def process(*command: str, log: Path, stop: signal.Signals = signal.SIGTERM) -> Iterator[int]:
    """Run *command* and give its process id; it is ended by that id."""
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as child:
        try:
            yield child.pid
        finally:
            child.send_signal(stop)
            child.wait(60)


@contextlib.contextmanager
def nginx(root: Path, directory: Path) -> Iterator[str]:
    """Serve *root* under any first path segment, so that one file can be many URLs."""
    port = free_port()
    configuration = directory / "nginx.conf"
    configuration.write_text(
        f"""
worker_processes 1; daemon off; pid {directory}/nginx.pid; error_log {directory}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; client_body_temp_path {directory}/b; proxy_temp_path {directory}/p;
  fastcgi_temp_path {directory}/f; uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
  default_type application/octet-stream; sendfile on;
  server {{ listen 127.0.0.1:{port} backlog=8192; location ~ ^/[^/]+/(.*)$ {{ alias {root}/$1; }} }}
}}
"""
    )
    with process("nginx", "-c", str(configuration), log=directory / "nginx.log"):
        base = f"http://127.0.0.1:{port}"
        wait_for(lambda: _listens(port), "nginx")
        yield base


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def manifest(body: bytes, count: int) -> str:
    """Return a manifest of *count* artifacts that all have the same body."""
    digest = hashlib.sha256(body).hexdigest()
    assets = [
        {
            "name": f"widget-{number:05d}_1.0.0_linux_amd64",
            "class": "binary",
            "platform": {"os": "linux", "arch": "amd64"},
            "size": len(body),
            "hashes": {"sha256": digest},
        }
        for number in range(count)
    ]
    return json.dumps(
        {
            "schema": "delivery-manifest/v1",
            "product": "widget",
            "version": "1.0.0",
            "channel": "stable",
            "published_at": "2026-01-01T00:00:00Z",
            "assets": assets,
        }
    )


def configuration(base: str, source: Path, *, interval: str, limits: str = "") -> str:
    """Return a configuration that probes every asset of *source* at *base* each *interval*."""
    return f"""
regions: [{{name: bench}}]
defaults:
  interval: {interval}
  timeouts: {{connect: 500ms, first_byte: 400ms, stall: 5s, total: 5m}}
{limits}
products:
  - name: widget
    owner: bench
    channel: stable
    source: {{kind: manifest, url: "file://{source}"}}
    endpoints:
      - {{name: nginx, kind: repository, url: "{base}/{{name}}/body"}}
"""


@contextlib.contextmanager
def workspace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        # nginx serves as another user than root.
        Path(name).chmod(0o755)
        yield Path(name)


@contextlib.contextmanager
def service(config: Path, directory: Path) -> Iterator[tuple[int, str]]:
    """Run the service with everything switched on; give its process id and its base URL."""
    port = free_port()
    command = str(Path(sys.executable).with_name("delivery-probe"))
    where = ("--listen", f"127.0.0.1:{port}", "--data-dir", str(directory / "data"))
    arguments = ("serve", "--config", str(config), *where)
    with process(command, *arguments, log=directory / "service.log") as pid:
        yield pid, f"http://127.0.0.1:{port}"


def series(base: str) -> dict[str, float]:
    """Return every sample that the service exposes, by its text before the value."""
    with urllib.request.urlopen(f"{base}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    pairs = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


def total(samples: dict[str, float], name: str) -> float:
    return sum(value for key, value in samples.items() if key.partition("{")[0] == name)
