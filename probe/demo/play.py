"""The script, played on the world in front of an audience."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from probe.demo.release import BEFORE, LATEST
from probe.demo.script import SCRIPT, Act, Fault
from probe.ports import Clock

PATIENCE_SECONDS = 45.0

_TICK_SECONDS = 0.1


class Stagehand(Protocol):
    """Makes things go wrong, and right again."""

    async def publish(self, version: str) -> None:
        """Publish a release."""

    async def inject(self, fault: Fault) -> None:
        """Begin a trouble."""

    async def repair(self, fault: Fault) -> None:
        """End a trouble."""


class Audience(Protocol):
    """Is told what the script does, and says what has been noticed of it."""

    def opened(self, act: Act) -> None:
        """Take note that an act begins."""

    def current(self, version: str) -> None:
        """Take note of what is the current release."""

    def injected(self, fault: Fault) -> None:
        """Take note that a fault begins."""

    def repaired(self, fault: Fault) -> None:
        """Take note that a fault has been mended."""

    def ended(self) -> None:
        """Take note that the script is over."""

    def found(self, fault: Fault) -> bool:
        """Tell whether the fault has been noticed for what it is."""

    def recovered(self, fault: Fault) -> bool:
        """Tell whether its end has been noticed."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """How fast the script goes: ``speed`` divides every duration of it."""

    clock: Clock
    speed: float = 1.0

    async def hold(
        self, seconds: float, faults: Iterable[Fault], noticed: Callable[[Fault], bool]
    ) -> None:
        """Wait for *seconds*, then until all *faults* are noticed or patience ends."""
        await self.clock.sleep(seconds / self.speed)
        give_up = self.clock.monotonic() + PATIENCE_SECONDS
        while self.clock.monotonic() < give_up and not all(map(noticed, faults)):
            await self.clock.sleep(_TICK_SECONDS)


async def play(
    world: Stagehand, audience: Audience, tempo: Tempo, script: Iterable[Act] = SCRIPT
) -> None:
    """
    Play the script.

    A fault stays until it is found, and the next act waits until all have recovered; after
    ``PATIENCE_SECONDS`` the script goes on without.
    """
    audience.current(BEFORE)
    for act in script:
        audience.opened(act)
        for fault in act.faults:
            await world.inject(fault)
            audience.injected(fault)
        if act.publishes:
            await world.publish(LATEST)
            audience.current(LATEST)
        await tempo.hold(act.hold_seconds, act.faults, audience.found)
        for fault in act.faults:
            await world.repair(fault)
            audience.repaired(fault)
        await tempo.hold(act.calm_seconds, act.faults, audience.recovered)
    audience.ended()
