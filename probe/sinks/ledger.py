"""Observations and releases to the ledger."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from probe.domain.artifact import Release
from probe.domain.bucket import attempt_of
from probe.domain.evidence import first_listed
from probe.domain.observation import Observation
from probe.domain.republished import republished
from probe.domain.snapshot import ProductKey
from probe.domain.target import Product, Region, Target
from probe.ports import Clock, Ledger


class LedgerSink:
    """
    Has every attempt counted, and each release kept as its catalog lists it.

    ``regions`` are those that this process probes from, ``elsewhere`` names those of others.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self.regions: Collection[Region] = ()
        self.elsewhere: Collection[str] = ()
        self._ledger = ledger
        self._clock = clock
        self._kept: dict[ProductKey, dict[str, Release]] = {}

    def restore(self, releases: Mapping[ProductKey, Iterable[Release]]) -> None:
        """Know what the ledger holds; to be called before anything else."""
        self._kept = {
            key: {each.version: each for each in known} for key, known in releases.items()
        }

    def record(self, observation: Observation) -> None:
        """Have *observation* counted."""
        self._ledger.record(attempt_of(observation))

    def retarget(self, products: Sequence[Product], targets: Sequence[Target]) -> None:  # noqa: ARG002 as its port has it
        """End the state of targets that are gone."""
        self._ledger.plan([target.key for target in targets])

    def listed(
        self, product: Product, kept: Sequence[Release], remembered: Sequence[Release]
    ) -> None:
        """Keep the releases that are new, and those that say something else than they did."""
        before = self._kept.setdefault(product.key, {})
        wanted = [*kept, *(each for each in remembered if each.version in before)]
        changed = {each.version: each for each in wanted if before.get(each.version) != each}
        now = self._clock.now()
        anew = [
            event
            for version, each in changed.items()
            if version in before
            for event in republished(product.name, before[version], each, now)
        ]
        before.update(changed)
        self._kept[product.key] = {
            each.version: each for each in remembered if each.version in before
        }
        entries = [
            first_listed(product, each, self.regions, self.elsewhere, now)
            for each in changed.values()
        ]
        if entries:
            self._ledger.submit(*entries, *anew)
