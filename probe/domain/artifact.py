"""Digests, platforms, artifacts and the releases that hold them."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

_HEX = re.compile(r"[0-9a-f]+")


class DigestAlgorithm(StrEnum):
    """The algorithms that prove something. MD5 and SHA-1 do not, so they have no name here."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"

    @property
    def hex_length(self) -> int:
        """Return how many hexadecimal characters a digest of this algorithm has."""
        return _HEX_LENGTHS[self]


_HEX_LENGTHS = {
    DigestAlgorithm.SHA256: 64,
    DigestAlgorithm.SHA384: 96,
    DigestAlgorithm.SHA512: 128,
}


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """
    A digest in lower-case hexadecimal.

    Raises:
        ValueError: the text is not hexadecimal of the algorithm's length.
    """

    algorithm: DigestAlgorithm
    hex: str

    def __post_init__(self) -> None:
        if len(self.hex) != self.algorithm.hex_length or not _HEX.fullmatch(self.hex):
            raise ValueError(
                f"a {self.algorithm} digest is {self.algorithm.hex_length} lower-case "
                f"hexadecimal characters, not {self.hex[:140]!r}"
            )

    @classmethod
    def parse(cls, text: str) -> "Digest":
        """
        Parse ``sha256:9f86d0…``, the form of the OCI image specification.

        Raises:
            ValueError: no or an unknown algorithm prefix, or not a digest of it.
        """
        algorithm, colon, value = text.strip().partition(":")
        if not colon:
            raise ValueError(f"expected algorithm:hex, not {text[:140]!r}")
        return cls.of(algorithm, value)

    @classmethod
    def of(cls, algorithm: str, value: str) -> "Digest":
        """
        Build a digest from an algorithm's name and a hexadecimal text of either case.

        Raises:
            ValueError: the algorithm is not accepted, or the text is not a digest of it.
        """
        try:
            known = DigestAlgorithm(algorithm.strip().lower().replace("-", ""))
        except ValueError:
            accepted = ", ".join(DigestAlgorithm)
            raise ValueError(
                f"digest algorithm {algorithm[:40]!r} is not accepted (one of {accepted})"
            ) from None
        return cls(known, value.strip().lower())

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.hex}"


@dataclass(frozen=True, slots=True, order=True)
class Platform:
    """An operating system and an architecture in Go's spelling, ``linux/amd64``; ``any/any``."""

    os: str
    arch: str

    def __str__(self) -> str:
        return "any" if self == ANY_PLATFORM else f"{self.os}/{self.arch}"


ANY_PLATFORM = Platform("any", "any")


class AssetClass(StrEnum):
    """What a file of a release is for."""

    BINARY = "binary"
    ARCHIVE = "archive"
    PACKAGE = "package"
    INSTALLER = "installer"
    IMAGE = "image"
    SOURCE = "source"
    CHECKSUM = "checksum"
    SIGNATURE = "signature"
    CERTIFICATE = "certificate"
    PROVENANCE = "provenance"
    SBOM = "sbom"
    METADATA = "metadata"

    @property
    def distributable(self) -> bool:
        """Tell whether a user installs such a file; the others only vouch for it."""
        return self in _DISTRIBUTABLE


_DISTRIBUTABLE = frozenset(
    {
        AssetClass.BINARY,
        AssetClass.ARCHIVE,
        AssetClass.PACKAGE,
        AssetClass.INSTALLER,
        AssetClass.IMAGE,
        AssetClass.SOURCE,
    }
)


class SizeTier(StrEnum):
    """Ranges of artifact sizes by which transfer success is told apart (P4)."""

    XS = "xs"
    S = "s"
    M = "m"
    L = "l"
    XL = "xl"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, size_bytes: int | None) -> "SizeTier":
        """Return the tier of a catalog size: xs < 1 MiB, s < 10 MiB, m < 100 MiB, l < 1 GiB."""
        if size_bytes is None:
            return cls.UNKNOWN
        for tier, below in _TIERS:
            if size_bytes < below:
                return tier
        return cls.XL


_TIERS = (
    (SizeTier.XS, MIB),
    (SizeTier.S, 10 * MIB),
    (SizeTier.M, 100 * MIB),
    (SizeTier.L, GIB),
)


@dataclass(frozen=True, slots=True)
class Artifact:
    """
    One file of a release, as its catalog describes it; ``None`` is what is left out.

    Its digests are ``vouched`` for by its publisher, or else a platform computed them from what it
    was given; ``None`` is where nobody could look.
    """

    name: str
    asset_class: AssetClass
    platform: Platform | None
    size_bytes: int | None
    digests: tuple[Digest, ...] = ()
    vouched: bool | None = True

    @property
    def size_tier(self) -> SizeTier:
        """Return the tier of the published size."""
        return SizeTier.of(self.size_bytes)


@dataclass(frozen=True, slots=True)
class Release:
    """
    One version on one channel, with every file it should have.

    ``required_endpoints`` empty means: those that the product's configuration requires.
    """

    version: str
    channel: str
    published_at: datetime
    artifacts: tuple[Artifact, ...]
    tag: str = ""
    approved_at: datetime | None = None
    tagged_at: datetime | None = None
    yanked: bool = False
    previous_known_good: str = ""
    rollback_doc: str = ""
    notes_url: str = ""
    required_endpoints: tuple[str, ...] = ()
    pointers: tuple[tuple[str, str], ...] = ()
