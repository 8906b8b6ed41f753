"""From what is kept to what formulas look at."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from probe.domain.artifact import ANY_PLATFORM, Artifact, Platform, Release
from probe.domain.evidence import LastHeard, Pair, Published, Sighting, Window, required_pairs
from probe.domain.propagation import Rollout, Terms, rollout
from probe.domain.remembered import APPROVAL, approved
from probe.domain.rollouts import deadlines_of
from probe.domain.serving import serves
from probe.domain.target import DepthPolicy, Product, Region
from probe.domain.watch import origins_of
from probe.kpi.evidence import Asset, Evidence, Released, Rollback
from probe.kpi.verdicts import COMPLETENESS, settled_by
from probe.ports import Kept

ROLLBACK_SERVED_WITHIN = timedelta(days=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Gathering:
    """
    Where the evidence of one product comes from.

    ``weights`` are users' shares by region, ``regions`` those that are configured; none named is
    any.
    """

    kept: Kept
    product: Product
    weights: Mapping[str, float]
    regions: Collection[str] = ()

    def evidence(self, window: Window, version: str = "") -> Evidence:
        """
        Return what is known at the end of *window*; of one *version*, wherever it was published.

        May raise ``EvidenceUnavailable``, as the source does.
        """
        key = self.product.key
        counted = self.kept.tallies(*key, window)
        return replace(
            self.catalog(window, version),
            tallies={
                segment: tally
                for segment, tally in counted.by_segment.items()
                if not version or segment.version == version
            },
            incidents=self.kept.incidents(*key, window),
        )

    def catalog(self, window: Window, version: str = "", most: int | None = None) -> Evidence:
        """
        Return the part of it that is about releases, no *most* of which are looked at.

        May raise ``EvidenceUnavailable``, as the source does.
        """
        key = self.product.key
        current = version or self._current()
        heard = self.kept.last_heard(*key, window.until, current) if current else ()
        listed = self._published(window, version)[:most]
        return Evidence(
            *key,
            window,
            releases=self._releases(listed, window.until),
            heard=heard,
            serving=self._serving(current, heard, window.until),
            weights=self.weights,
            kinds={each.name: each.kind for each in self.product.endpoints},
        )

    def _published(self, window: Window, version: str) -> tuple[Published, ...]:
        if not version:
            found = self.kept.releases(*self.product.key, window)
            return tuple(each for each in found if not each.release.yanked)
        one = self.kept.release(*self.product.key, version)
        return (one,) if one is not None and not one.release.yanked else ()

    def _current(self) -> str:
        remembered = self.kept.remembered_releases(*self.product.key)
        return next((each.version for each in remembered if not each.yanked), "")

    def _releases(self, listed: Sequence[Published], at: datetime) -> tuple[Released, ...]:
        told = self.kept.events(*self.product.key, Window(_EPOCH, at), APPROVAL, COMPLETENESS)
        settled = settled_by(told)
        return tuple(
            replace(
                self._released(approved(each, told), at), settled=settled.get(each.release.version)
            )
            for each in listed
        )

    def _released(self, published: Published, at: datetime) -> Released:
        release = published.release
        sightings = self.kept.sightings(*self.product.key, release.version)
        seen: defaultdict[str, list[Sighting]] = defaultdict(list)
        for each in sightings:
            seen[each.name].append(each)
        places = _Places.of(self.product, published)
        return Released(
            version=release.version,
            channel=release.channel,
            published_at=release.published_at,
            watched=published.watched,
            assets=tuple(places.asset(each, seen[each.name]) for each in release.artifacts),
            tag=release.tag,
            absent_platforms=absent_platforms(self.product.platforms, release),
            rollout=self._rollout(published, sightings, at),
            rollback=self._rollback(release, at),
        )

    def _rollout(
        self, published: Published, sightings: Iterable[Sighting], at: datetime
    ) -> Rollout:
        terms = Terms(deadlines=deadlines_of(self.product))
        return rollout(published, sightings, at, terms)

    def _rollback(self, release: Release, at: datetime) -> Rollback:
        named = release.previous_known_good
        before = self.kept.release(*self.product.key, named) if named else None
        sound = before is not None and not before.release.yanked
        return Rollback(
            named=sound,
            served=self._served(before, at) if before is not None else None,
            signed=True,
            documented=bool(release.rollback_doc),
        )

    def _served(self, published: Published, at: datetime) -> bool | None:
        heard = self.kept.last_heard(*self.product.key, at, published.release.version)
        lately = {
            (each.artifact, each.segment.endpoint, each.segment.region)
            for each in heard
            if each.verified_at is not None and at - each.verified_at <= ROLLBACK_SERVED_WITHIN
        }
        wanted = {
            (artifact.name, pair.endpoint, pair.region)
            for artifact in published.release.artifacts
            if artifact.asset_class.distributable
            for pair in self._required_now(published, heard)
        }
        return wanted <= lately if heard else None

    def _serving(
        self, version: str, heard: Sequence[LastHeard], at: datetime
    ) -> Mapping[Pair, bool | None]:
        published = self.kept.release(*self.product.key, version) if version else None
        if published is None:
            return {}
        required = self._required_now(published, heard)
        sightings = self.kept.sightings(*self.product.key, version)
        rolled = self._rollout(replace(published, required=required), sightings, at)
        asked = {each.name for each in self.product.endpoints if each.names_a_release}
        named = {
            Pair(each.endpoint, each.region): each.version
            for each in self.kept.namings(*self.product.key)
            if each.endpoint in asked
        }
        reasons: dict[Pair, list[str | None]] = {pair: [] for pair in required}
        for each in heard:
            pair = Pair(each.segment.endpoint, each.segment.region)
            if pair in reasons and each.up is not None:
                reasons[pair].append(None if each.up else each.reason)
        return {
            pair: serves(rolled, pair, named.get(pair, ""), files)
            for pair, files in reasons.items()
        }

    def _required_now(self, published: Published, heard: Iterable[LastHeard]) -> tuple[Pair, ...]:
        """Return the pairs that must serve it by the configuration, of regions probed from."""
        regions = {pair.region for pair in published.required}
        regions |= {each.segment.region for each in heard}
        if self.regions:
            regions &= set(self.regions)
        return required_pairs(self.product, published.release, map(Region, sorted(regions)))


def read_whole(product: Product) -> frozenset[str]:
    """Return the endpoints of which files are read to their end, so that a first sight proves."""
    depths = (DepthPolicy.AUTO, DepthPolicy.FULL)
    return frozenset(each.name for each in product.endpoints if each.depth in depths)


@dataclass(frozen=True, slots=True)
class _Places:
    """
    Endpoints of a product, by name: where a file has to be first, and where bytes are proven.

    ``whole`` are read in full, ``copies`` are those of them that must serve the release.
    """

    origins: frozenset[str]
    whole: frozenset[str]
    copies: frozenset[str]

    @classmethod
    def of(cls, product: Product, published: Published) -> "_Places":
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
        matches = {name: _matched(name, sightings) for name in self.whole}
        return Asset(
            artifact,
            first_at=first_at,
            missed_at=max(missed, default=None),
            proven=_any(matches.values()) if artifact.digests else None,
            equal=_all(matches[name] for name in self.copies) if artifact.digests else None,
        )


def _matched(endpoint: str, sightings: Iterable[Sighting]) -> bool | None:
    """Tell whether the bytes of an endpoint were right; ``None`` if nobody has read them."""
    return _any(each.first_at is not None for each in sightings if each.endpoint == endpoint)


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    found = set(verdicts)
    return True if True in found else None if None in found or not found else False


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    found = set(verdicts)
    return False if False in found else None if None in found or not found else True


def absent_platforms(expected: Iterable[Platform], release: Release) -> tuple[Platform, ...]:
    """Return the platforms that *release* should be built for and has no file for."""
    built = {each.platform for each in release.artifacts if each.asset_class.distributable}
    if ANY_PLATFORM in built:
        return ()
    return tuple(platform for platform in expected if platform not in built)
