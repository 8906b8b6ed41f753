"""How many files of a release a control covers: checksum, metadata, signature, provenance."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from probe.kpi.evidence import Asset, Evidence, Released, Signed
from probe.kpi.value import NO_RELEASES, Unknown, Value, every, ratio

_VERSION = re.compile(r"v?\d[0-9A-Za-z.\-+_~:]*")
_BEFORE = r"(?:.*[^0-9A-Za-z.])?v?"


class Control(StrEnum):
    """What a file may be covered by. Label values: never renamed."""

    CHECKSUM = "checksum"
    METADATA = "metadata"
    SIGNATURE = "signature"
    PROVENANCE = "provenance"


class Field(StrEnum):
    """What has to be said of every file."""

    HASH = "hash"
    SIZE = "size"
    VERSION = "version"
    CHANNEL = "channel"
    PLATFORM = "platform"


def described(asset: Asset, release: Released) -> Mapping[Field, bool]:
    """Return of each field whether it is there, and valid."""
    artifact, version = asset.artifact, release.version
    tag = release.tag or version
    same = re.fullmatch(_BEFORE + re.escape(version.removeprefix("v")), tag, re.DOTALL)
    return {
        Field.HASH: bool(artifact.digests),
        Field.SIZE: bool(artifact.size_bytes),
        Field.VERSION: _VERSION.fullmatch(version) is not None and same is not None,
        Field.CHANNEL: bool(release.channel),
        Field.PLATFORM: artifact.platform is not None,
    }


def is_vouched_for(asset: Asset) -> bool | None:
    """Tell whether the publisher of a file said what its bytes have to be."""
    return asset.artifact.vouched if asset.artifact.digests else False


def _has_checksum(asset: Asset, _release: Released) -> bool | None:
    return every((is_vouched_for(asset), asset.proven))


def _has_metadata(asset: Asset, release: Released) -> bool | None:
    return all(described(asset, release).values())


def _has_signature(asset: Asset, _release: Released) -> bool | None:
    return None if asset.signed is None else asset.signed is Signed.VERIFIED


def _has_provenance(asset: Asset, _release: Released) -> bool | None:
    return asset.attested


_JUDGES: Mapping[Control, Callable[[Asset, Released], bool | None]] = {
    Control.CHECKSUM: _has_checksum,
    Control.METADATA: _has_metadata,
    Control.SIGNATURE: _has_signature,
    Control.PROVENANCE: _has_provenance,
}


def covered(release: Released, control: Control) -> int | None:
    """Return how many of its files *control* covers; ``None`` while that of some is not known."""
    verdicts = [_JUDGES[control](asset, release) for asset in release.distributable]
    return None if None in verdicts else sum(verdict is True for verdict in verdicts)


def coverage(control: Control) -> Callable[[Evidence], Value]:
    """Return the share of files that *control* covers, of the releases of which that is known."""

    def reduce(evidence: Evidence) -> Value:
        counts = [(each, covered(each, control)) for each in evidence.releases]
        known = [(count, len(each.distributable)) for each, count in counts if count is not None]
        unknown = sum(len(each.distributable) for each, count in counts if count is None)
        if unknown and not known:
            return Unknown(f"not all of {unknown} files were looked at")
        return ratio(
            sum(count for count, _ in known), sum(files for _, files in known), NO_RELEASES, unknown
        )

    return reduce
