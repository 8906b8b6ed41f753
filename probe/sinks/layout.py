"""Which series a plan has: the label values of every target, worked out once per plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import product

from probe import series
from probe.domain.artifact import Platform
from probe.domain.depth import depths_of
from probe.domain.failure import DELIVERY_REASONS, OWN_REASONS, Phase
from probe.domain.observation import Cache, Origin
from probe.domain.target import Depth, Target
from probe.series import Metric

Labels = tuple[str, ...]


class Level(Enum):
    """What a series belongs to: it lives as long as its plan has one of these."""

    SEGMENT = auto()
    TIER = auto()
    PAIR = auto()
    COPY = auto()
    ENDPOINT = auto()
    REGION = auto()
    LINK = auto()
    ARTIFACT = auto()


_ITSELF: tuple[Labels, ...] = ((),)

# Per level its metrics, and the label values that follow the level's own.
SERIES: Mapping[Level, tuple[tuple[Metric, tuple[Labels, ...]], ...]] = {
    Level.SEGMENT: (
        (series.DOWNLOAD_ATTEMPTS, tuple((depth,) for depth in Depth)),
        (series.DOWNLOAD_FAILURES, tuple(product(Depth, DELIVERY_REASONS))),
    ),
    Level.TIER: ((series.DOWNLOAD_BYTES, _ITSELF), (series.DOWNLOAD_DURATION, _ITSELF)),
    Level.PAIR: (
        (series.PROBE_INTERVAL, _ITSELF),
        (series.DOWNLOAD_CACHE, tuple((cache,) for cache in Cache)),
    ),
    Level.COPY: ((series.DOWNLOAD_ORIGIN, tuple((origin,) for origin in Origin)),),
    Level.ENDPOINT: (
        (series.ENDPOINT_REQUIRED, _ITSELF),
        (series.ENDPOINT_CERTIFICATE, _ITSELF),
    ),
    Level.REGION: ((series.PROBE_ERRORS, tuple((reason,) for reason in OWN_REASONS)),),
    Level.LINK: ((series.DOWNLOAD_PHASE, tuple((phase,) for phase in Phase)),),
    Level.ARTIFACT: (
        (series.ARTIFACT_AVAILABLE, _ITSELF),
        (series.ARTIFACT_LAST_SUCCESS, _ITSELF),
        (series.ARTIFACT_LAST_FAILURE, _ITSELF),
    ),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """The label values that all targets of one product at one endpoint and region share."""

    labels: Labels
    endpoint: Labels
    link: Labels
    interval_seconds: float
    copies: bool
    phases: Mapping[Phase, Labels]
    caches: Mapping[Cache, Labels]
    faults: Mapping[Origin, Labels]


@dataclass(frozen=True, slots=True)
class Columns:
    """The label values of one target."""

    pair: Pair
    tier: Labels
    artifact: Labels
    attempts: Mapping[Depth, Labels]


@dataclass(frozen=True, slots=True)
class Layout:
    """Every target's label values by its key, and what each level holds."""

    columns: Mapping[str, Columns] = field(default_factory=dict)
    levels: Mapping[Level, frozenset[Labels]] = field(
        default_factory=lambda: dict.fromkeys(Level, frozenset())
    )
    foreseen: Mapping[Labels, frozenset[Depth]] = field(default_factory=dict)
    pairs: Sequence[Pair] = ()
    required: Mapping[Labels, bool] = field(default_factory=dict)


def lay_out(targets: Iterable[Target]) -> Layout:
    """Return the layout of *targets*; of one product's releases the newest comes first."""
    pairs: dict[tuple[str, ...], Pair] = {}
    segments: dict[Labels, Mapping[Depth, Labels]] = {}
    foreseen: dict[Labels, set[Depth]] = {}
    required: dict[Labels, bool] = {}
    regions: set[Labels] = set()
    columns: dict[str, Columns] = {}
    for target in targets:
        endpoint, artifact, release = target.endpoint, target.artifact, target.release
        identity = (target.product, release.channel, endpoint.name, target.region.name)
        pair = pairs.get(identity)
        if pair is None:
            pair = pairs[identity] = _pair(target)
            required[pair.endpoint] = _required(target)
        platform, tier = platform_text(artifact.platform), artifact.size_tier.value
        segment = (*pair.labels, platform, tier, endpoint.auth_mode)
        attempts = segments.get(segment)
        if attempts is None:
            attempts = segments[segment] = {depth: (*segment, depth.value) for depth in Depth}
            foreseen[segment] = set()
        foreseen[segment] |= depths_of(target)
        regions.add((target.region.name,))
        labels = (*pair.labels, release.version, artifact.name, platform, tier)
        columns[target.key] = Columns(pair, (*pair.labels, tier), labels, attempts)
    return Layout(
        columns=columns,
        levels=_levels(columns.values(), pairs.values(), segments, regions),
        foreseen={labels: frozenset(found) for labels, found in foreseen.items()},
        pairs=tuple(pairs.values()),
        required=required,
    )


def platform_text(platform: Platform | None) -> str:
    """Return the label value; ``none`` for a file that is not for any one platform."""
    return str(platform) if platform else "none"


def _pair(target: Target) -> Pair:
    endpoint, region = target.endpoint, target.region.name
    place = (target.product, target.release.channel, endpoint.name)
    kind = endpoint.kind.value
    labels = (*place, kind, region)
    return Pair(
        labels=labels,
        endpoint=(*place, region),
        link=(kind, region),
        interval_seconds=endpoint.interval_seconds,
        copies=endpoint.kind.caches,
        phases={phase: (kind, region, phase.value) for phase in Phase},
        caches={cache: (*labels, cache.value) for cache in Cache},
        faults={origin: (*labels, origin.value) for origin in Origin},
    )


def _required(target: Target) -> bool:
    named = target.release.required_endpoints
    return target.endpoint.name in named if named else target.endpoint.required


def _levels(
    columns: Iterable[Columns],
    pairs: Iterable[Pair],
    segments: Iterable[Labels],
    regions: Iterable[Labels],
) -> dict[Level, frozenset[Labels]]:
    columns, pairs = tuple(columns), tuple(pairs)
    return {
        Level.SEGMENT: frozenset(segments),
        Level.TIER: frozenset(column.tier for column in columns),
        Level.PAIR: frozenset(pair.labels for pair in pairs),
        Level.COPY: frozenset(pair.labels for pair in pairs if pair.copies),
        Level.ENDPOINT: frozenset(pair.endpoint for pair in pairs),
        Level.REGION: frozenset(regions),
        Level.LINK: frozenset(pair.link for pair in pairs),
        Level.ARTIFACT: frozenset(column.artifact for column in columns),
    }
