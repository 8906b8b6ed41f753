"""Plays the script to a probe, and writes down what a Prometheus would have scraped of it."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from probe import series
from probe.domain.evidence import Window
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import (
    Download,
    Failed,
    Inconclusive,
    Observation,
    Passed,
    Proof,
    Timings,
    Verdict,
)
from probe.domain.target import Depth, Probe, Target
from probe.domain.told import Alert, Approval, PostMortem, Report
from probe.evidence import open_reading
from tests.fakes.clock import FakeClock
from tests.integration.real.backfill import Backfill
from tests.integration.real.quarter import script
from tests.integration.real.quarter.process import Process

SCRAPE = timedelta(minutes=5)
# A scrape is this long before a moment at which there are attempts.
BEFORE = timedelta(seconds=30)

STATES = (series.ARTIFACT_AVAILABLE, series.PROBER_LAST_CYCLE, series.PROBER_CONTROL_UP)
RELEASES = (
    series.RELEASE_PUBLISHED,
    series.RELEASE_FIRST_AVAILABLE,
    series.RELEASE_EXCLUDED,
    series.RELEASE_START,
    series.RELEASE_UNCERTAINTY,
    series.RELEASE_REQUIRED_ENDPOINTS,
)
COUNTS = (series.DOWNLOAD_ATTEMPTS, series.DOWNLOAD_FAILURES, series.DOWNLOAD_DURATION)
LAST = (
    series.REGION_WEIGHT,
    series.ENDPOINT_REQUIRED,
    series.ENDPOINT_CURRENT,
    series.RELEASE_ASSETS,
    series.RELEASE_COMPLETE,
    series.RELEASE_COMPLETE_NOW,
    series.RELEASE_MISSING,
    series.RELEASE_COVERED,
    series.ROLLBACK_READY,
    series.FALLBACK_READY,
    series.INCIDENTS_RECENT,
    series.INCIDENTS_RECENT_DETECTION,
    series.INCIDENTS_RECENT_OVER,
    series.INCIDENTS_RECENT_DURATION,
)
# Windows of attempts and of states are 30 days long, but for those of outages.
MONTH = script.DAYS - 31

UPLINK = FailureReason.UPLINK

_VERDICTS: dict[tuple[FailureReason | None, Depth], Verdict] = {
    (reason, depth): (Inconclusive if reason.ours else Failed)(Failure(reason, Phase.WAIT))
    for reason in FailureReason
    for depth in Depth
} | {(None, depth): Passed(Proof.DIGEST if depth is Depth.FULL else Proof.SIZE) for depth in Depth}
_DOWNLOADS = {
    seconds: Download(url="", timings=Timings(transfer=seconds))
    for seconds in (0.1, 0.8, 3.0, 15.0, 90.0)
}


async def play(backfill: Backfill, directory: Path) -> Path:
    """Play all of it; return the directory of the ledger."""
    return await _Stage(backfill, directory).play()


class _Stage:
    def __init__(self, backfill: Backfill, directory: Path) -> None:
        self._backfill = backfill
        self._directory = directory
        self._clock = FakeClock(script.BEGIN)
        self._process = Process(self._clock, directory, script.RELOADS[script.BEGIN])
        self._lives = [self._process]
        self._proven: set[str] = set()
        self._faults: tuple[script.Fault, ...] = ()

    async def play(self) -> Path:
        await self._process.begin()
        scrapes = _scrapes()
        due = next(scrapes)
        for now in script.moments():
            while due < now:
                await self._scrape(due)
                due = next(scrapes)
            self._move(now)
            await self._attempt(now)
        for each in self._lives:
            await each.end()
        return self._directory

    def _move(self, to: datetime) -> None:
        self._clock.stall((to - self._clock.now()).total_seconds())

    async def _attempt(self, now: datetime) -> None:
        process = self._process
        before = process.targets
        if now in script.RELOADS and now != script.BEGIN:
            # As a Prometheus that scrapes every few seconds would have had it at last.
            self._backfill.scrape(now - timedelta(seconds=1), process.store, *COUNTS)
            await process.reload(script.RELOADS[now])
        await process.refresh()
        if process.targets is not before and _day(now) >= MONTH:
            # Counters start at zero with the plan, before anything is counted.
            self._backfill.scrape(now, process.store, *COUNTS)
        self._faults = script.faults_at(now)
        for target in process.targets:
            process.record(self._observation(target, now))
        for region in process.settings.regions:
            lost = (fault.region for fault in self._faults if fault.reason is UPLINK)
            up = float(region.name not in lost)
            process.store.set(series.PROBER_CONTROL_UP, (region.name,), up)
        for when, said in script.SAID:
            if when == now:
                await self._say(said)

    def _observation(self, target: Target, now: datetime) -> Observation:
        depth = self._depth(target, now)
        reason = script.reason_of(target, depth, now, self._faults)
        read = reason in {None, FailureReason.CHECKSUM_MISMATCH, FailureReason.STALE}
        seconds = script.seconds_of(target, depth, now) if read else 0.1
        if reason is None and depth is Depth.FULL:
            self._proven.add(target.key)
        return Observation(
            "", Probe(target, depth), now, _VERDICTS[reason, depth], _DOWNLOADS[seconds]
        )

    def _depth(self, target: Target, now: datetime) -> Depth:
        daily = (now.hour, now.minute) == (6, 0)
        whole = "windows" not in target.artifact.name or target.key not in self._proven
        return Depth.FULL if whole or daily or now in script.AGAIN_IN_FULL else Depth.RANGE

    async def _scrape(self, due: datetime) -> None:
        day, hourly, last = _day(due), due.minute == 59, script.END - due < 2 * SCRAPE
        eventful, process = day in script.EVENTFUL, self._process
        if day < MONTH and not (eventful or hourly):
            return
        self._move(due)
        if eventful or hourly:
            await process.tick()
        process.metrics.expire()
        for region in process.settings.regions:
            process.store.set(series.PROBER_LAST_CYCLE, (region.name,), due.timestamp())
        if last or (hourly and (eventful or due.hour == 23)):
            await process.look()
        busy = day in script.BUSY
        counted = last or (hourly and (due.hour % 6 == 5 or day == script.DAYS - 1))
        self._backfill.scrape(
            due,
            process.store,
            *STATES,
            *(RELEASES if hourly or busy or last else ()),
            *(COUNTS if counted and day >= MONTH else ()),
            *(LAST if last else ()),
        )

    async def _say(self, said: script.Said) -> None:
        reception = self._process.memory.reception
        match said:
            case Approval():
                await reception.approve(said)
            case Alert():
                await reception.alert(said)
            case Report():
                await reception.report(said)
            case script.Found():
                await reception.post_mortem(await self._post_mortem(said))
            case script.Pointed():
                await self._process.read_marker(script.CDN, said.region, said.version)
            case script.Life.KILLED:
                await self._kill()
            case script.Life.RESTARTED:
                self._backfill.scrape(self._clock.now(), self._process.store, *COUNTS)
                await self._process.end()
                self._lives.remove(self._process)
                await self._begin_again()

    async def _post_mortem(self, found: script.Found) -> PostMortem:
        of = found.of
        incident = await self._incident_of(of) if isinstance(of, int) else of.id
        return PostMortem(incident, found.cause, "none", "", restored_at=found.restored_at)

    async def _incident_of(self, day: int) -> str:
        """Return the id of the incident of which the probe saw the first failure on a day."""
        await self._process.written()
        with open_reading(self._directory) as reading:
            found = reading.incidents(*script.WIDGET, Window(script.BEGIN, script.END))
        [incident] = [
            each
            for each in found
            if each.first_failure_at
            and (each.first_failure_at - script.BEGIN).days == day
            and not each.joined
        ]
        return incident.id

    async def _kill(self) -> None:
        """Go on from the files as they are at this moment."""
        await self._process.written()
        before, self._directory = self._directory, self._directory.with_name("after the kill")
        shutil.copytree(before, self._directory)
        await self._begin_again()

    async def _begin_again(self) -> None:
        configuration = max(
            (since, text) for since, text in script.RELOADS.items() if since <= self._clock.now()
        )[1]
        self._process = Process(self._clock, self._directory, configuration)
        self._lives.append(self._process)
        await self._process.begin()


def _day(moment: datetime) -> int:
    return (moment - script.BEGIN).days


def _scrapes() -> Iterator[datetime]:
    due = script.BEGIN + SCRAPE - BEFORE
    while True:
        yield due
        due += SCRAPE
