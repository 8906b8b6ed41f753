"""A real Alertmanager with the shipped configuration, made hasty, and who it sends to."""

import json
import re
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

from tests.contracts.source import ROOT
from tests.daemon import Daemon, free_port

# What is told is not told again: repeat_interval stays as it is.
_WAITS = re.compile(r"(group_wait|group_interval): \w+")
_URL = re.compile(r"https?://(\w[\w.-]*)\.example\.com(?::\d+)?(/\S*)")


class Receivers:
    """Takes every webhook: messages with alerts that are ``firing`` or ``resolved``, by path."""

    def __init__(self) -> None:
        self._messages: list[tuple[str, list[dict[str, Any]]]] = []
        messages = self._messages

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                messages.append((self.path, body["alerts"]))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *values: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def told(self, status: str, *labels: str) -> set[tuple[str, ...]]:
        """Return path and the values of *labels* of every alert that was sent in *status*."""
        return {
            (path, *(alert["labels"].get(label, "") for label in labels))
            for path, alerts in list(self._messages)
            for alert in alerts
            if alert["status"] == status
        }

    def messages(self, path: str) -> list[frozenset[tuple[str, str]]]:
        """Return of every message to *path* what it told: each alert as it is, and its status."""
        return [
            frozenset((alert["fingerprint"], alert["status"]) for alert in alerts)
            for to, alerts in list(self._messages)
            if to == path
        ]


class Alertmanager(Daemon):
    """Routes and silences as ``config/alertmanager.yml`` says, and sends to *hosts* by name."""

    def __init__(self, folder: Path, hosts: Mapping[str, str], token: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "token").write_text(token or "none")
        text = (ROOT / "config/alertmanager.yml").read_text()
        text = _WAITS.sub(lambda found: f"{found[1]}: 1s", text)
        text = _URL.sub(lambda found: f"{hosts[found[1]]}{found[2]}", text)
        text = re.sub(r"credentials_file: \S+", f"credentials_file: {folder}/token", text)
        (folder / "alertmanager.yml").write_text(text)
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        command = [
            "prometheus-alertmanager",
            f"--config.file={folder}/alertmanager.yml",
            f"--storage.path={folder}/data",
            f"--web.listen-address={self.address}",
            # Alone: it looks for no peers.
            "--cluster.listen-address=",
        ]
        super().__init__(command, folder / "log", self._is_ready)

    def alerts(self) -> dict[tuple[str, str], str]:
        """Return the state of every alert by name and region."""
        with urllib.request.urlopen(f"http://{self.address}/api/v2/alerts", timeout=5) as answer:
            found = json.load(answer)
        return {
            (each["labels"]["alertname"], each["labels"].get("probe_region", "")): each["status"][
                "state"
            ]
            for each in found
        }

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=1).close()
        except OSError:
            return False
        return True
