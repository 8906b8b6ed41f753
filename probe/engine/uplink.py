"""
Does our own way out work? Asked of control targets, at intervals and whenever a probe fails.

An artifact is not blamed for what the prober's own network did (kpis: reasons ``uplink`` and
``resolver``).
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from probe.domain.failure import Failure, FailureReason
from probe.domain.observation import Download
from probe.domain.request import Request
from probe.domain.target import Endpoint, EndpointKind, Limits, Region
from probe.ports import Clock, Fetcher, Metrics, Ticker
from probe.series import PROBER_CONTROL_UP

INTERVAL_SECONDS = 30.0
# Probes that fail together share one answer; an older one says nothing about them.
FRESH_SECONDS = 2.0
_LIMITS = Limits(
    connect_seconds=3.0,
    first_byte_seconds=5.0,
    stall_seconds=5.0,
    total_seconds=8.0,
    minimum_rate=0.0,
)
_SUSPECT = frozenset(
    {
        FailureReason.DNS,
        FailureReason.CONNECT,
        FailureReason.TLS,
        FailureReason.TIMEOUT,
        FailureReason.PROTOCOL,
        FailureReason.AUTH_IDP,
    }
)


@dataclass(frozen=True, slots=True)
class WayOut:
    """What the control targets showed: whether one answered, and whether their names resolve."""

    answers: bool = True
    resolves: bool = True


def is_suspect(failure: Failure) -> bool:
    """Tell whether a dead way out could have caused *failure*."""
    return failure.reason in _SUSPECT


def excuse(failure: Failure, way: WayOut) -> Failure | None:
    """Return the failure of our own that explains *failure*; ``None`` if there is none."""
    if failure.reason is FailureReason.DNS and not way.resolves:
        return _ours(FailureReason.RESOLVER, failure)
    if not way.answers and is_suspect(failure):
        return _ours(FailureReason.UPLINK, failure)
    return None


def _ours(reason: FailureReason, failure: Failure) -> Failure:
    seen = f"{failure.reason}: {failure.detail}" if failure.detail else str(failure.reason)
    return Failure(reason, failure.phase, seen)


@dataclass(slots=True)
class _Evidence:
    region: Region
    way: WayOut = WayOut()
    begun: float = float("-inf")
    bad: WayOut = WayOut()
    bad_at: float = float("-inf")
    flight: asyncio.Task[None] | None = field(default=None)


class Uplink:
    """The state of each region's way out. Without control targets it is taken to work."""

    def __init__(self, fetcher: Fetcher, clock: Clock, metrics: Metrics) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._metrics = metrics
        self._controls: tuple[str, ...] = ()
        self._regions: dict[str, _Evidence] = {}

    def start(self, ticker: Ticker) -> None:
        """Begin to ask at intervals."""
        ticker.every("control targets", INTERVAL_SECONDS, self.ask_all)

    def reassign(self, regions: Iterable[Region], controls: Sequence[str]) -> None:
        """Take the regions to leave from and the URLs to ask."""
        asked_same = self._controls == tuple(controls)
        self._controls = tuple(controls)
        known = self._regions
        self._regions = {}
        for region in regions:
            evidence = known.pop(region.name, None)
            same = evidence is not None and asked_same and evidence.region == region
            self._regions[region.name] = evidence if same and evidence else _Evidence(region)
            if not self._controls:
                self._metrics.set(PROBER_CONTROL_UP, (region.name,), 1.0)
        for name in known.keys() - self._regions.keys():
            self._metrics.remove(PROBER_CONTROL_UP, (name,))

    async def ask_all(self) -> None:
        """Ask the control targets from every region."""
        if self._controls:
            await asyncio.gather(*(self._fly(each) for each in self._regions.values()))

    async def excuse(self, region: Region, failure: Failure, since: float) -> Failure | None:
        """
        Return what of our own explains a *failure* just seen in an attempt begun at *since*.

        Asks the control targets at once unless that was done a moment ago.
        """
        evidence = self._regions.get(region.name)
        if evidence is None or not self._controls or not is_suspect(failure):
            return None
        if evidence.bad_at >= since and (ours := excuse(failure, evidence.bad)):
            return ours
        if evidence.flight or self._clock.monotonic() - evidence.begun > FRESH_SECONDS:
            await self._fly(evidence)
        return excuse(failure, evidence.way)

    async def close(self) -> None:
        """End what is under way."""
        flights = [each.flight for each in self._regions.values() if each.flight]
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    async def _fly(self, evidence: _Evidence) -> None:
        if evidence.flight is None:
            evidence.flight = asyncio.ensure_future(self._ask(evidence))
        # One attempt that is cancelled must not take the answer from the others.
        await asyncio.shield(evidence.flight)

    async def _ask(self, evidence: _Evidence) -> None:
        evidence.begun = self._clock.monotonic()
        try:
            evidence.way = await self._way_out(evidence.region)
        finally:
            evidence.flight = None
        if evidence.way != WayOut():
            evidence.bad, evidence.bad_at = evidence.way, self._clock.monotonic()
        if self._regions.get(evidence.region.name) is not evidence:
            return
        up = 1.0 if evidence.way.answers else 0.0
        self._metrics.set(PROBER_CONTROL_UP, (evidence.region.name,), up)

    async def _way_out(self, region: Region) -> WayOut:
        asked = {
            asyncio.ensure_future(self._fetcher.fetch(_request(url, region))): _has_name(url)
            for url in self._controls
        }
        pending = set(asked)
        named = any(asked.values())
        answers, resolves = False, not named
        try:
            while pending and not (answers and resolves):
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for each in done:
                    answers = answers or _answered(each.result())
                    resolves = resolves or (asked[each] and _resolved(each.result()))
        finally:
            for each in pending:
                each.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        return WayOut(answers, resolves)


def _request(url: str, region: Region) -> Request:
    endpoint = Endpoint("control", EndpointKind.MIRROR, url, limits=_LIMITS, allow_downgrade=True)
    return Request(url, endpoint, region.egress, method="HEAD", byte_limit=4096)


def _answered(download: Download) -> bool:
    return download.status is not None or bool(download.hops)


def _resolved(download: Download) -> bool:
    failure = download.failure
    return _answered(download) or failure is None or failure.reason is not FailureReason.DNS


def _has_name(url: str) -> bool:
    try:
        ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return True
    return False
