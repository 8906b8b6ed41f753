"""The prober: one attempt from the request to the record, whatever happens on the way."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from secrets import token_hex
from typing import Protocol

import structlog

from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.judge import judge
from probe.domain.observation import Download, Failed, Inconclusive, Observation, Verdict
from probe.domain.request import request_for
from probe.domain.target import Probe, Region, Target
from probe.domain.text import clean
from probe.engine.conversation import Conversation
from probe.ports import Auth, Clock, Fetcher, SecretUnavailable

_log = structlog.get_logger(__name__)

PairKey = tuple[str, str, str]

_NOTHING = Download(url="")


class Excuses(Protocol):
    """Knows of faults of our own network."""

    async def excuse(self, region: Region, failure: Failure, since: float) -> Failure | None:
        """Return what of our own explains *failure*, seen in an attempt begun at *since*."""


class Overload(Protocol):
    """Knows whether this process kept up."""

    def overloaded(self, since: float) -> bool:
        """Tell whether it did not, at some moment after *since*."""


def pair_key(target: Target) -> PairKey:
    """Return what names the endpoint of *target*: product, channel, endpoint."""
    return (target.product, target.release.channel, target.endpoint.name)


class ProbeIds:
    """Short names of attempts that sort by time: milliseconds, a counter, and this process."""

    def __init__(self) -> None:
        self._numbers = count()
        self._process = token_hex(3)

    def next(self, at: datetime) -> str:
        """Return the name of an attempt begun *at*: 21 characters of lower-case hexadecimal."""
        number = next(self._numbers) & 0xFFFF
        return f"{int(at.timestamp() * 1000):011x}{number:04x}{self._process}"


class Prober:
    """
    Makes attempts. Its boundary lets no bug through: a bug says nothing about the artifact.

    ``auths`` names how to authenticate, by product, channel and endpoint; without entry: not.
    """

    def __init__(
        self, *, fetcher: Fetcher, clock: Clock, uplink: Excuses, overload: Overload
    ) -> None:
        self.auths: Mapping[PairKey, Auth] = {}
        self._conversation = Conversation(fetcher, clock)
        self._clock = clock
        self._uplink = uplink
        self._overload = overload
        self._ids = ProbeIds()

    async def attempt(self, probe: Probe) -> Observation:
        """Return what one attempt shows; raises only ``CancelledError``."""
        started_at, started = self._clock.now(), self._clock.monotonic()
        download = _NOTHING
        verdict: Verdict
        try:
            auth = self.auths.get(pair_key(probe.target))
            download = await self._conversation.hold(request_for(probe), auth)
            verdict = await self._verdict(probe, download, started)
        except SecretUnavailable as unavailable:
            verdict = _internal(Phase.AUTH, clean(str(unavailable)))
        except Exception as bug:  # noqa: BLE001 - the prober's boundary: bugs become a verdict
            _log.exception("attempt failed by a bug", target=probe.target.key)
            verdict = _internal(Phase.WAIT, type(bug).__name__)
        return self._observation(probe, started_at, verdict, download)

    def cancelled(self, probe: Probe, started_at: datetime) -> Observation:
        """Return the record of an attempt that was cut off on our side."""
        failure = Failure(FailureReason.CANCELLED, Phase.WAIT, "the prober stopped")
        return self._observation(probe, started_at, Inconclusive(failure), _NOTHING)

    async def _verdict(self, probe: Probe, download: Download, started: float) -> Verdict:
        verdict = judge(probe, download)
        if isinstance(verdict, Inconclusive):
            return verdict
        if self._overload.overloaded(started):
            phase = verdict.failure.phase if isinstance(verdict, Failed) else Phase.TRANSFER
            return Inconclusive(Failure(FailureReason.OVERLOAD, phase, "the event loop came late"))
        if isinstance(verdict, Failed):
            ours = await self._uplink.excuse(probe.target.region, verdict.failure, started)
            return Inconclusive(ours) if ours else verdict
        return verdict

    def _observation(
        self, probe: Probe, started_at: datetime, verdict: Verdict, download: Download
    ) -> Observation:
        return Observation(self._ids.next(started_at), probe, started_at, verdict, download)


def _internal(phase: Phase, detail: str) -> Verdict:
    return Inconclusive(Failure(FailureReason.INTERNAL, phase, detail))
