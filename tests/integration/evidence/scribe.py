"""
A process that records at load and tells what it was told is kept, until its parent kills it.

It sends tuples: ``("recorded", count, ms)`` when so many attempts are handed over,
``("seen", name, first_at)`` when a first sight is announced, ``("kept", record)`` when an incident
is on the disk.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from probe.clock import SystemClock
from probe.domain.bucket import Attempt
from probe.domain.evidence import Sighting
from probe.domain.moment import to_ms
from probe.domain.target import Depth, Target
from probe.evidence import Ledger
from tests.builders import NOON, a_release, a_target, an_artifact
from tests.ledgers import INCIDENT, TIMEOUT

TARGETS = 40
ROUND_SECONDS = 0.01
INCIDENT_SECONDS = 0.7
EPOCH_MS = 2 * 3_600_000
LONGEST_SECONDS = 60.0


def scribe(directory: str, epoch: int, parent: "Connection[tuple[object, ...], None]") -> None:
    """Record into the ledger in *directory* as version *epoch*."""
    asyncio.run(_Scribe(Path(directory), epoch, parent).run())


class _Scribe:
    def __init__(
        self, directory: Path, epoch: int, parent: "Connection[tuple[object, ...], None]"
    ) -> None:
        self._clock = SystemClock()
        self._ledger = Ledger(directory, self._clock)
        self._epoch = epoch
        self._parent = parent

    async def run(self) -> None:
        self._ledger.start(self._announce)
        async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as group:
            group.create_task(self._record())
            # To keep an incident commits all that waits: half the lives go without.
            if self._epoch % 2:
                group.create_task(self._keep_incidents())

    def _announce(self, sightings: Sequence[Sighting]) -> None:
        for sighting in sightings:
            self._parent.send(("seen", sighting.name, sighting.first_at))

    async def _record(self) -> None:
        targets = [self._target(number) for number in range(TARGETS)]
        at_ms, count = to_ms(NOON) + self._epoch * EPOCH_MS, 0
        while True:
            for target in targets[: 10 + count // 50]:
                at_ms += 100
                count += 1
                fault = None if count % 7 else TIMEOUT
                self._ledger.record(
                    Attempt(target, at_ms, Depth.FULL, fault is None, fault, 0.5, 1)
                )
            self._parent.send(("recorded", count, self._clock.monotonic()))
            await self._clock.sleep(ROUND_SECONDS)

    async def _keep_incidents(self) -> None:
        number = 0
        while True:
            number += 1
            opened = replace(INCIDENT, id=f"{self._epoch}-{number}")
            for record in (opened, replace(opened, restored_at=NOON)):
                assert await self._ledger.keep(record)
                self._parent.send(("kept", record))
            await self._clock.sleep(INCIDENT_SECONDS)

    def _target(self, number: int) -> Target:
        artifact = an_artifact(f"w{number}.tar.gz")
        release = a_release(f"1.{self._epoch}", artifact)
        return a_target(release=release, artifact=artifact)
