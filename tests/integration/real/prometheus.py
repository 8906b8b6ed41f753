"""A real Prometheus that scrapes one target every second, or answers from what it was given."""

import json
import re
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from tests.contracts.source import ROOT
from tests.daemon import Daemon, free_port

_CONFIGURATION = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: delivery-probe
    static_configs: [{{targets: [{targets}]}}]
"""
_RULES = 'rule_files: ["{folder}/rules/*.yaml"]\n'
_ALERTING = """\
alerting:
  alertmanagers: [{{static_configs: [{{targets: ["{alertmanager}"]}}]}}]
"""
_WAITS = re.compile(r"\b(interval|for|keep_firing_for): \w+$", re.MULTILINE)


class Prometheus(Daemon):
    """
    Scrapes the services at *ports*, and answers PromQL.

    With *rules* or an *alertmanager* it evaluates the shipped rules, each second and without
    patience.
    """

    def __init__(
        self,
        folder: Path,
        *ports: int,
        keeps: str = "1d",
        rules: bool = False,
        alertmanager: str = "",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        configuration = folder / "prometheus.yml"
        targets = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
        text = _CONFIGURATION.format(targets=targets)
        if alertmanager:
            text += _ALERTING.format(alertmanager=alertmanager)
        if rules or alertmanager:
            text += _RULES.format(folder=folder)
            _hasty_rules(folder / "rules")
        configuration.write_text(text)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [
            "prometheus",
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--storage.tsdb.retention.time={keeps}",
            "--enable-feature=exemplar-storage",
            "--rules.alert.resend-delay=1s",
        ]
        super().__init__(command, folder / "log", self._is_ready)

    def query(
        self, promql: str, *labels: str, at: float | None = None
    ) -> dict[tuple[str, ...], float]:
        """Return the value of every series now, or *at*, by the values of *labels*."""
        moment = {} if at is None else {"time": str(at)}
        found = self._ask("query", query=promql, **moment)["result"]
        return {
            tuple(series["metric"].get(label, "") for label in labels): float(series["value"][1])
            for series in found
        }

    def exemplars(self, selector: str) -> list[dict[str, Any]]:
        """Return the exemplars of the last hour."""
        found = self._ask("query_exemplars", query=selector, start="0", end="4102444800")
        return [exemplar for series in found for exemplar in series["exemplars"]]

    def _ask(self, what: str, **parameters: str) -> Any:
        url = f"{self.url}/api/v1/{what}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return json.load(answer)["data"]

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/-/ready", timeout=1).close()
        except OSError:
            return False
        return True


def _hasty_rules(folder: Path) -> None:
    folder.mkdir()
    for file in (ROOT / "config/rules").glob("*.yaml"):
        hasty = _WAITS.sub(lambda found: f"{found[1]}: 1s", file.read_text())
        (folder / file.name).write_text(hasty)
