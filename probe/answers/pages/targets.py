"""Targets: how each stands, and one with what its last attempts brought, phase by phase."""

from collections.abc import Callable, Iterable, Sequence

from probe.answers.pages.rows import text
from probe.domain.failure import Phase
from probe.domain.gate_record import Record
from probe.domain.observation import Failed, Observation
from probe.domain.record import as_page, verdict_word
from probe.domain.target import Target
from probe.logs.redaction import HIDDEN, is_secret_key, shown

PAGE = 100
_RECENT = 50


def targets(
    planned: Sequence[Target], last: Callable[[str], Observation | None], offset: int
) -> Record:
    """Return part of the plan, each target with its last observation if that is still kept."""
    return {
        "total": len(planned),
        "offset": offset,
        "limit": PAGE,
        "rows": [_row(each, last(each.key)) for each in planned[offset : offset + PAGE]],
    }


def target(found: Target, seen: Sequence[Observation], curl: str) -> Record:
    """Return one target; *seen* are its observations, newest first."""
    failure = next((each for each in seen if isinstance(each.verdict, Failed)), None)
    return {
        **_row(found, seen[0] if seen else None),
        "url": shown(found.url),
        "digests": [str(each) for each in found.artifact.digests],
        "size_bytes": found.artifact.size_bytes,
        "interval_seconds": found.endpoint.interval_seconds,
        "phases": [each.value for each in Phase],
        "observations": [as_page(each) for each in seen[:_RECENT]],
        "last_failure": _failure(failure) if failure is not None else None,
        "curl": curl,
    }


def _row(found: Target, last: Observation | None) -> Record:
    return {
        "target": found.key,
        "product": found.product,
        "channel": found.release.channel,
        "version": found.release.version,
        "artifact": text(found.artifact.name),
        "platform": str(found.artifact.platform) if found.artifact.platform else None,
        "endpoint": found.endpoint.name,
        "endpoint_kind": found.endpoint.kind.value,
        "region": found.region.name,
        "address": found.address or None,
        "last": None
        if last is None
        else {
            "id": last.id,
            "verdict": verdict_word(last),
            "reason": last.failure.reason.value if last.failure else None,
            "started_at": last.started_at.isoformat(timespec="milliseconds"),
        },
    }


def _failure(failed: Observation) -> Record:
    return {
        **as_page(failed),
        "headers": [list(each) for each in _headers(failed.download.headers.items())],
    }


def _headers(headers: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for name, value in headers:
        yield text(name), HIDDEN if is_secret_key(name) else shown(text(value))
