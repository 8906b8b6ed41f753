"""Where each release has come, over the pairs of all regions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from probe.domain.evidence import LastHeard, Pair, SightedKind, TimeSource
from probe.domain.moment import from_seconds
from probe.domain.promql import Sample
from probe.domain.propagation import Reached, Rollout
from probe.domain.rollouts import with_pointer
from probe.domain.target import Product
from probe.kpi.central.inquiry import Fact, Findings
from probe.kpi.hearing import probed_pairs

_BEST_FIRST = tuple(TimeSource)

# Version, kind, pair.
_Place = tuple[str, str, Pair]


def rollouts_of(
    findings: Findings,
    product: Product,
    regions: Collection[str],
    heard: Iterable[LastHeard] = (),
) -> tuple[Rollout, ...]:
    """
    Return the rollouts of files and of pointers, of the newest release first.

    The pairs are those of which the regions say that they had to serve it; of a region that says
    nothing, those of the configuration: what nobody sees has not arrived. *heard* tells where files
    were last seen to be missing.
    """
    arrivals = _Arrivals.of(findings, heard)
    published = {
        each.label("version"): at
        for each in findings.get(Fact.PUBLISHED, ())
        if (at := from_seconds(each.value)) is not None
    }
    newest_first = sorted(published, key=lambda version: (published[version], version))[::-1]
    found = []
    for version in newest_first:
        source, started_at = arrivals.starts.get(
            version, (TimeSource.PUBLISHED, published[version])
        )
        files = Rollout(
            *(*product.key, version, SightedKind.ASSET),
            started_at=started_at,
            start_source=source,
            published_at=published[version],
        )
        pairs = _required(arrivals.told(version), product, regions)
        found.append(_filled(files, pairs, arrivals))
        pointed = with_pointer(pairs, product)
        if pointed:
            found.append(_filled(replace(files, kind=SightedKind.POINTER), pointed, arrivals))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Arrivals:
    first: Mapping[_Place, float]
    uncertainty: Mapping[_Place, float]
    excluded: Mapping[tuple[str, Pair], bool]
    starts: Mapping[str, tuple[TimeSource, datetime]]
    missed: Mapping[_Place, datetime]

    @classmethod
    def of(cls, findings: Findings, heard: Iterable[LastHeard]) -> "_Arrivals":
        return cls(
            _by_place(findings.get(Fact.FIRST, ())),
            _by_place(findings.get(Fact.UNCERTAINTY, ())),
            {
                (each.label("version"), _pair(each)): each.value > 0
                for each in findings.get(Fact.EXCLUDED, ())
            },
            _starts(findings.get(Fact.STARTED, ())),
            _missed(heard),
        )

    def told(self, version: str) -> frozenset[Pair]:
        """Return the pairs that had to serve a release when it came out, as far as they say so."""
        return frozenset(pair for known, pair in self.excluded if known == version)

    def reached(self, place: _Place) -> Reached | None:
        at = from_seconds(self.first.get(place, 0.0))
        if at is None:
            return None
        uncertainty = self.uncertainty.get(place)
        missed = None if uncertainty is None else from_seconds(self.first[place] - uncertainty)
        return Reached(place[2], at, missed)


def _required(
    told: Collection[Pair], product: Product, regions: Collection[str]
) -> frozenset[Pair]:
    speaking = {pair.region for pair in told}
    required = {each.name for each in product.endpoints if each.required}
    return frozenset(told) | {
        pair
        for pair in probed_pairs(product, regions)
        if pair.region not in speaking and pair.endpoint in required
    }


def _filled(rollout: Rollout, pairs: Collection[Pair], arrivals: _Arrivals) -> Rollout:
    """Return *rollout* with each of *pairs* where it belongs."""
    reached, pending, excluded, late, found = [], [], [], [], []
    missed: dict[Pair, datetime] = {}
    for pair in sorted(pairs):
        place = (rollout.version, rollout.kind.value, pair)
        arrival = arrivals.reached(place)
        if arrival is None and place in arrivals.missed:
            missed[pair] = arrivals.missed[place]
        if arrivals.excluded.get((rollout.version, pair)):
            excluded.append(pair)
            late += [arrival] if arrival else []
        elif arrival is None:
            pending.append(pair)
        elif place in arrivals.uncertainty:
            reached.append(arrival)
        else:
            found.append(arrival)
    return replace(
        rollout,
        reached=tuple(sorted(reached, key=_by_time)),
        pending=tuple(pending),
        excluded=tuple(excluded),
        late=tuple(sorted(late, key=_by_time)),
        found=tuple(sorted(found, key=_by_time)),
        missed=missed,
    )


def _by_time(reached: Reached) -> tuple[datetime, Pair]:
    return (reached.at, reached.pair)


def _by_place(samples: Iterable[Sample]) -> dict[_Place, float]:
    return {
        (each.label("version"), each.label("object"), _pair(each)): each.value for each in samples
    }


def _missed(heard: Iterable[LastHeard]) -> dict[_Place, datetime]:
    found: dict[_Place, datetime] = {}
    for each in heard:
        segment, at = each.segment, each.heard_at
        if each.verified_at is None and at is not None and segment.asset_class.distributable:
            pair = Pair(segment.endpoint, segment.region)
            place = (segment.version, SightedKind.ASSET.value, pair)
            found[place] = max(at, found.get(place, at))
    return found


def _pair(sample: Sample) -> Pair:
    return Pair(sample.label("endpoint"), sample.label("probe_region"))


def _starts(samples: Iterable[Sample]) -> dict[str, tuple[TimeSource, datetime]]:
    """Return the best start of each version: not every region need know of an approval."""
    found: dict[str, tuple[TimeSource, datetime]] = {}
    for each in samples:
        text, version, at = each.label("t0_source"), each.label("version"), from_seconds(each.value)
        if at is None or text not in _BEST_FIRST:
            continue
        source = TimeSource(text)
        known = found.get(version)
        if known is None or _BEST_FIRST.index(source) < _BEST_FIRST.index(known[0]):
            found[version] = (source, at)
    return found
