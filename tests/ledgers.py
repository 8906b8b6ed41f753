"""Attempts and ledgers for tests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from probe.domain.bucket import Attempt, Tally
from probe.domain.depth import LastFull
from probe.domain.evidence import (
    DetectedBy,
    Event,
    HealthRecord,
    IncidentRecord,
    IndexDigest,
    Naming,
    Review,
    SightedKind,
    Sighting,
    Verification,
    Window,
)
from probe.domain.failure import FailureReason, Phase
from probe.domain.moment import to_ms
from probe.domain.target import Depth, Target
from probe.evidence import Bounds, Ledger, Reading, open_reading
from probe.evidence.writer import SWEEP_SECONDS
from tests.builders import NOON, a_target, sha256
from tests.fakes.clock import FakeClock

TARGET = a_target()
TIMEOUT = (FailureReason.TIMEOUT, Phase.WAIT)
MISSING = (FailureReason.NOT_FOUND, Phase.WAIT)
ALL_DAY = Window(NOON - timedelta(hours=12), NOON + timedelta(hours=12))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INCIDENT = IncidentRecord(
    id="i-1",
    product="widget",
    channel="stable",
    endpoint="cdn",
    region="eu-west-1",
    onset_at=NOON,
    detected_at=NOON + HOUR,
    detected_by=DetectedBy.PROBE,
    reason="timeout",
    incident_class="timeout/cdn",
)
POINTER = Sighting(
    "widget", "stable", "1.4.2", SightedKind.POINTER, "latest.json", "cdn", "eu-west-1"
)
INDEX = IndexDigest("widget", "stable", "SHA256SUMS", sha256(b"sums"), "1.4.2", NOON, NOON)
NAMING = Naming("widget", "stable", "cdn", "eu-west-1", "1.4.2", NOON)
VERIFICATION = Verification(
    "sigstore", sha256(b"w"), "widget", "stable", "1.4.2", "w.tgz", "valid", "", NOON, NOON
)
EVENT = Event("e-1", "approval", "widget", "stable", "1.4.2", NOON, "ci", "run 7")
HEALTH = HealthRecord("widget", "stable", "cdn", "eu-west-1", NOON, "{}")
REVIEW = Review("widget", "stable", NOON, "ada", "{}", "fine")
RECORDS = (INCIDENT, HEALTH, POINTER, INDEX, NAMING, VERIFICATION, EVENT, REVIEW)


def an_attempt(
    at: datetime | float = 0,
    passed: bool | None = True,
    *,
    target: Target = TARGET,
    depth: Depth = Depth.FULL,
    fault: tuple[FailureReason, Phase] | None = None,
    seconds: float = 0.5,
    size: int = 100,
) -> Attempt:
    """Return an attempt; *at* is a moment, or seconds after noon."""
    moment = at if isinstance(at, datetime) else NOON + timedelta(seconds=at)
    if fault is None and not passed:
        fault = TIMEOUT if passed is False else (FailureReason.OVERLOAD, Phase.WAIT)
    return Attempt(target, to_ms(moment), depth, passed, fault, seconds, size)


@contextmanager
def a_ledger(
    directory: Path, clock: FakeClock | None = None, bounds: Bounds = Bounds()
) -> Iterator[Ledger]:
    """Give a ledger that runs; it is closed at the end of the block."""
    ledger = Ledger(directory, clock or FakeClock(), bounds)
    ledger.start()
    try:
        yield ledger
    finally:
        ledger.close()


@asynccontextmanager
async def a_first_turn(
    directory: Path, clock: FakeClock | None = None, bounds: Bounds = Bounds(), *attempts: Attempt
) -> AsyncIterator[tuple[Ledger, bool]]:
    """Give a ledger that has tried to open its file once, and whether it could."""
    ledger = Ledger(directory, clock or FakeClock(), bounds)
    for attempt in attempts:
        ledger.record(attempt)
    answer = asyncio.wrap_future(ledger.submit())
    ledger.start()
    try:
        yield ledger, await answer
    finally:
        ledger.close()


async def filled(directory: Path, *attempts: Attempt, clock: FakeClock | None = None) -> None:
    """Have *attempts* written by a ledger that is closed then."""
    clock = clock or FakeClock()
    with a_ledger(directory, clock) as ledger:
        for attempt in attempts:
            ledger.record(attempt)
        assert await ledger.flush()
        # Whether the first sweep came before or after the attempts, the next one comes after.
        await clock.advance(SWEEP_SECONDS)
        assert await ledger.flush()


def read(directory: Path, question: Callable[[Reading], object]) -> object:
    with open_reading(directory) as reading:
        return question(reading)


def last_full(directory: Path, since: datetime = NOON - DAY) -> Mapping[str, LastFull]:
    with open_reading(directory) as reading:
        return reading.last_full("widget", "stable", since)


def total(directory: Path, window: Window = ALL_DAY) -> Tally:
    with open_reading(directory) as reading:
        return reading.tallies("widget", "stable", window).total
