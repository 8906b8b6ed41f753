"""Notes the first answer of a cache at an endpoint that is none, so that a review hears of it."""

from probe.domain.basis import CACHE
from probe.domain.evidence import Event
from probe.domain.observation import Cache, Observation
from probe.domain.told import told_id
from probe.ports import Clock, Ledger

_BY = "probe"


class CacheSink:
    """Keeps one event for each such endpoint; its detail is the endpoint's name."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._noted: set[tuple[str, str, str]] = set()

    def record(self, observation: Observation) -> None:
        """Look at who answered."""
        if observation.download.cache is Cache.UNKNOWN:
            return
        target = observation.probe.target
        if target.endpoint.kind.caches:
            return
        place = (target.product, target.release.channel, target.endpoint.name)
        if place in self._noted:
            return
        self._noted.add(place)
        product, channel, endpoint = place
        self._ledger.submit(
            Event(
                id=told_id(CACHE, *place),
                kind=CACHE,
                product=product,
                channel=channel,
                version=target.release.version,
                at=self._clock.now(),
                actor=_BY,
                detail=endpoint,
            )
        )
