"""From what one region has kept to evidence of all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from probe.domain.evidence import LastHeard, Pair, Window
from probe.domain.propagation import Rollout
from probe.domain.serving import serves
from probe.domain.target import Product
from probe.domain.watch import origins_of
from probe.kpi.central.facts import Facts
from probe.kpi.evidence import Asset, Current, Evidence, Released
from probe.kpi.sighted import read_whole


def widened(evidence: Evidence, facts: Facts, product: Product) -> Evidence:
    """
    Return *evidence* of one region with what *facts* say of all of them.

    Its releases stay those that its catalog lists. Counts are left out: facts have none.
    """
    rollouts = facts.of_files
    current = next(iter(rollouts.values()), None)
    return replace(
        evidence,
        tallies={},
        releases=tuple(
            _released(each, rollouts.get(each.version), facts, product)
            for each in evidence.releases
        ),
        current=_current(evidence, current.version, facts, product) if current else None,
        heard=facts.heard,
        serving=_serving(current, facts) if current else {},
    )


def bare(facts: Facts, product: Product, window: Window, version: str = "") -> Evidence:
    """Return what can be said without any catalog: which releases there are, but of what files."""
    return Evidence(
        *product.key,
        window,
        releases=tuple(
            Released(each.version, product.channel, each.published_at, (), rollout=each)
            for each in facts.of_files.values()
            if version or window.since <= each.published_at < window.until
        ),
        kinds={each.name: each.kind for each in product.endpoints},
    )


def _current(evidence: Evidence, version: str, facts: Facts, product: Product) -> Current:
    """Return what has to be asked for; without its catalog the files are those that were."""
    listed = evidence.current
    if listed is not None and listed.version == version:
        files = listed.files
    else:
        install = (each for each in facts.heard if each.segment.asset_class.distributable)
        files = frozenset(each.artifact for each in install)
    return Current(version, files, frozenset(facts.probed), read_whole(product))


def _serving(rolled: Rollout, facts: Facts) -> Mapping[Pair, bool | None]:
    probed = set(facts.probed)
    reasons: dict[Pair, list[str | None]] = {pair: [] for pair in rolled.pairs if pair in probed}
    for each in facts.heard:
        pair = Pair(each.segment.endpoint, each.segment.region)
        if pair in reasons and each.up is not None:
            # Why a file is not there no series tells.
            reasons[pair].append(None if each.up else "")
    return {pair: serves(rolled, pair, "", files) for pair, files in reasons.items()}


def _released(
    release: Released, rolled: Rollout | None, facts: Facts, product: Product
) -> Released:
    if rolled is None:
        return release
    places = _Places.of(release.version, rolled, facts, product)
    # A pair has a release when it has given each of these files.
    given = release.distributable or release.assets
    assets = tuple(places.asset(each, given=each in given) for each in release.assets)
    return replace(release, rollout=rolled, assets=assets)


@dataclass(frozen=True, slots=True)
class _Places:
    """
    What was seen of one release, and at which endpoints that says what.

    Files ``small`` enough, in bytes by endpoint, are read whole each time.
    """

    origins: frozenset[str]
    whole: frozenset[str]
    small: Mapping[str, int]
    rolled: Rollout
    heard: Mapping[str, Sequence[LastHeard]]

    @classmethod
    def of(cls, version: str, rolled: Rollout, facts: Facts, product: Product) -> "_Places":
        by_file: defaultdict[str, list[LastHeard]] = defaultdict(list)
        for each in facts.heard:
            if each.segment.version == version:
                by_file[each.artifact].append(each)
        origins = origins_of(product) or product.endpoints
        names = frozenset(each.name for each in origins)
        whole = read_whole(product)
        small = {
            each.name: each.full_below_bytes for each in product.endpoints if each.name in whole
        }
        return cls(names, whole, small, rolled, by_file)

    def asset(self, asset: Asset, *, given: bool) -> Asset:
        """Return *asset* by what all regions saw of it: it was there by then, or earlier."""
        heard = self.heard.get(asset.artifact.name, ())
        at_origin = [each for each in heard if each.segment.endpoint in self.origins]
        arrivals = (*self.rolled.reached, *self.rolled.late, *self.rolled.found) if given else ()
        firsts = [each.at for each in arrivals if each.pair.endpoint in self.origins]
        firsts += [each.verified_at for each in at_origin if each.verified_at is not None]
        failed = [each.heard_at for each in at_origin if each.verified_at is None]
        gave = {each.pair.endpoint for each in arrivals}
        matches = self._matches(heard, self._since(asset, heard) if asset.renewed_at else gave)
        digests = bool(asset.artifact.digests)
        return replace(
            asset,
            first_at=min(filter(None, (asset.first_at, *firsts)), default=None),
            missed_at=max(filter(None, (asset.missed_at, *failed)), default=None),
            proven=asset.proven or (True if digests and True in matches else asset.proven),
            equal=asset.equal or (_all(matches) if digests and given else asset.equal),
        )

    def _since(self, asset: Asset, heard: Iterable[LastHeard]) -> Collection[str]:
        """Return the endpoints that gave a file that came anew: first sights are of other bytes."""
        size = asset.artifact.size_bytes
        return {
            each.segment.endpoint
            for each in heard
            if each.up and each.verified_at and asset.renewed_at
            if each.verified_at > asset.renewed_at
            # Of what is not read whole each time the last success may be of its ends alone.
            if size is not None and size < self.small.get(each.segment.endpoint, 0)
        }

    def _matches(self, heard: Iterable[LastHeard], gave: Collection[str]) -> Sequence[bool | None]:
        """Return of each endpoint that must serve it whether its bytes were right."""
        wrong = {each.segment.endpoint for each in heard if each.verified_at is None}
        needed = sorted({pair.endpoint for pair in self.rolled.pairs} & self.whole)
        return [True if each in gave else False if each in wrong else None for each in needed]


def _all(verdicts: Sequence[bool | None]) -> bool | None:
    found = set(verdicts)
    return False if False in found else None if None in found or not found else True
