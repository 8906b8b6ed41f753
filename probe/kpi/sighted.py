"""What first sights tell of a file: since when it is there, and whether its bytes were right."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from probe.domain.artifact import Artifact
from probe.domain.evidence import Published, Sighting
from probe.domain.target import DepthPolicy, Product
from probe.domain.watch import origins_of
from probe.kpi.evidence import Asset
from probe.kpi.value import every, some


def read_whole(product: Product) -> frozenset[str]:
    """Return the endpoints of which files are read to their end, so that a first sight proves."""
    depths = (DepthPolicy.AUTO, DepthPolicy.FULL)
    return frozenset(each.name for each in product.endpoints if each.depth in depths)


def proven(found: Iterable[tuple[str, bool | None]], whole: Collection[str]) -> bool | None:
    """
    Tell whether what was *found* at endpoints, by name, holds at all of them.

    One that is not among those read *whole* may refute it, but proves nothing: where there is no
    other it is unknown.
    """
    verdicts = list(found)
    if any(verdict is False for _, verdict in verdicts):
        return False
    proofs = [verdict for endpoint, verdict in verdicts if endpoint in whole]
    return every(proofs) if proofs else None


@dataclass(frozen=True, slots=True)
class Places:
    """
    Endpoints of a product, by name: where a file has to be first, and where bytes are proven.

    ``whole`` are read in full, ``copies`` are those of them that must serve the release.
    """

    origins: frozenset[str]
    whole: frozenset[str]
    copies: frozenset[str]

    @classmethod
    def of(cls, product: Product, published: Published) -> "Places":
        """Return those that matter to one release."""
        names = frozenset(each.name for each in product.endpoints)
        whole = read_whole(product)
        origins = frozenset(each.name for each in origins_of(product))
        required = {pair.endpoint for pair in published.required}
        return cls(origins or names, whole, whole & required)

    def asset(self, artifact: Artifact, sightings: Sequence[Sighting]) -> Asset:
        """Return what *sightings* of *artifact* tell of it."""
        at_origin = [each for each in sightings if each.endpoint in self.origins]
        firsts = [each.first_at for each in at_origin if each.first_at is not None]
        missed = [each.last_miss_at for each in at_origin if each.last_miss_at is not None]
        first_at = min(firsts, default=None)
        matches = {
            name: some(_is_right(each, artifact) for each in sightings if each.endpoint == name)
            for name in self.whole
        }
        return Asset(
            artifact,
            first_at=first_at,
            missed_at=max(missed, default=None),
            proven=some(matches.values()) if artifact.digests else None,
            equal=every(matches[name] for name in self.copies)
            if artifact.digests and self.copies
            else None,
        )


def _is_right(sighting: Sighting, artifact: Artifact) -> bool | None:
    """Tell whether bytes were right by the catalog of today; ``None`` if nobody has read them."""
    if sighting.first_at is None:
        return False
    return sighting.matched if sighting.digest in artifact.digests else None
