"""A real Prometheus that scrapes one target every second, or answers from what it was given."""

import json
import re
import urllib.parse
import urllib.request
from collections.abc import Collection
from pathlib import Path
from typing import Any

from probe.generate.rules import shipped_files
from probe.kpi import Scope
from tests.daemon import Daemon, free_port

_GLOBAL = """\
global:
  scrape_interval: 1s
  scrape_timeout: 1s
  external_labels: {{prometheus: "{name}"}}
rule_files: ["{folder}/rules/*.yaml"]
"""
_SCRAPING = """\
scrape_configs:
  - job_name: delivery-probe
    static_configs: [{{targets: [{targets}]}}]
"""
_ALERTING = """\
alerting:
  alertmanagers: [{{static_configs: [{{targets: ["{alertmanager}"]}}]}}]
"""
_WAITS = re.compile(r"\b(interval|for|keep_firing_for): \w+$", re.MULTILINE)
# An outage is over when none was seen for ten minutes, minute by minute: here it is seconds.
_OUTAGES = {"[90d:1m]": "[1h:1s]", "[10m:1m]": "[10s:1s]", ":bool[10m]": ":bool[10s]"}


class Prometheus(Daemon):
    """
    Scrapes the services at *ports*, and answers PromQL.

    The shipped rules of *scopes* are evaluated, each second and without patience. *scraping* is
    put in place of the scraping of a service; others may write to it, too. An *alertmanager* is
    told of what fires, again and again after *resend*, and believes it for four times as long.
    """

    def __init__(
        self,
        folder: Path,
        *ports: int,
        keeps: str = "1d",
        scopes: Collection[Scope] = (),
        scraping: str = "",
        alertmanager: str = "",
        resend: str = "1s",
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        configuration = folder / "prometheus.yml"
        targets = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
        text = _GLOBAL.format(name=folder.name, folder=folder)
        text += scraping or _SCRAPING.format(targets=targets)
        text += _ALERTING.format(alertmanager=alertmanager) if alertmanager else ""
        configuration.write_text(text)
        _hasty_rules(folder / "rules", scopes)
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        self.url = f"http://{self.address}"
        command = [
            "prometheus",
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--storage.tsdb.retention.time={keeps}",
            "--enable-feature=exemplar-storage",
            "--web.enable-remote-write-receiver",
            f"--rules.alert.resend-delay={resend}",
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

    def count(self, promql: str, since: float, until: float) -> int:
        """
        Return how many series answer at any moment between.

        Raises:
            HTTPError: the query is not PromQL.
        """
        return len(self._between(promql, since, until))

    def labels(self, promql: str, since: float, until: float) -> set[str]:
        """Return the names of the labels that any series of the answer has."""
        return {label for each in self._between(promql, since, until) for label in each["metric"]}

    def _between(self, promql: str, since: float, until: float) -> list[dict[str, Any]]:
        span = {"start": str(since), "end": str(until), "step": "2"}
        return list(self._ask("query_range", query=promql, **span)["result"])

    def values(self, selector: str, label: str) -> list[str]:
        """Return the values that *label* has among the series of *selector*."""
        return list(self._ask(f"label/{label}/values", **{"match[]": selector}))

    def over(
        self, promql: str, *labels: str, since: float, until: float, step: float
    ) -> dict[tuple[str, ...], list[tuple[float, float]]]:
        """Return the moments and values of every series, by the values of *labels*."""
        span = {"start": str(since), "end": str(until), "step": str(step)}
        found = self._ask("query_range", query=promql, **span)["result"]
        return {
            tuple(series["metric"].get(label, "") for label in labels): [
                (float(at), float(value)) for at, value in series["values"]
            ]
            for series in found
        }

    def exemplars(self, selector: str) -> list[dict[str, Any]]:
        """Return the exemplars of the last hour."""
        found = self._ask("query_exemplars", query=selector, start="0", end="4102444800")
        return [exemplar for series in found for exemplar in series["exemplars"]]

    def firing(self) -> set[str]:
        """Return the alerts that fire, by the process that runs and not by what it once wrote."""
        found = self._ask("alerts")["alerts"]
        return {each["labels"]["alertname"] for each in found if each["state"] == "firing"}

    def rules(self) -> dict[str, str]:
        """Return what is wrong with each rule that was evaluated; empty if nothing is."""
        groups = self._ask("rules")["groups"]
        return {
            rule["name"]: rule.get("lastError", "")
            for group in groups
            for rule in group["rules"]
            if rule["health"] != "unknown"
        }

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


def _hasty_rules(folder: Path, scopes: Collection[Scope]) -> None:
    folder.mkdir()
    for path, text in shipped_files(scopes).items():
        hasty = _WAITS.sub(lambda found: f"{found[1]}: 1s", text)
        for usual, short in _OUTAGES.items():
            hasty = hasty.replace(usual, short)
        (folder / Path(path).name).write_text(hasty)
