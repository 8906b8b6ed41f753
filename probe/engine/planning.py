"""From the snapshot to targets: the plan of each product, with addresses where each is probed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from probe.domain.artifact import Release
from probe.domain.schedule import shard_of
from probe.domain.snapshot import ProductKey, Snapshot, plan
from probe.domain.target import AddressFamily, Product, Region, Target
from probe.domain.watch import artifact_key
from probe.ports import Resolver

Host = tuple[str, str, AddressFamily]
Releases = tuple[Release, ...]


@dataclass(frozen=True, slots=True)
class Shard:
    """Which part of all targets is this process's own: number *index* of *total*."""

    index: int = 0
    total: int = 1

    def owns(self, target: Target) -> bool:
        """Tell whether *target* is in this part."""
        # By artifact: who probes a copy must see its origin, or would hold the copy back in vain.
        return self.total == 1 or shard_of("/".join(artifact_key(target)), self.total) == self.index


Basis = tuple[Product, Releases, Releases, tuple[Region, ...], Shard]


class Planner:
    """Keeps the plan of each product, so that a change of one leaves the others as they are."""

    def __init__(self, resolver: Resolver) -> None:
        self.regions: tuple[Region, ...] = ()
        self.shard = Shard()
        self._resolver = resolver
        self._addresses: dict[Host, tuple[str, ...]] = {}
        self._plans: dict[ProductKey, tuple[Target, ...]] = {}
        self._bases: dict[ProductKey, Basis] = {}

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return every target there should be."""
        return tuple(target for targets in self._plans.values() for target in targets)

    async def plan(self, products: Sequence[Product], snapshot: Snapshot) -> bool:
        """Plan *products* again; tell whether anything is other than before."""
        changed = False
        for product in products:
            if await self._plan(product, snapshot):
                changed = True
                # Many products at once must not stall what is being measured.
                await asyncio.sleep(0)
        return changed

    def keep(self, products: Sequence[Product]) -> bool:
        """Drop the plans of all other products; tell whether there were any."""
        kept = {product.key for product in products}
        gone = self._plans.keys() - kept
        for key in gone:
            del self._plans[key], self._bases[key]
        return bool(gone)

    async def _plan(self, product: Product, snapshot: Snapshot) -> bool:
        key = product.key
        basis = (
            product,
            snapshot.kept.get(key, ()),
            snapshot.history.get(key, ()),
            self.regions,
            self.shard,
        )
        same = self._bases.get(key) == basis
        resolves = any(endpoint.every_address for endpoint in product.endpoints)
        if same and not resolves:
            return False
        targets = await self._planned(product, snapshot)
        if same and _keys(targets) == _keys(self._plans[key]):
            return False
        self._bases[key], self._plans[key] = basis, targets
        return True

    async def _planned(self, product: Product, snapshot: Snapshot) -> tuple[Target, ...]:
        planned = plan((product,), snapshot, self.regions)
        targets = [target for target in planned if self.shard.owns(target)]
        await self._resolve(targets)
        return tuple(each for target in targets for each in self._pinned(target))

    async def _resolve(self, targets: Sequence[Target]) -> None:
        hosts = {_host(target): target for target in targets if _is_pinned(target)}
        await asyncio.gather(*(self._ask(host, target) for host, target in hosts.items()))

    async def _ask(self, host: Host, target: Target) -> None:
        name, _, family = host
        try:
            found = await self._resolver.addresses(name, target.region.egress)
        except OSError:
            return
        self._addresses[host] = tuple(each for each in found if _is_of(family, each))

    def _pinned(self, target: Target) -> Sequence[Target]:
        if not _is_pinned(target):
            return (target,)
        addresses = self._addresses.get(_host(target), ())
        return [replace(target, address=each) for each in addresses] or (target,)


def _is_pinned(target: Target) -> bool:
    # A forward proxy resolves by itself.
    return target.endpoint.every_address and not target.region.egress.proxy


def _keys(targets: Sequence[Target]) -> list[str]:
    return [target.key for target in targets]


def _host(target: Target) -> Host:
    return (urlsplit(target.url).hostname or "", target.region.name, target.endpoint.family)


def _is_of(family: AddressFamily, address: str) -> bool:
    if family is AddressFamily.AUTO:
        return True
    return (":" in address) is (family is AddressFamily.IPV6)
