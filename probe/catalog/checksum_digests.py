"""From the lines of a checksum file to the digests of each file it lists."""

from probe.catalog.checksum_file import ChecksumFile
from probe.domain.artifact import Digest, DigestAlgorithm
from probe.domain.text import clean
from probe.ports import CatalogError


def digests_by_name(
    sums: ChecksumFile, *, keep_directories: bool = False
) -> dict[str, tuple[Digest, ...]]:
    """
    Return every listed file with its accepted digests, which may be none.

    Raises:
        CatalogError: nothing is listed, or a file has two different digests of one algorithm.
    """
    if not sums.entries:
        raise CatalogError(f"not a checksum file ({'; '.join(sums.faults) or 'it is empty'})")
    if sums.contradicted:
        raise CatalogError(f"two different digests for {clean(sums.contradicted[0])}")
    found: dict[str, dict[DigestAlgorithm, Digest]] = {}
    for entry in sums.entries:
        name = entry.name if keep_directories else entry.base_name
        known = found.setdefault(name, {})
        digest = entry.digest
        if digest and known.setdefault(digest.algorithm, digest) != digest:
            raise CatalogError(f"two different digests for {clean(name)} in two directories")
    return {name: tuple(known.values()) for name, known in found.items()}
