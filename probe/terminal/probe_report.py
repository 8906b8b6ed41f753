"""What ``probe URL`` prints of one attempt: everything that is known, verdict first."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from probe.domain.observation import Cache, Observation, Passed
from probe.domain.target import Depth
from probe.domain.text import clean
from probe.terminal.console import ascii_only
from probe.terminal.curl import curl_command, masked_url
from probe.terminal.wording import duration, plain, size, verdict_text

_LABEL_COLUMNS = 12
_BAR_COLUMNS = 40
_DAY_SECONDS = 86_400


def print_probe(console: Console, observation: Observation, now: datetime) -> None:
    """Print the report; *now* tells how long the certificate still lasts."""
    simple = ascii_only(console)
    console.print(verdict_text(observation, ascii_only=simple) + Text("  ") + _why(observation))
    arrow = "->" if simple else "→"
    for label, value in _facts(observation, now, arrow):
        _row(console, label, plain(value, 4000))
    for label, bar in _phases(observation, "#" if simple else "█"):
        _row(console, label, Text(bar))
    _row(console, "the same by", Text(curl_command(observation.probe)))


def _row(console: Console, label: str, value: Text) -> None:
    console.print(Text(f"{label:<{_LABEL_COLUMNS}} ", "dim") + value, soft_wrap=True)


def _why(observation: Observation) -> Text:
    if isinstance(observation.verdict, Passed):
        return Text(f"proven by {observation.verdict.proof}")
    failure = observation.verdict.failure
    where = f"{failure.reason} in phase {failure.phase}"
    return plain(f"{where}: {failure.detail}" if failure.detail else where, 500)


def _facts(observation: Observation, now: datetime, arrow: str) -> Iterator[tuple[str, str]]:
    yield "url", masked_url(observation.probe.target.url)
    yield from _way(observation, arrow)
    yield "answer", _answer(observation)
    yield from _digests(observation)
    yield from _path(observation, now)


def _way(observation: Observation, arrow: str) -> Iterator[tuple[str, str]]:
    download = observation.download
    if download.hops:
        hops = [f"{hop.host} {hop.status} ({duration(hop.seconds)})" for hop in download.hops]
        yield "redirects", f" {arrow} ".join([*hops, masked_url(download.url)])


def _answer(observation: Observation) -> str:
    download = observation.download
    if download.status is None:
        return "none"
    depth, expected = observation.probe.depth, observation.probe.target.artifact.size_bytes
    of = f" of {expected}" if depth is Depth.FULL and expected is not None else ""
    exact = f"{download.bytes_received} bytes{of} ({size(download.bytes_received)})"
    return f"status {download.status}, {depth}: {exact}"


def _digests(observation: Observation) -> Iterator[tuple[str, str]]:
    expected = {each.algorithm: each for each in observation.probe.target.artifact.digests}
    received = {each.algorithm: each for each in observation.download.digests}
    for algorithm in dict.fromkeys([*expected, *received]):
        if algorithm in expected:
            yield "expected", str(expected[algorithm])
        if algorithm in received:
            same = expected.get(algorithm) == received[algorithm]
            said = ("same" if same else "different") if algorithm in expected else "not compared"
            yield "received", f"{received[algorithm]} ({said})"


def _path(observation: Observation, now: datetime) -> Iterator[tuple[str, str]]:
    download = observation.download
    if download.peer_address:
        yield "peer", download.peer_address
    if download.cache is not Cache.UNKNOWN or download.edge:
        edge = f" at {clean(download.edge)}" if download.edge else ""
        yield "cache", f"{download.cache}{edge}"
    expires_at = download.certificate_expires_at
    if expires_at is not None:
        days = (expires_at - now).total_seconds() / _DAY_SECONDS
        left = f"in {days:.0f} days" if days >= 0 else f"{-days:.0f} days ago"
        yield "certificate", f"expires {expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC ({left})"


def _phases(observation: Observation, block: str) -> Iterator[tuple[str, str]]:
    timings = observation.download.timings
    phases = timings.items()
    longest = max((seconds for _, seconds in phases), default=0.0)
    for phase, seconds in phases:
        columns = round(_BAR_COLUMNS * seconds / longest) if longest else 0
        yield phase, f"{duration(seconds):>10}  {block * columns}".rstrip()
    yield "total", f"{duration(timings.total):>10}"
