"""
Edge or origin? Where a failure at a copy comes from, asked within seconds of it.

A is the attempt that failed; B asks the same copy past its cache; C asks the origin. A bad and B
or C good: the edge. C bad too: the origin.
"""

from collections.abc import Iterable
from dataclasses import replace

from probe.domain.depth import Weight, weight_of
from probe.domain.failure import FailureReason
from probe.domain.observation import Failed, Observation, Origin, Passed, Verdict
from probe.domain.target import Depth, Endpoint, Probe, Product, Target
from probe.domain.watch import origins_of
from probe.engine.prober import Prober
from probe.engine.ration import Ration

# What HEAD does not show, so that an origin that passes it is not cleared.
_IN_THE_BODY = frozenset(
    {
        FailureReason.CHECKSUM_MISMATCH,
        FailureReason.STALE,
        FailureReason.TRUNCATED,
        FailureReason.WRONG_CONTENT,
    }
)


class Diagnosis:
    """Asks around when a copy begins to fail."""

    def __init__(self, prober: Prober, ration: Ration) -> None:
        self._prober = prober
        self._ration = ration
        self._origins: dict[tuple[str, str], tuple[Endpoint, ...]] = {}

    def retarget(self, products: Iterable[Product]) -> None:
        """Take the origins there are."""
        self._origins = {product.key: origins_of(product) for product in products}

    async def origin_of(self, observation: Observation) -> Origin:
        """Return where the failure of *observation* comes from, as far as can be told."""
        target = observation.probe.target
        if not isinstance(observation.verdict, Failed) or not target.endpoint.kind.caches:
            return Origin.UNKNOWN
        reason = observation.verdict.failure.reason
        if target.endpoint.cache_key_query:
            past_cache = replace(target, endpoint=_past_cache(target.endpoint, observation.id))
            if _clears(await self._ask(past_cache), reason):
                return Origin.EDGE
        origin = self._origin(target)
        if origin is None:
            return Origin.UNKNOWN
        answer = await self._ask(replace(target, endpoint=origin, address=""))
        if isinstance(answer.verdict, Failed):
            return Origin.ORIGIN
        return Origin.EDGE if _clears(answer, reason) else Origin.UNKNOWN

    def _origin(self, target: Target) -> Endpoint | None:
        region = target.region.name
        for endpoint in self._origins.get((target.product, target.release.channel), ()):
            reachable = not endpoint.regions or region in endpoint.regions
            if reachable and endpoint.name != target.endpoint.name:
                return endpoint
        return None

    async def _ask(self, target: Target) -> Observation:
        whole = weight_of(target) is Weight.SMALL
        size = target.byte_limit or target.endpoint.full_below_bytes
        whole = whole and self._ration.reserve(target, size)
        answer = await self._prober.attempt(Probe(target, Depth.FULL if whole else Depth.HEAD))
        if whole:
            self._ration.settle(target, size, answer.download.bytes_received, Weight.SMALL)
        return answer


def _clears(answer: Observation, reason: FailureReason) -> bool:
    verdict: Verdict = answer.verdict
    deep = answer.probe.depth is Depth.FULL
    return isinstance(verdict, Passed) and (deep or reason not in _IN_THE_BODY)


def _past_cache(endpoint: Endpoint, unique: str) -> Endpoint:
    mark = "&" if "?" in endpoint.url else "?"
    return replace(endpoint, url=f"{endpoint.url}{mark}probe={unique}")
