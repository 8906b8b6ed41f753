"""From what is kept to what formulas look at."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from probe.domain.artifact import Release
from probe.domain.evidence import LastHeard, Pair, Published, Sighting, Window, required_pairs
from probe.domain.expectation import Comparison, absent_platforms, compared
from probe.domain.lineage import predecessor
from probe.domain.paper import Paper
from probe.domain.propagation import Rollout, Terms, rollout
from probe.domain.remembered import APPROVAL, approved
from probe.domain.republished import REPUBLISHED, renewals
from probe.domain.rollouts import deadlines_of
from probe.domain.serving import serves
from probe.domain.target import Product, Region
from probe.kpi.evidence import Current, Evidence, Notes, Released
from probe.kpi.hearing import probed_pairs
from probe.kpi.rollback import found_of
from probe.kpi.sighted import Places, read_whole
from probe.kpi.verdicts import COMPLETENESS, settled_by
from probe.kpi.ways_back import WaysBack
from probe.ports import Kept

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
        published = self.kept.release(*key, current) if current else None
        return Evidence(
            *key,
            window,
            releases=self._releases(listed, window.until),
            current=self._asked(published, heard) if published else None,
            heard=heard,
            serving=self._serving(published, heard, window.until) if published else {},
            weights=self.weights,
            kinds={each.name: each.kind for each in self.product.endpoints},
            deadlines=deadlines_of(self.product),
        )

    def _published(self, window: Window, version: str) -> tuple[Published, ...]:
        if not version:
            found = self.kept.releases(*self.product.key, window)
            return tuple(each for each in found if not each.release.yanked)
        one = self.kept.release(*self.product.key, version)
        return (one,) if one is not None and not one.release.yanked else ()

    def _asked(self, published: Published, heard: Iterable[LastHeard]) -> Current:
        artifacts = published.release.artifacts
        return Current(
            published.release.version,
            frozenset(each.name for each in artifacts if each.asset_class.distributable),
            frozenset(probed_pairs(self.product, self._regions_now(published, heard))),
            read_whole(self.product),
        )

    def _current(self) -> str:
        remembered = self.kept.remembered_releases(*self.product.key)
        return next((each.version for each in remembered if not each.yanked), "")

    def _releases(self, listed: Sequence[Published], at: datetime) -> tuple[Released, ...]:
        kinds = (APPROVAL, COMPLETENESS, REPUBLISHED)
        told = self.kept.events(*self.product.key, Window(_EPOCH, at), *kinds)
        settled = settled_by(told)
        earlier = self._earlier() if listed else ()
        return tuple(
            replace(
                self._released(approved(each, told), renewals(told, each.release.version), at),
                settled=settled.get(each.release.version),
                comparison=self._compared(each.release, earlier),
            )
            for each in listed
        )

    def _released(
        self, published: Published, renewed: Mapping[str, datetime], at: datetime
    ) -> Released:
        release = published.release
        sightings = self.kept.sightings(*self.product.key, release.version)
        seen: defaultdict[str, list[Sighting]] = defaultdict(list)
        for each in sightings:
            seen[each.name].append(each)
        places = Places.of(self.product, published)
        expects = self.product.expects
        platforms = expects.among(self.product.platforms, release)
        rollback, papers = WaysBack(self.kept, self.product, self.regions).of(release, at)
        return Released(
            version=release.version,
            channel=release.channel,
            published_at=release.published_at,
            watched=published.watched,
            assets=tuple(
                replace(places.asset(each, seen[each.name]), renewed_at=renewed.get(each.name))
                for each in release.artifacts
            ),
            tag=release.tag,
            absent_platforms=absent_platforms(platforms, release),
            checksums=expects.checksums,
            notes=self._notes(release, at),
            papers=(*self._notes_of(release), *papers),
            rollout=self._rollout(published, sightings, at),
            rollback=rollback,
        )

    def _compared(self, release: Release, earlier: Iterable[Release]) -> Comparison:
        expects = self.product.expects
        platforms = expects.among(self.product.platforms, release)
        return compared(expects, platforms, release, predecessor(release, earlier))

    def _earlier(self) -> Sequence[Release]:
        """Return the releases of which one may say what should be there."""
        expects = self.product.expects
        if expects.planned or expects.artifacts or not expects.like_previous:
            return ()
        return self.kept.remembered_releases(*self.product.key)

    def _notes_of(self, release: Release) -> tuple[Paper, ...]:
        asked = self.product.expects.notes and release.notes_url
        return (Paper(release.notes_url, release.version),) if asked else ()

    def _rollout(
        self, published: Published, sightings: Iterable[Sighting], at: datetime
    ) -> Rollout:
        return rollout(published, sightings, at, Terms(deadlines=deadlines_of(self.product)))

    def _notes(self, release: Release, at: datetime) -> Notes:
        if not self.product.expects.notes:
            return Notes.NOT_ASKED
        if not release.notes_url:
            return Notes.LACKING
        paper = Paper(release.notes_url, release.version)
        found = found_of(self.kept.verifications(*self.product.key, release.version), at)
        seen = found.get(paper.key)
        return Notes.UNKNOWN if seen is None else Notes.THERE if seen.there else Notes.LACKING

    def _serving(
        self, published: Published, heard: Sequence[LastHeard], at: datetime
    ) -> Mapping[Pair, bool | None]:
        required = self._required_now(published, heard)
        sightings = self.kept.sightings(*self.product.key, published.release.version)
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
        regions = self._regions_now(published, heard)
        return required_pairs(self.product, published.release, map(Region, regions))

    def _regions_now(self, published: Published, heard: Iterable[LastHeard]) -> Sequence[str]:
        regions = {pair.region for pair in published.required}
        regions |= {each.segment.region for each in heard}
        return sorted(regions & set(self.regions) if self.regions else regions)
