"""The configuration file with which the service probes the demo's world."""

from collections.abc import Mapping

from probe.demo.mirror import POINTER
from probe.demo.release import CHANNEL
from probe.demo.script import CDN, ENDPOINTS, ORIGIN
from probe.demo.source import DISTRIBUTION

INTERVAL_SECONDS = 2.0
SHORTEST_INTERVAL_SECONDS = 1.0

_ABOUT = 'owner: release-team, cadence: 31d, runbook: "https://runbooks.example.com/demo'


def configuration(urls: Mapping[str, str], manifest_url: str, control: str, speed: float) -> str:
    """Return the YAML text; *control* is a URL that shows that the own way out works."""
    interval = max(SHORTEST_INTERVAL_SECONDS, INTERVAL_SECONDS / speed)
    connect, first_byte = _ms(interval * 0.3), _ms(interval * 0.65)
    timeouts = f"{{connect: {connect}, first_byte: {first_byte}, stall: 1s, total: 10s}}"
    endpoints = "\n".join(_endpoint(name, urls[name]) for name in ENDPOINTS)
    return f"""\
regions: [{{name: local, weight: 1}}]
control_targets: ["{control}"]
catalog: {{refresh: 5s}}
budget: {{bytes_per_day: 100GiB}}
incidents: {{failures: 2, some: 2, of: 3, passes: 1, merge: 2s, arrival: 5s}}
defaults:
  interval: {_ms(interval)}
  depth: auto
  timeouts: {timeouts}
products:
  - name: {DISTRIBUTION}
    owner: release-team
    channel: {CHANNEL}
    source: {{kind: manifest, url: "{manifest_url}"}}
    expect: {{platforms: [linux/amd64, darwin/arm64, windows/amd64]}}
    targets:
      artifact_availability: {{slo: 99.9%, mode: gate, {_ABOUT}/availability"}}
      global_propagation: {{within: 1m, mode: inform, {_ABOUT}/propagation"}}
    endpoints:
{endpoints}
"""


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}ms"


def _endpoint(name: str, base: str) -> str:
    kind = {ORIGIN: "repository", CDN: "cdn"}.get(name, "mirror")
    origin = ", origin: true" if name == ORIGIN else ""
    # A mirror says when it was synced, the others which release is theirs.
    says = "header" if kind == "mirror" else "pointer"
    marker = f'marker: {{kind: {says}, url: "{base}{POINTER}", interval: 10s}}'
    url = f"{base}/{{version}}/{{name}}"
    return f'      - {{name: {name}, kind: {kind}, url: "{url}", {marker}{origin}}}'
