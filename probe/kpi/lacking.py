"""What a release lacks of all that it should have, and whether it was complete in time (C1)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from probe.domain.artifact import AssetClass, Platform
from probe.domain.expectation import Comparison, Expected, ExpectedBy
from probe.kpi.evidence import COMPLETE_WITHIN, Asset, Notes, Released
from probe.kpi.value import every


class Lack(StrEnum):
    """What can be missing. Label values: never renamed."""

    PLATFORM = "platform"
    FILE = "file"
    CHECKSUM = "checksum"
    SIGNATURE = "signature"
    MANIFEST = "manifest"
    NOTES = "notes"
    PROVENANCE = "provenance"
    SBOM = "sbom"


_BY_CLASS: Mapping[AssetClass, Lack] = {
    AssetClass.CHECKSUM: Lack.CHECKSUM,
    AssetClass.SIGNATURE: Lack.SIGNATURE,
    AssetClass.CERTIFICATE: Lack.SIGNATURE,
    AssetClass.PROVENANCE: Lack.PROVENANCE,
    AssetClass.SBOM: Lack.SBOM,
    AssetClass.METADATA: Lack.MANIFEST,
}


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a release should have, and has not; ``inferred`` from the one before it."""

    kind: Lack
    name: str = ""
    platform: Platform | None = None
    inferred: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.platform or ''}".strip()


def lack_of(asset_class: AssetClass) -> Lack:
    """Return what is missing where a file of that class is."""
    return _BY_CLASS.get(asset_class, Lack.FILE)


def missing(release: Released) -> tuple[Missing, ...]:
    """Return what *release* is known to lack; files that nobody has asked for are not in it."""
    return (
        *(Missing(Lack.PLATFORM, platform=each) for each in release.absent_platforms),
        *(_absent(each, release.comparison) for each in release.comparison.absent),
        *(_missing(each) for each in release.assets if _is_there(each) is False),
        *(
            Missing(Lack.CHECKSUM, each.artifact.name, each.artifact.platform)
            for each in _without_checksum(release)
        ),
        *((Missing(Lack.NOTES),) if release.notes is Notes.LACKING else ()),
    )


def missing_counts(release: Released) -> Mapping[Lack, int]:
    """Return how much is missing of each kind of which that is known, 0 included."""
    counts = Counter(each.kind for each in missing(release))
    unseen = {_kind(each) for each in release.assets if _is_there(each) is None}
    known = {_kind(each) for each in release.assets} - unseen
    known |= {Lack.PLATFORM, *({Lack.FILE, Lack.CHECKSUM} - unseen), *counts}
    if release.notes is Notes.THERE:
        known.add(Lack.NOTES)
    return {kind: counts[kind] for kind in Lack if kind in known}


def complete_at(release: Released) -> datetime | None:
    """Return when the last of what a release should have was there; ``None`` if some is not."""
    firsts = [asset.first_at for asset in release.assets]
    if _is_described_whole(release) is not True or None in firsts:
        return None
    return max(first for first in firsts if first is not None)


def complete_now(release: Released) -> bool | None:
    """Tell whether a release is complete, be it late; ``None`` if nobody looked at some of it."""
    return every([_is_described_whole(release), *map(_is_there, release.assets)])


def complete_in_time(release: Released, at: datetime) -> bool | None:
    """
    Tell whether a release was complete at its deadline; what was settled once is not undone.

    ``None`` while there still is time, and of what nobody looked at in time.
    """
    if release.settled is not None:
        return release.settled
    deadline = release.published_at + COMPLETE_WITHIN
    completed = complete_at(release)
    if completed is not None and completed <= deadline:
        return True
    # What is missing from a release that was old already may have been there in its time.
    if at < deadline or not release.watched:
        return None
    there = [_was_there(asset, deadline) for asset in release.assets]
    return every([_is_described_whole(release), *there])


def _is_described_whole(release: Released) -> bool | None:
    """Tell whether its catalog has all of it, whether or not that can be downloaded."""
    absent = release.absent_platforms or release.comparison.absent
    if absent or _without_checksum(release) or not release.assets:
        return False
    match release.notes:
        case Notes.LACKING:
            return False
        case Notes.UNKNOWN:
            return None
        case Notes.NOT_ASKED | Notes.THERE:
            return True


def _without_checksum(release: Released) -> list[Asset]:
    if not release.checksums:
        return []
    return [each for each in release.distributable if not each.artifact.digests]


def _absent(expected: Expected, comparison: Comparison) -> Missing:
    inferred = comparison.by is ExpectedBy.PREVIOUS
    return Missing(lack_of(expected.asset_class), expected.name, expected.platform, inferred)


def _is_there(asset: Asset) -> bool | None:
    if asset.first_at is not None:
        return True
    return None if asset.missed_at is None else False


def _was_there(asset: Asset, deadline: datetime) -> bool | None:
    if asset.first_at is not None and asset.first_at <= deadline:
        return True
    # What came later without having been missed may have been there all the time.
    return None if asset.missed_at is None else False


def _missing(asset: Asset) -> Missing:
    return Missing(_kind(asset), asset.artifact.name, asset.artifact.platform)


def _kind(asset: Asset) -> Lack:
    return lack_of(asset.artifact.asset_class)
