"""
The write path of the service under load, in a process that tells what it shows until it is killed.

After each round it sends how many attempts were handed over, the time, and what its series say:
``(count, monotonic, incidents, first_available)``.
"""

import asyncio
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from probe import series
from probe.clock import SystemClock
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import Download, Failed, Observation, Passed, Proof, Timings
from probe.domain.target import Depth, Probe, Target
from probe.engine.assignment import Assignment
from probe.engine.refresh import Feed
from probe.memory import Memory, Surroundings, remembering
from probe.process import Process
from probe.settings import Settings
from probe.settings.load import parse
from tests.builders import a_release, a_target, an_artifact
from tests.fakes.clock import FakeClock
from tests.fakes.fetcher import FakeFetcher
from tests.fakes.metrics import FakeMetrics
from tests.fakes.ticker import FakeTicker
from tests.integration.evidence import story
from tests.unit.engine.world import FakeSource

ROUND_SECONDS = 0.01
LONGEST_SECONDS = 60.0

CDN, ORIGIN, REGION = "cdn", "origin", "eu-west-1"
_CONFIGURATION = f"""\
regions: [{{name: {REGION}}}]
products:
  - name: widget
    source: {{kind: manifest, url: "https://example.com/manifest.json"}}
    endpoints:
      - {{name: {ORIGIN}, kind: repository, url: "https://origin.example.com/{{name}}"}}
      - {{name: {CDN}, kind: cdn, url: "https://cdn.example.com/{{name}}", required: false}}
""".encode()

Tell = tuple[int, float, float, float | None]

_DOWNLOAD = Download(url="", timings=Timings(transfer=0.5), bytes_received=1)
_PASSED = Passed(Proof.DIGEST)
_LOST = Failed(Failure(FailureReason.TIMEOUT, Phase.WAIT))
_MISSED = Failed(Failure(FailureReason.NOT_FOUND, Phase.WAIT))


def scribe(directory: str, epoch: int, parent: "Connection[Tell, None]") -> None:
    """Live through *epoch* with the ledger in *directory*."""
    asyncio.run(_Scribe(Path(directory), epoch, parent).run())


class _Clock(SystemClock):
    """Tells the time of the story, and lets that of the machine pass."""

    def __init__(self, epoch: int) -> None:
        self.at = story.span_of(epoch).since

    def now(self) -> datetime:
        return self.at


class _Scribe:
    def __init__(self, directory: Path, epoch: int, parent: "Connection[Tell, None]") -> None:
        self._directory = directory
        self._epoch = epoch
        self._parent = parent
        self._clock = _Clock(epoch)
        self._metrics = FakeMetrics()

    async def run(self) -> None:
        settings = parse(_CONFIGURATION, "probe.yaml")
        assert isinstance(settings, Settings)
        fakes = (FakeFetcher(), FakeTicker(FakeClock()))
        around = Surroundings(self._clock, self._metrics, *fakes)
        process = Process(data_dir=self._directory)
        async with (
            remembering(process, around, settings) as memory,
            asyncio.timeout(LONGEST_SECONDS),
            asyncio.TaskGroup() as group,
        ):
            targets = self._plan(memory, settings)
            group.create_task(self._tick(memory))
            group.create_task(self._record(memory, targets))

    def _plan(self, memory: Memory, settings: Settings) -> dict[str, Target]:
        [product] = [each.product for each in settings.products]
        begin = story.span_of(self._epoch).since
        releases = [
            a_release(version, *map(an_artifact, files), published_at=published_at)
            for version, files, published_at in (
                (story.version_of(self._epoch), story.NEW, begin),
                (story.OLD_VERSION, story.OLD, story.span_of(-1).since),
            )
        ]
        places = zip(releases, product.endpoints, strict=True)
        targets = {
            artifact.name: a_target(artifact=artifact, release=release, endpoint=endpoint)
            for release, endpoint in places
            for artifact in release.artifacts
        }
        feed = Feed(product, FakeSource(), "script")
        memory.reassign(Assignment(feeds=(feed,), regions=settings.regions), settings)
        memory.book.listed(product, releases, releases)
        for sink in memory.target_sinks:
            sink.retarget((product,), tuple(targets.values()))
        return targets

    async def _tick(self, memory: Memory) -> None:
        # As often as the service does.
        while True:
            await self._clock.sleep(1.0)
            await memory.tick()

    async def _record(self, memory: Memory, targets: dict[str, Target]) -> None:
        count = 0
        for tries in story.rounds(self._epoch):
            for each in tries:
                self._clock.at = each.ended_at
                for sink in memory.sinks:
                    sink.record(_observation(each, targets[each.file]))
            count += len(tries)
            self._parent.send((count, self._clock.monotonic(), *self._shown()))
            await self._clock.sleep(ROUND_SECONDS)

    def _shown(self) -> tuple[float, float | None]:
        incidents = sum(
            value
            for (name, _), value in self._metrics.values.items()
            if name == series.INCIDENTS.name
        )
        place = ("widget", "stable", story.version_of(self._epoch), ORIGIN, REGION, "asset")
        return incidents, self._metrics.value(series.RELEASE_FIRST_AVAILABLE, *place)


def _observation(each: story.Try, target: Target) -> Observation:
    failed = _LOST if each.file in story.OLD else _MISSED
    verdict = _PASSED if each.passes else failed
    return Observation("", Probe(target, Depth.FULL), each.started_at, verdict, _DOWNLOAD)
