"""
Who watches: a Prometheus in each region, one that joins them, an Alertmanager, and its receivers.

They run the shipped rules and routes, with one change: a minute of the rules is a second here.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from tests.contracts.source import ROOT
from tests.daemon import Daemon
from tests.integration.regions.network import HUB, INTERNET, PLACES, Place, within

FASTER = 60
# Budgets are of days, and no story of minutes can tell how they burn.
REGIONAL = ("delivery.targets", "delivery.sli", "delivery.alerts.regional")
GLOBAL = (
    "delivery.cross_region",
    "delivery.recoverability",
    "delivery.alerts.global",
)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"(?<=\[)(\d+)([smhd])(?::(\d+)([smhd]))?(?=\])")
_LASTS = re.compile(r"((?:for|interval|keep_firing_for): )(\d+)([smhd])")
# Alertmanager waits for what silences an alert before it tells of it.
_WAITS = re.compile(r"(group_wait|group_interval|repeat_interval): \w+")
_URL = re.compile(r"https?://(\w[\w.-]*)\.example\.com(?::\d+)?(/\S*)")

_PROMETHEUS = """\
global: {{scrape_interval: 1s, scrape_timeout: 900ms, evaluation_interval: 1s}}
rule_files: [{rules}/*.yaml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["{hub}:9093"]}}]}}]}}
scrape_configs:
{scrapes}
"""
_SERVICE = """\
  - job_name: delivery-probe
    static_configs: [{targets: ["127.0.0.1:29464"]}]
"""
_FEDERATION = """\
  - job_name: regions
    honor_labels: true
    honor_timestamps: false
    metrics_path: /federate
    params: {{"match[]": ['{{__name__=~"(delivery|slo)[_:].*"}}']}}
    static_configs: [{{targets: [{targets}]}}]
"""


def hasten(text: str) -> str:
    """Return rules with every minute made a second; what would be less than one is one."""

    def span(found: re.Match[str]) -> str:
        outer = _less(found[1], found[2], least=2)
        # Three months of seconds are too many; the world here is minutes old.
        outer = min(outer, 900)
        return f"{outer}s:{_less(found[3], found[4])}s" if found[3] else f"{outer}s"

    text = _SPAN.sub(span, text)
    return _LASTS.sub(lambda found: f"{found[1]}{_less(found[2], found[3])}s", text)


def _less(number: str, unit: str, least: int = 1) -> int:
    return max(least, int(number) * _SECONDS[unit] // FASTER)


class Prometheus(Daemon):
    """A Prometheus in a namespace, with rules of some groups."""

    def __init__(
        self, folder: Path, namespace: str, address: str, groups: tuple[str, ...], scrapes: str
    ) -> None:
        rules = folder / "rules"
        rules.mkdir(parents=True)
        for group in groups:
            text = (ROOT / "config/rules" / f"{group}.rules.yaml").read_text()
            (rules / f"{group}.yaml").write_text(hasten(text))
        configuration = folder / "prometheus.yml"
        configuration.write_text(_PROMETHEUS.format(rules=rules, hub=HUB, scrapes=scrapes))
        self._namespace, self._address = namespace, address
        command = [
            "prometheus",
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address={address}:9090",
            "--rules.alert.resend-delay=1s",
        ]
        super().__init__(within(namespace, *command), folder / "log", self._is_ready)

    def query(self, promql: str, *labels: str) -> dict[tuple[str, ...], float]:
        """Return the value of every series now, by the values of *labels*."""
        answer = _get(
            self._namespace,
            f"http://{self._address}:9090/api/v1/query",
            "--get",
            "--data-urlencode",
            f"query={promql}",
        )
        found = json.loads(answer)["data"]["result"]
        return {
            tuple(series["metric"].get(label, "") for label in labels): float(series["value"][1])
            for series in found
        }

    def _is_ready(self) -> bool:
        return _answers(self._namespace, f"http://{self._address}:9090/-/ready")


def regional(folder: Path, place: Place) -> Prometheus:
    return Prometheus(folder, place.namespace, place.address, REGIONAL, _SERVICE)


def joining(folder: Path) -> Prometheus:
    targets = ", ".join(f'"{place.address}:9090"' for place in PLACES)
    return Prometheus(folder, INTERNET, HUB, GLOBAL, _FEDERATION.format(targets=targets))


class Alertmanager(Daemon):
    """The shipped routes and silences; everything is told to one receiver, by path."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        text = (ROOT / "config/alertmanager.yml").read_text()
        text = _WAITS.sub(lambda found: f"{found[1]}: {'4s' if 'wait' in found[1] else '1s'}", text)
        text = _URL.sub(rf"http://{HUB}:8080/\1\2", text)
        text = text.replace("/etc/alertmanager/delivery-probe.token", str(folder / "token"))
        (folder / "token").write_text("t0ken")
        (folder / "alertmanager.yml").write_text(text)
        command = [
            "prometheus-alertmanager",
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'data'}",
            f"--web.listen-address={HUB}:9093",
            "--cluster.listen-address=",
        ]
        super().__init__(
            within(INTERNET, *command),
            folder / "log",
            lambda: _answers(INTERNET, f"http://{HUB}:9093/-/ready"),
        )


_TAKING = """\
import http.server, sys
class Taking(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        with open(sys.argv[2], "ab") as file:
            file.write(self.path.encode() + b" " + body.replace(b"\\n", b" ") + b"\\n")
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.ThreadingHTTPServer((sys.argv[1], 8080), Taking).serve_forever()
"""


class Receivers(Daemon):
    """Takes every webhook, and writes it down."""

    def __init__(self, folder: Path, python: str) -> None:
        folder.mkdir()
        self._told = folder / "told"
        self._told.touch()
        super().__init__(
            within(INTERNET, python, "-c", _TAKING, HUB, self._told),
            folder / "log",
            lambda: not _refuses(INTERNET, f"http://{HUB}:8080/"),
        )

    def told(self, status: str, to: str = "/pager") -> set[tuple[str, ...]]:
        """Return name, endpoint and region of each alert that *to* was told in *status*."""
        found: set[tuple[str, ...]] = set()
        # The last line may be half written.
        for line in self._told.read_text().rpartition("\n")[0].splitlines():
            path, _, body = line.partition(" ")
            alerts: list[dict[str, Any]] = json.loads(body)["alerts"]
            found |= {
                tuple(each["labels"].get(name, "") for name in _TOLD)
                for each in alerts
                if path.startswith(to) and each["status"] == status
            }
        return found


_TOLD = ("alertname", "endpoint", "probe_region")


def _get(namespace: str, *arguments: str) -> str:
    command = within(namespace, "curl", "--silent", "--fail", "--max-time", "10", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _answers(namespace: str, url: str) -> bool:
    try:
        _get(namespace, url)
    except subprocess.CalledProcessError:
        return False
    return True


def _refuses(namespace: str, url: str) -> bool:
    command = within(namespace, "curl", "--silent", "--max-time", "2", url)
    return subprocess.run(command, capture_output=True, check=False).returncode == 7
