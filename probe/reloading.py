"""Reading the configuration again while the service runs; a bad one changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from probe.answers import as_aims, promised
from probe.domain.fault import Fault
from probe.ports import Clock, Metrics
from probe.series import CONFIG_RELOAD_SUCCESSFUL, CONFIG_RELOAD_TIMESTAMP
from probe.settings import ConfiguredProduct, Promise, Settings

Read = Callable[[], Settings | tuple[Fault, ...]]
"""Reads the configuration again; blocks."""

Apply = Callable[[Settings], Awaitable[None]]
"""Does what other settings say from here on."""

Examine = Callable[[Sequence[Promise]], Mapping[Promise, Fault]]
"""Returns the promises that may not be made yet, and why; blocks."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReloadSeries:
    """Shows whether the configuration is the one that was last read."""

    metrics: Metrics
    clock: Clock

    def succeeded(self) -> None:
        """Show that it is."""
        self.metrics.set(CONFIG_RELOAD_SUCCESSFUL)
        self.metrics.set(CONFIG_RELOAD_TIMESTAMP, (), self.clock.now().timestamp())

    def failed(self) -> None:
        """Show that it is not."""
        self.metrics.set(CONFIG_RELOAD_SUCCESSFUL, (), 0.0)


class Reloader:
    """
    Reads the configuration again and puts it into force.

    An SLA is one as soon as it has its history as an SLO. Until then one that is new is refused,
    and one with which the service was started counts as an SLO: neither a young ledger nor a lost
    one stops a service.
    """

    def __init__(
        self, settings: Settings, read: Read, apply: Apply, examine: Examine, series: ReloadSeries
    ) -> None:
        self.settings = settings
        self._read = read
        self._apply = apply
        self._examine = examine
        self._series = series
        self._reading = asyncio.Lock()
        series.succeeded()

    async def begin(self) -> None:
        """Examine what is promised, once the ledger can be read."""
        faults = await asyncio.to_thread(self._examine, self.settings.promises)
        for fault in faults.values():
            _log.warning("an SLA counts as an SLO", fault=str(fault))
        self.settings = as_aims(self.settings, faults)

    async def __call__(self) -> tuple[str, ...]:
        """Return the faults that kept the old configuration in force; none if it was taken."""
        async with self._reading:
            read = await asyncio.to_thread(self._read)
            if not isinstance(read, Settings):
                return self._refuse(read)
            faults = await asyncio.to_thread(self._examine, read.promises)
            known = self.settings.promises
            if new := [fault for promise, fault in faults.items() if promise not in known]:
                return self._refuse(new)
            await self._take(read, faults)
            return ()

    def products(self) -> Sequence[ConfiguredProduct]:
        """Return what is configured, by what is in force."""
        return self.settings.products

    async def _take(self, read: Settings, faults: Mapping[Promise, Fault]) -> None:
        changed = read.content_hash != self.settings.content_hash
        # What was promised stays so, though a ledger cannot be read.
        kept = promised(self.settings)
        self.settings = as_aims(read, [each for each in faults if each not in kept])
        if changed:
            await self._apply(self.settings)
        _log.info("configuration read", changed=changed)
        self._series.succeeded()

    def _refuse(self, faults: Sequence[Fault]) -> tuple[str, ...]:
        lines = tuple(map(str, faults))
        self._series.failed()
        _log.error("configuration refused, the old one stays in force", faults=lines)
        return lines
