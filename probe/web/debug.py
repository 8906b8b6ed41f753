"""One observation as a page of text for people, without secrets."""

from collections.abc import Iterable, Iterator

from probe.domain.observation import Download, Observation
from probe.domain.record import verdict_word
from probe.domain.text import clean
from probe.logs.redaction import HIDDEN, is_secret_key, shown

_WIDTH = 12


def report(observation: Observation, version: str, series: str) -> str:
    """Return everything that is known of one attempt, and the *series* it would have brought."""
    download = observation.download
    sections = {
        f"delivery-probe {version}": _pairs(_attempt(observation)),
        "Phases (seconds)": _pairs(_phases(download)),
        "Redirects": [
            f"{clean(hop.host)} answered {hop.status} in {hop.seconds:.6f} s"
            for hop in download.hops
        ],
        "Headers of the last answer": [_header(*item) for item in download.headers.items()],
        "Digests": _digests(observation),
        "Limits": _pairs(_limits(observation)),
        "Series": series.splitlines(),
    }
    return "\n".join(
        "\n".join([title, *(f"  {line}" for line in lines or ["none"]), ""])
        for title, lines in sections.items()
    )


def _attempt(observation: Observation) -> Iterator[tuple[str, object]]:
    target, download = observation.probe.target, observation.download
    yield "probe", observation.id
    yield "target", target.key
    yield "url", shown(target.url)
    yield "answered by", shown(download.url)
    yield "address", download.peer_address or "none"
    yield "depth", observation.probe.depth.value
    yield "started at", observation.started_at.isoformat(timespec="milliseconds")
    yield "verdict", verdict_word(observation)
    if failure := observation.failure:
        yield "reason", failure.reason.value
        yield "phase", failure.phase.value
        yield "detail", shown(clean(failure.detail, 500))
        yield "fault of", observation.origin.value
    yield "status", download.status or "none"
    yield "bytes", f"{download.bytes_received} of {_size(target.artifact.size_bytes)}"
    yield "cache", " ".join([download.cache.value, clean(download.edge)]).strip()
    if download.certificate_expires_at is not None:
        yield "certificate", f"until {download.certificate_expires_at.isoformat()}"


def _size(size_bytes: int | None) -> str:
    return "an unknown size" if size_bytes is None else str(size_bytes)


def _phases(download: Download) -> Iterator[tuple[str, str]]:
    for phase, seconds in download.timings.items():
        yield phase.value, f"{seconds:.6f}"
    yield "total", f"{download.timings.total:.6f}"


def _header(name: str, value: str) -> str:
    return f"{clean(name)}: {HIDDEN if is_secret_key(name) else shown(clean(value, 500))}"


def _digests(observation: Observation) -> list[str]:
    published = [f"published {digest}" for digest in observation.probe.target.artifact.digests]
    return published + [f"received  {digest}" for digest in observation.download.digests]


def _limits(observation: Observation) -> Iterator[tuple[str, str]]:
    limits = observation.probe.target.endpoint.limits
    yield "connect", f"{limits.connect_seconds:g} s"
    yield "first byte", f"{limits.first_byte_seconds:g} s"
    yield "stall", f"{limits.stall_seconds:g} s"
    yield "total", f"{limits.total_seconds:g} s"


def _pairs(pairs: Iterable[tuple[str, object]]) -> list[str]:
    return [f"{name:<{_WIDTH}} {value}" for name, value in pairs]
