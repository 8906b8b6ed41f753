"""The service as its users run it: a process with a configuration file."""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.daemon import Daemon, free_port

Labels = frozenset[tuple[str, str]]


class DeliveryProbe(Daemon):
    """``delivery-probe serve``, ready once its first catalog is read."""

    def __init__(self, folder: Path, configuration: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        command = [sys.executable, "-m", "probe", "serve", f"--config={configuration}", *options]
        environment = {
            "PATH": "/usr/bin:/bin",
            "PROBE_LISTEN": f"127.0.0.1:{self.port}",
            "PROBE_DATA_DIR": str(folder / "data"),
        }
        super().__init__(command, folder / "log", self._is_ready, environment)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self._url(path), timeout=10) as answer:
            return str(answer.read().decode())

    def status(self, path: str) -> int:
        """Return the status of an answer."""
        try:
            with urllib.request.urlopen(self._url(path), timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    def remembered(self) -> list[dict[str, Any]]:
        """Return the attempts that the API still knows."""
        return list(json.loads(self.get("/api/v1/observations"))["observations"])

    def logged(self) -> list[dict[str, Any]]:
        """Return every line of the log."""
        # The last line may be half written.
        whole = self.log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def observations(self) -> list[dict[str, Any]]:
        """Return every attempt, as the log has it."""
        return [line for line in self.logged() if "verdict" in line]

    def post(self, path: str, body: object = None, token: str = "") -> tuple[int, str]:
        """Return the status and the text of the answer, whatever the status."""
        request = urllib.request.Request(self._url(path), method="POST")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def observation(self, identity: str) -> dict[str, Any]:
        """Return what the API tells of one attempt."""
        return dict(json.loads(self.get(f"/api/v1/observations/{identity}")))

    def samples(self, name: str) -> dict[Labels, float]:
        """Return every sample of one metric as it is exposed now, by its labels."""
        return {
            frozenset(sample.labels.items()): sample.value
            for family in text_string_to_metric_families(self.get("/metrics"))
            for sample in family.samples
            if sample.name == name
        }

    def total(self, name: str, **labels: str) -> float:
        """Return the sum of the samples that have *labels*."""
        wanted = labels.items()
        return sum(value for found, value in self.samples(name).items() if wanted <= found)

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _is_ready(self) -> bool:
        try:
            self.get("/-/ready")
        except OSError:
            return False
        return True
