"""How a product is delivered now, by its configuration and its evidence of a quarter."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from probe.domain.basis import Basis, Way
from probe.domain.failure import FailureReason
from probe.domain.gate import Objective
from probe.domain.target import Product
from probe.kpi.evidence import Asset, Evidence, Signed

MONTH = timedelta(days=30)

_REFUSED = (FailureReason.AUTH_DENIED, FailureReason.AUTH_EXPIRED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A product as it is configured, with all regions that there are, and what is asked of it."""

    product: Product
    regions: Collection[str]
    objectives: Collection[Objective]


def basis_of(
    delivery: Delivery, evidence: Evidence, heard_since: datetime | None, cached: Iterable[str]
) -> Basis:
    """
    Return the basis of a review now.

    *evidence* is of the last 90 days, *heard_since* when the ledger begins, *cached* names the
    endpoints at which a cache was seen.
    """
    product = delivery.product
    assets = [asset for release in evidence.releases for asset in release.distributable]
    kinds = {each.name: each.kind for each in product.endpoints}
    return Basis(
        targets={each.kpi: each.target for each in delivery.objectives},
        ways={
            each.name: Way(each.kind, each.auth_mode, each.required) for each in product.endpoints
        },
        regions=frozenset(
            region
            for each in product.endpoints
            if each.required
            for region in each.regions or delivery.regions
        ),
        platforms=_platforms(product, evidence),
        size_p95_bytes=_large(assets),
        releases_a_month=_rate(evidence, heard_since),
        signed=any(each.signed is Signed.VERIFIED for each in assets),
        attested=any(each.attested for each in assets),
        cached=frozenset(each for each in cached if each in kinds and not kinds[each].caches),
        refused=_refused(product, evidence),
    )


def _platforms(product: Product, evidence: Evidence) -> frozenset[str]:
    newest = max(evidence.releases, key=lambda each: each.published_at, default=None)
    built = {each.artifact.platform for each in newest.distributable} if newest else set()
    return frozenset(map(str, {*product.platforms, *built} - {None}))


def _large(assets: Iterable[Asset]) -> int | None:
    sizes = sorted(each.artifact.size_bytes or 0 for each in assets)
    return sizes[ceil(0.95 * len(sizes)) - 1] if sizes else None


def _rate(evidence: Evidence, heard_since: datetime | None) -> float | None:
    """Return releases a month, over the time in which they were listed as they came."""
    since, until = evidence.window.since, evidence.window.until
    since = max(since, heard_since) if heard_since is not None else until
    if until - since < MONTH:
        return None
    listed = sum(each.published_at >= since for each in evidence.releases)
    return listed / ((until - since) / MONTH)


def _refused(product: Product, evidence: Evidence) -> frozenset[str]:
    known = {each.name for each in product.endpoints if each.auth_mode == "none"}
    return frozenset(
        segment.endpoint
        for segment, tally in evidence.tallies.items()
        if segment.auth_mode == "none"
        and segment.endpoint in known
        and any(reason in _REFUSED for reason, _ in tally.faults)
    )
