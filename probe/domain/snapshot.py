"""The catalog at one moment, how an answer of a source changes it, and what is to be probed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from probe.domain.artifact import Artifact, Release
from probe.domain.lineage import lineage
from probe.domain.target import Earlier, Product, Region, Target

ProductKey = tuple[str, str]

REMEMBERED = 200


@dataclass(frozen=True)
class Snapshot:
    """
    The catalog at one moment: per product and channel its kept releases, newest first.

    ``history`` maps the same key to every release that is remembered, kept ones included, so
    that bytes of a release long gone are still recognised.
    """

    kept: Mapping[ProductKey, tuple[Release, ...]] = field(default_factory=dict)
    history: Mapping[ProductKey, tuple[Release, ...]] = field(default_factory=dict)


def merge(snapshot: Snapshot, product: Product, listed: Iterable[Release]) -> Snapshot:
    """
    Return *snapshot* with one whole answer of the source of *product* taken in.

    Releases of other channels are left out. Of each version the last one listed counts. A release
    that the answer lacks is kept no more, but remembered.
    """
    known = {each.version: each for each in snapshot.history.get(product.key, ())}
    # A release that says the same stays the same object, so that comparing plans is cheap.
    answer = {
        each.version: known[each.version] if known.get(each.version) == each else each
        for each in listed
        if each.channel == product.channel
    }
    remembered = known | answer
    kept = _kept(product, answer.values())
    others = [each for each in _newest_first(remembered.values()) if each not in kept]
    history = (*kept, *others[: max(0, REMEMBERED - len(kept))])
    return Snapshot(
        {**snapshot.kept, product.key: kept}, {**snapshot.history, product.key: history}
    )


def only(snapshot: Snapshot, products: Iterable[Product]) -> Snapshot:
    """Return *snapshot* without the products that are not among *products*."""
    keys = {product.key for product in products}
    return Snapshot(
        {key: value for key, value in snapshot.kept.items() if key in keys},
        {key: value for key, value in snapshot.history.items() if key in keys},
    )


def _kept(product: Product, listed: Iterable[Release]) -> tuple[Release, ...]:
    usable = _newest_first(release for release in listed if not release.yanked)
    wanted = {*product.pinned, *product.known_good}
    kept = [
        release
        for place, release in enumerate(usable)
        if place < product.keep or release.version in wanted
    ]
    # What one may have to go back to has to be there as well.
    wanted = {name for each in kept for name in (each.version, each.previous_known_good)}
    return tuple(release for release in usable if release.version in wanted)


def _newest_first(releases: Iterable[Release]) -> list[Release]:
    return sorted(releases, key=lambda each: (each.published_at, each.version), reverse=True)


def plan(
    products: Sequence[Product], snapshot: Snapshot, regions: Sequence[Region]
) -> tuple[Target, ...]:
    """Return every target there should be: artifacts of kept releases x endpoints x regions."""
    return tuple(
        Target(product.name, release, artifact, endpoint, region, history)
        for product in products
        for release, artifact, history in _artifacts(product, snapshot)
        for endpoint in product.endpoints
        for region in regions
        if not endpoint.regions or region.name in endpoint.regions
    )


def _artifacts(
    product: Product, snapshot: Snapshot
) -> Iterator[tuple[Release, Artifact, tuple[Earlier, ...]]]:
    known = _by_lineage(snapshot.history.get(product.key, ()))
    for release in snapshot.kept.get(product.key, ()):
        for artifact in release.artifacts:
            same = known.get(lineage(artifact.name, release.version), ())
            history = tuple(each for each in same if each.version != release.version)
            yield release, artifact, history


def _by_lineage(remembered: Sequence[Release]) -> Mapping[str, Sequence[Earlier]]:
    known: dict[str, list[Earlier]] = {}
    for release in remembered:
        for artifact in release.artifacts:
            earlier = Earlier(release.version, artifact.size_bytes, artifact.digests)
            known.setdefault(lineage(artifact.name, release.version), []).append(earlier)
    return known
