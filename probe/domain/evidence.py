"""
What is kept beside the counts: releases, first sightings, digests, incidents, and what was said.

Text that came from outside is cleaned before it is put in here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from probe.domain.artifact import AssetClass, Digest, Platform, Release, SizeTier
from probe.domain.bucket import Tally
from probe.domain.target import EndpointKind, Product, Region


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time; ``until`` is not in it."""

    since: datetime
    until: datetime


# A release is let out with what its catalog lists within this time of its publication.
SETTLED_WITHIN = timedelta(minutes=30)


EVER = Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


class TimeSource(StrEnum):
    """Where the moment comes from at which a release counts as let out, best first."""

    APPROVAL = "approval"
    TAG = "tag"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """A way of users to a file: an endpoint as seen from a region."""

    endpoint: str
    region: str


@dataclass(frozen=True, slots=True)
class Published:
    """
    A release as its catalog lists it, and what had to be where when it came out.

    ``required`` are the pairs of this process, ``elsewhere`` those of others, both frozen: of the
    many times that a release is kept, the first one, at ``listed_at``, decides. ``files`` are its
    artifacts as of half an hour after publication: one that is added later is a repair. Where none
    are named, all are meant.
    """

    product: str
    release: Release
    required: tuple[Pair, ...]
    listed_at: datetime
    elsewhere: tuple[Pair, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def watched(self) -> bool:
        """Tell whether it was listed in time to see it come."""
        return self.listed_at - self.release.published_at <= SETTLED_WITHIN

    def again(self, release: Release, now: datetime) -> "Published":
        """Return it as it is when its catalog lists it *now* as *release*."""
        settling = now - release.published_at <= SETTLED_WITHIN
        files = file_names(release) if settling else self.files
        return replace(self, release=release, files=files)

    @property
    def started_at(self) -> datetime:
        """Return when the release was let out: approved, or else tagged, or else published."""
        release = self.release
        return release.approved_at or release.tagged_at or release.published_at

    @property
    def start_source(self) -> TimeSource:
        """Return which of the three ``started_at`` is."""
        if self.release.approved_at is not None:
            return TimeSource.APPROVAL
        return TimeSource.TAG if self.release.tagged_at is not None else TimeSource.PUBLISHED


def file_names(release: Release) -> tuple[str, ...]:
    """Return the names of its artifacts."""
    return tuple(each.name for each in release.artifacts)


def required_pairs(
    product: Product, release: Release, regions: Iterable[Region]
) -> tuple[Pair, ...]:
    """Return the pairs that must serve *release*: the release's own endpoints, or the product's."""
    named, regions = set(release.required_endpoints), tuple(regions)
    return tuple(
        Pair(endpoint.name, region.name)
        for endpoint in product.endpoints
        if (endpoint.name in named if named else endpoint.required)
        for region in regions
        if not endpoint.regions or region.name in endpoint.regions
    )


def first_listed(
    product: Product,
    release: Release,
    regions: Iterable[Region],
    elsewhere: Iterable[str],
    now: datetime,
) -> Published:
    """Return *release* as it is first listed, by a process that probes from *regions*."""
    others = [Region(name) for name in sorted(set(elsewhere))]
    return Published(
        product.name,
        release,
        required_pairs(product, release, sorted(regions, key=lambda each: each.name)),
        now,
        required_pairs(product, release, others),
        file_names(release),
    )


class SightedKind(StrEnum):
    """What can come to be at an endpoint: a file, or a pointer such as ``latest``."""

    ASSET = "asset"
    POINTER = "pointer"


@dataclass(frozen=True, slots=True)
class Sighting:
    """
    When a file or a pointer of a release first was right at a pair; ``None`` while it is not.

    ``last_miss_at`` is the last attempt before that which failed. ``address`` is set where the
    endpoint's addresses are watched one by one. ``digest`` is the published one that the bytes of a
    file were last held against, and ``matched`` tells whether they had it.
    """

    product: str
    channel: str
    version: str
    kind: SightedKind
    name: str
    endpoint: str
    region: str
    address: str = ""
    first_at: datetime | None = None
    last_miss_at: datetime | None = None
    digest: Digest | None = None
    matched: bool | None = None


@dataclass(frozen=True, slots=True)
class IndexDigest:
    """A digest that an index or a pointer had, and the version it stands for, if that is known."""

    product: str
    channel: str
    name: str
    digest: Digest
    version: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Naming:
    """Which release the marker of a pair names since ``at``; empty if it names none."""

    product: str
    channel: str
    endpoint: str
    region: str
    version: str
    at: datetime


class DetectedBy(StrEnum):
    """Who noticed an incident first."""

    PROBE = "probe"
    ALERT = "alert"
    USER = "user"


class RestoredBy(StrEnum):
    """What ended an incident for users."""

    ENDPOINT = "endpoint"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """
    One row of the incident register; it is open while ``restored_at`` is ``None``.

    ``served_at`` is when users were served again, ``restored_at`` when the endpoint itself was.
    ``impact_minutes`` are regions x minutes, ``impact_share`` the same by the weight of regions.
    ``recurs`` names the earlier incident of the same class, ``joined`` the one this is part of.
    """

    id: str
    product: str
    channel: str
    endpoint: str
    region: str
    onset_at: datetime
    detected_at: datetime
    detected_by: DetectedBy
    reason: str
    incident_class: str
    version: str = ""
    first_failure_at: datetime | None = None
    last_success_at: datetime | None = None
    served_at: datetime | None = None
    restored_at: datetime | None = None
    restored_by: RestoredBy | None = None
    impact_minutes: float = 0.0
    impact_share: float | None = None
    recurs: str = ""
    joined: str = ""
    fingerprint: str = ""
    cause: str = ""
    report: str = ""
    metric_matched: str = ""


@dataclass(frozen=True, slots=True)
class HealthRecord:
    """How the targets of a pair stood at a moment, as text of ``probe.domain.health_text``."""

    product: str
    channel: str
    endpoint: str
    region: str
    at: datetime
    health: str


@dataclass(frozen=True, slots=True)
class Verification:
    """
    What a verifier last said of the bytes with a digest, unchanged since ``since``.

    ``kind`` names the verifier, ``outcome`` is a word of its own vocabulary.
    """

    kind: str
    subject: Digest
    product: str
    channel: str
    version: str
    artifact: str
    outcome: str
    detail: str
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was told: an approval, an override of a gate. ``id`` makes it one of one."""

    id: str
    kind: str
    product: str
    channel: str
    version: str
    at: datetime
    actor: str
    detail: str


@dataclass(frozen=True, slots=True)
class Review:
    """A review of a product's KPIs that was accepted; ``basis`` is what it was held against."""

    product: str
    channel: str
    at: datetime
    actor: str
    basis: str
    note: str


Entry = (
    Published
    | Sighting
    | IndexDigest
    | Naming
    | IncidentRecord
    | HealthRecord
    | Verification
    | Event
    | Review
)


@dataclass(frozen=True, slots=True)
class Segment:
    """What counts are told apart by when they are added up over artifacts."""

    product: str
    channel: str
    version: str
    endpoint: str
    endpoint_kind: EndpointKind
    region: str
    asset_class: AssetClass
    size_tier: SizeTier
    auth_mode: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted by segment, and in which window exactly."""

    window: Window
    by_segment: Mapping[Segment, Tally]

    @property
    def total(self) -> Tally:
        """Return the sum over all segments."""
        whole = Tally()
        for tally in self.by_segment.values():
            whole.add(tally)
        return whole


@dataclass(frozen=True, slots=True)
class LastHeard:
    """
    When a target was last heard of, verified, and read in full; ``up`` is ``None`` if unknown.

    It was heard of when an attempt came to a verdict: one that did not says nothing of it.
    ``verified_at`` is of the bytes that the catalog named at the last attempt. ``reason`` is that
    of the failure that stands, and empty where none does.
    """

    key: str
    segment: Segment
    artifact: str
    platform: Platform | None
    address: str
    up: bool | None
    heard_at: datetime | None
    verified_at: datetime | None
    full_at: datetime | None
    reason: str = ""
