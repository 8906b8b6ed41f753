"""From what is kept to what formulas look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from probe.domain.artifact import ANY_PLATFORM, Artifact, Platform, Release
from probe.domain.evidence import LastHeard, Pair, Published, Sighting, Window
from probe.domain.propagation import Rollout, Terms, rollout
from probe.domain.remembered import approved
from probe.domain.target import DepthPolicy, Product
from probe.domain.watch import origins_of
from probe.kpi.evidence import Asset, Evidence, Released, Rollback
from probe.ports import Kept

ROLLBACK_SERVED_WITHIN = timedelta(days=1)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where the evidence of one product comes from; ``weights`` are users' shares by region."""

    kept: Kept
    product: Product
    weights: Mapping[str, float]

    def evidence(self, window: Window, version: str = "") -> Evidence:
        """
        Return what is known at the end of *window*; of one *version*, wherever it was published.

        May raise ``EvidenceUnavailable``, as the source does.
        """
        key = self.product.key
        told = self.kept.events(*key, Window(_EPOCH, window.until))
        listed = [approved(each, told) for each in self._published(window, version)]
        released = tuple(self._released(each, window.until) for each in listed)
        current = version or self._current()
        heard = self.kept.last_heard(*key, window.until, current) if current else ()
        counted = self.kept.tallies(*key, window)
        return Evidence(
            *key,
            window,
            tallies={
                segment: tally
                for segment, tally in counted.by_segment.items()
                if not version or segment.version == version
            },
            releases=released,
            incidents=self.kept.incidents(*key, window),
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

    def _released(self, published: Published, at: datetime) -> Released:
        release = published.release
        sightings = self.kept.sightings(*self.product.key, release.version)
        return Released(
            version=release.version,
            channel=release.channel,
            published_at=release.published_at,
            watched=published.watched,
            assets=tuple(self._asset(each, sightings) for each in release.artifacts),
            tag=release.tag,
            absent_platforms=absent_platforms(self.product.platforms, release),
            rollout=self._rollout(published, sightings, at),
            rollback=self._rollback(release, at),
        )

    def _asset(self, artifact: Artifact, sightings: Iterable[Sighting]) -> Asset:
        seen = [each for each in sightings if each.name == artifact.name]
        origins = {each.name for each in origins_of(self.product)}
        whole = {
            each.name
            for each in self.product.endpoints
            if each.depth in (DepthPolicy.AUTO, DepthPolicy.FULL)
        }
        firsts = [each.first_at for each in seen if each.endpoint in origins or not origins]
        return Asset(
            artifact,
            first_at=min((first for first in firsts if first is not None), default=None),
            proven=bool(artifact.digests)
            and any(each.first_at is not None and each.endpoint in whole for each in seen),
        )

    def _rollout(
        self, published: Published, sightings: Iterable[Sighting], at: datetime
    ) -> Rollout:
        deadlines = {
            each.name: timedelta(seconds=each.deadline_seconds)
            for each in self.product.endpoints
            if each.deadline_seconds is not None
        }
        return rollout(published, sightings, at, Terms(deadlines=deadlines))

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
            for pair in published.required
        }
        return wanted <= lately if heard else None

    def _serving(
        self, version: str, heard: Iterable[LastHeard], at: datetime
    ) -> Mapping[Pair, bool | None]:
        published = self.kept.release(*self.product.key, version) if version else None
        if published is None:
            return {}
        sightings = self.kept.sightings(*self.product.key, version)
        rolled = self._rollout(published, sightings, at)
        had = rolled.has
        ups: dict[Pair, list[bool]] = {pair: [] for pair in published.required}
        for each in heard:
            pair = Pair(each.segment.endpoint, each.segment.region)
            if pair in ups and each.up is not None:
                ups[pair].append(each.up)
        return {pair: pair in had and any(up) if up else None for pair, up in ups.items()}


def absent_platforms(expected: Iterable[Platform], release: Release) -> tuple[Platform, ...]:
    """Return the platforms that *release* should be built for and has no file for."""
    built = {each.platform for each in release.artifacts if each.asset_class.distributable}
    if ANY_PLATFORM in built:
        return ()
    return tuple(platform for platform in expected if platform not in built)
