"""A configuration that is complete and right, for tests that change one thing of it."""

from probe.settings import Settings, parse

VALID = """\
regions: [{name: eu-west-1}, {name: us-east-1, egress: {proxy: "http://127.0.0.1:3128"}}]
control_targets: ["https://example.com/", "https://example.org/"]
defaults: {interval: 60s, depth: auto, timeouts: {connect: 5s, first_byte: 15s, total: 10m}}
budget: {bytes_per_day: 50GiB}
products:
  - name: widget
    owner: release-team
    channel: stable
    source: {kind: manifest, url: "file:///etc/widget/manifest.json"}
    expect: {platforms: [linux/amd64, darwin/arm64, windows/amd64]}
    endpoints:
      - name: github
        kind: github
        url: "https://github.com/acme/widget/releases/download/v{version}/{name}"
      - name: cdn
        kind: cdn
        url: "https://dl.example.com/widget/{version}/{name}"
        required: true
        regions: [eu-west-1]
        interval: 30s
"""


def settings(text: str = VALID, *regions: str) -> Settings:
    found = parse(text.encode(), "probe.yaml", regions=regions)
    assert isinstance(found, Settings), "\n".join(map(str, found))
    return found


def faults(text: str | bytes, *regions: str) -> list[str]:
    raw = text if isinstance(text, bytes) else text.encode()
    found = parse(raw, "probe.yaml", regions=regions)
    assert isinstance(found, tuple), "the text was accepted"
    return [str(fault) for fault in found]
