"""What a Prometheus knows of a product over all regions, as facts."""

from collections.abc import Mapping
from dataclasses import dataclass

from probe.domain.artifact import AssetClass
from probe.domain.evidence import LastHeard, Pair, SightedKind
from probe.domain.propagation import Rollout
from probe.domain.target import Product
from probe.kpi.central.inquiry import LOOKBACK, Findings
from probe.kpi.central.rollouts import rollouts_of
from probe.kpi.central.targets import targets_heard
from probe.kpi.hearing import Asked, Hearing, hearing, last_heard_of, probed_pairs


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What is known of one version, or of all and for ``heard`` of the newest.

    ``rollouts`` are of files and of pointers, of the newest release first. ``silent`` are the pairs
    that should be probed and were not heard of for an hour, ``probed`` all that should.
    """

    heard: tuple[LastHeard, ...] = ()
    rollouts: tuple[Rollout, ...] = ()
    silent: tuple[Pair, ...] = ()
    probed: tuple[Pair, ...] = ()

    @property
    def of_files(self) -> Mapping[str, Rollout]:
        """Return how far the files of each release have come, by version, the newest first."""
        return {each.version: each for each in self.rollouts if each.kind is SightedKind.ASSET}

    def hearing(self, product: Product, asked: Asked) -> Hearing:
        """Return how fresh it is. While a pair is silent, nothing is: it may hide the worst."""
        found = hearing(self.heard, product, asked)
        return Hearing(None, found.regions, _silence(self.silent)) if self.silent else found


def facts_of(
    findings: Findings, product: Product, asked: Asked, classes: Mapping[str, AssetClass]
) -> Facts:
    """Return what *findings* say; *classes* are those of files, by name, where they are known."""
    heard = targets_heard(findings, product, asked.now, classes)
    lasts = last_heard_of(heard, product, asked.regions)
    regions = asked.regions or sorted({pair.region for pair in lasts})
    probed = probed_pairs(product, regions)
    return Facts(
        heard,
        rollouts_of(findings, product, asked.regions, heard),
        tuple(pair for pair in probed if asked.regions and pair not in lasts),
        probed,
    )


def _silence(pairs: tuple[Pair, ...]) -> str:
    first = min(pairs)
    more = f" and {len(pairs) - 1} more" if len(pairs) > 1 else ""
    minutes = LOOKBACK.total_seconds() / 60
    return f"nothing was heard of {first.endpoint} from {first.region}{more} for {minutes:.0f} min"
