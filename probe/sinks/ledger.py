"""Observations and releases to the ledger."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from probe.domain.artifact import Release
from probe.domain.bucket import attempt_of
from probe.domain.evidence import first_listed
from probe.domain.observation import Observation
from probe.domain.snapshot import ProductKey
from probe.domain.target import Product, Region, Target
from probe.ports import Clock, Ledger

_Key = tuple[ProductKey, str]


class LedgerSink:
    """
    Has every attempt counted, and each release kept as it is when it is first probed.

    ``elsewhere`` names the regions that other processes probe from.
    """

    def __init__(self, ledger: Ledger, clock: Clock, elsewhere: Collection[str] = ()) -> None:
        self.elsewhere = elsewhere
        self._ledger = ledger
        self._clock = clock
        self._kept: dict[_Key, Release] = {}

    def record(self, observation: Observation) -> None:
        """Have *observation* counted."""
        self._ledger.record(attempt_of(observation))

    def retarget(self, products: Sequence[Product], targets: Sequence[Target]) -> None:
        """Keep the releases that are new or say something else; end the state of targets gone."""
        self._ledger.plan([target.key for target in targets])
        listed: dict[_Key, Release] = {}
        regions: defaultdict[ProductKey, set[Region]] = defaultdict(set)
        for target in targets:
            key = (target.product, target.release.channel)
            listed[key, target.release.version] = target.release
            regions[key].add(target.region)
        known = {product.key: product for product in products}
        now = self._clock.now()
        entries = [
            first_listed(product, release, regions[key], self.elsewhere, now)
            for (key, version), release in listed.items()
            if self._kept.get((key, version)) != release and (product := known.get(key))
        ]
        if entries:
            self._ledger.submit(*entries)
        self._kept = listed
