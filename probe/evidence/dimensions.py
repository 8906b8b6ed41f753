"""The ids of targets and segments, so that a bucket's row need not spell them out."""

import sqlite3

from probe.domain.artifact import AssetClass, Platform, SizeTier
from probe.domain.evidence import Segment
from probe.domain.target import EndpointKind, Target
from probe.evidence.record_row import storable

SEGMENT = (
    "product, channel, version, endpoint, endpoint_kind, region, asset_class, size_tier, auth_mode"
)

_NEW_SEGMENT = (
    f"INSERT INTO segment ({SEGMENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_SEGMENT_ID = f"SELECT id FROM segment WHERE ({SEGMENT}) = (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TARGET = """INSERT INTO target (key, segment, artifact, platform, address)
VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET segment = excluded.segment, platform = excluded.platform
RETURNING id"""

_REMEMBERED = 10_000

Names = tuple[str, ...]


class Dimensions:
    """Gives ids. Those of segments are remembered."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._segments: dict[Names, int] = {}

    def id_of(self, target: Target) -> int:
        """Return the id of *target*'s row; it is made, or brought up to date, where need be."""
        row = (
            storable(target.key),
            self.segment_id(_names(target)),
            storable(target.artifact.name),
            platform_text(target.artifact.platform),
            target.address,
        )
        [(found,)] = self._connection.execute(_TARGET, row)
        return int(found)

    def segment_id(self, names: Names) -> int:
        """Return the id of the segment with the values of ``SEGMENT``."""
        found = self._segments.get(names)
        if found is None:
            if len(self._segments) >= _REMEMBERED:
                self._segments.clear()
            self._connection.execute(_NEW_SEGMENT, names)
            [(found,)] = self._connection.execute(_SEGMENT_ID, names)
            self._segments[names] = int(found)
        return int(found)

    def forget(self) -> None:
        """Look everything up again: rows that were made are there no more."""
        self._segments.clear()


def segment_of(names: Names) -> Segment:
    """
    Return the segment of the values of ``SEGMENT``.

    Raises:
        ValueError: a word that is not in its enumeration.
    """
    product, channel, version, endpoint, kind, region, asset_class, size_tier, auth_mode = names
    return Segment(
        product,
        channel,
        version,
        endpoint,
        EndpointKind(kind),
        region,
        AssetClass(asset_class),
        SizeTier(size_tier),
        auth_mode,
    )


def platform_text(platform: Platform | None) -> str:
    """Return ``linux/amd64``, or nothing where no platform is known."""
    return f"{platform.os}/{platform.arch}" if platform else ""


def platform_of(text: str) -> Platform | None:
    """Return the platform of its text."""
    os, _, arch = text.partition("/")
    return Platform(os, arch) if os else None


def names_of(segment: Segment) -> Names:
    """Return the values of ``SEGMENT``."""
    return (
        segment.product,
        segment.channel,
        segment.version,
        segment.endpoint,
        segment.endpoint_kind,
        segment.region,
        segment.asset_class,
        segment.size_tier,
        segment.auth_mode,
    )


def _names(target: Target) -> Names:
    release, endpoint, artifact = target.release, target.endpoint, target.artifact
    return (
        storable(target.product),
        storable(release.channel),
        storable(release.version),
        storable(endpoint.name),
        endpoint.kind,
        storable(target.region.name),
        artifact.asset_class,
        artifact.size_tier,
        storable(endpoint.auth_mode),
    )
