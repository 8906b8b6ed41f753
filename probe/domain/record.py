"""One observation as a flat record, for machines: JSON lines, the API and the log."""

from probe.domain.failure import FailureReason, Phase
from probe.domain.observation import (
    Cache,
    Failed,
    Inconclusive,
    Observation,
    Origin,
    Passed,
    Proof,
    Verdict,
)
from probe.domain.schema import (
    COUNT,
    MOMENT,
    NUMBER,
    TEXT,
    Schema,
    by_word,
    choice,
    closed,
    list_of,
    maybe,
)
from probe.domain.target import Depth
from probe.domain.text import clean

Record = dict[str, object]

_WORDS: dict[type[Verdict], str] = {
    Passed: "passed",
    Failed: "failed",
    Inconclusive: "inconclusive",
}
VERDICTS = tuple(_WORDS.values())


def verdict_word(observation: Observation) -> str:
    """Return ``passed``, ``failed`` or ``inconclusive``."""
    return _WORDS[type(observation.verdict)]


def as_record(observation: Observation) -> Record:
    """
    Return what one line of ``--format jsonl`` holds; seconds and bytes, times in ISO 8601.

    ``reason``, ``phase`` and ``detail`` are ``None`` where the attempt passed, ``status`` where
    no answer came. ``timings`` has the phases that were reached, and no others.
    """
    target = observation.probe.target
    download = observation.download
    failure = observation.failure
    return {
        "product": target.product,
        "version": target.release.version,
        "artifact": target.artifact.name,
        "endpoint": target.endpoint.name,
        "region": target.region.name,
        "depth": observation.probe.depth.value,
        "verdict": verdict_word(observation),
        "reason": failure.reason.value if failure else None,
        "phase": failure.phase.value if failure else None,
        "detail": clean(failure.detail, 500) if failure else None,
        "status": download.status,
        "bytes": download.bytes_received,
        "duration_seconds": round(download.timings.total, 6),
        "timings": {phase.value: round(seconds, 6) for phase, seconds in download.timings.items()},
        "started_at": observation.started_at.isoformat(timespec="milliseconds"),
    }


def as_page(observation: Observation) -> Record:
    """Return the record with what the API adds: its id, its target, and where the bytes came by."""
    target = observation.probe.target
    download = observation.download
    verdict = observation.verdict
    return {
        "id": observation.id,
        "target": target.key,
        "channel": target.release.channel,
        **as_record(observation),
        "proof": verdict.proof.value if isinstance(verdict, Passed) else None,
        "url": download.url,
        "peer_address": download.peer_address,
        "cache": download.cache.value,
        "edge": clean(download.edge),
        "origin": observation.origin.value,
        "hops": [
            {"host": hop.host, "status": hop.status, "seconds": round(hop.seconds, 6)}
            for hop in download.hops
        ],
    }


OBSERVATION_PROPERTIES: Schema = {
    "id": TEXT,
    "target": TEXT,
    "channel": TEXT,
    "product": TEXT,
    "version": TEXT,
    "artifact": TEXT,
    "endpoint": TEXT,
    "region": TEXT,
    "depth": choice(Depth),
    "verdict": choice(VERDICTS),
    "reason": maybe(choice(FailureReason)),
    "phase": maybe(choice(Phase)),
    "detail": maybe(TEXT),
    "status": maybe(COUNT),
    "bytes": COUNT,
    "duration_seconds": NUMBER,
    "timings": by_word(Phase, NUMBER),
    "started_at": MOMENT,
    "proof": maybe(choice(Proof)),
    "url": TEXT,
    "peer_address": TEXT,
    "cache": choice(Cache),
    "edge": TEXT,
    "origin": choice(Origin),
    "hops": list_of(closed({"host": TEXT, "status": COUNT, "seconds": NUMBER})),
}
OBSERVATION_SCHEMA: Schema = closed(OBSERVATION_PROPERTIES)
