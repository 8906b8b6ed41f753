"""The publisher's own digests in a GitHub release, beside those that GitHub computed."""

import asyncio
from dataclasses import replace

from probe.catalog.checksum_digests import digests_by_name
from probe.catalog.checksum_file import ChecksumFile, parse_checksums
from probe.catalog.github_page import Asset, Listed
from probe.catalog.reading import INLINE_BYTES, Bearer
from probe.domain.artifact import Artifact, AssetClass, Digest, Release
from probe.domain.class_names import classify
from probe.ports import CatalogError, Documents, DocumentUnavailable

AUTO = "auto"
NONE = "none"

# A sidecar is about one file; of the others the first of these words in a name decides.
_WORDS = ("sha512", "sha256", "shasums", "checksum")
_READ_RELEASES = 10
_REMEMBERED = 100
_OK = 200
_RAW = {"Accept": "application/octet-stream"}


class PublisherSums:
    """
    Adds what the checksum file of a release says to the release's artifacts.

    A file that cannot be had now adds nothing, as the release is not to be hidden by it; one that
    contradicts GitHub or itself is a fault of the catalog.
    """

    def __init__(self, wanted: str, documents: Documents, bearer: Bearer) -> None:
        self._wanted = wanted
        self._documents = documents
        self._bearer = bearer
        self._read: dict[str, ChecksumFile] = {}

    async def added(self, listed: list[Listed]) -> list[Release]:
        """
        Return the releases, the newest ten with the publisher's digests.

        Raises:
            CatalogError: a checksum file is none, or disagrees about an asset.
        """
        if self._wanted == NONE:
            return [each.release for each in listed]
        newest = sorted(listed, key=lambda each: each.release.published_at, reverse=True)
        with_sums = [await self._with_sums(each) for each in newest[:_READ_RELEASES]]
        return [*with_sums, *(each.release for each in newest[_READ_RELEASES:])]

    async def _with_sums(self, listed: Listed) -> Release:
        asset = self._chosen(listed)
        if asset is None:
            return _unvouched(listed.release)
        sums = await self._sums(asset) if asset.edition else None
        if sums is None:
            return listed.release
        try:
            digests = digests_by_name(sums)
            artifacts = tuple(
                _joined(each, digests.get(each.name, ())) for each in listed.release.artifacts
            )
        except CatalogError as error:
            raise CatalogError(f"{listed.release.tag}, {asset.name}: {error}") from error
        return replace(listed.release, artifacts=artifacts)

    def _chosen(self, listed: Listed) -> Asset | None:
        if self._wanted == AUTO:
            return _about_all(listed.assets)
        release = listed.release
        name = self._wanted.format_map({"version": release.version, "tag": release.tag})
        return next((each for each in listed.assets if each.name == name), None)

    async def _sums(self, asset: Asset) -> ChecksumFile | None:
        if asset.edition in self._read:
            return self._read[asset.edition]
        authorization = self._bearer.headers(asset.api_url)
        url = asset.api_url if authorization else asset.public_url
        # The answer says where: it must not be able to name a file of this machine.
        if not url.startswith(("https://", "http://")):
            return None
        try:
            document = await self._documents.read(url, {**_RAW, **authorization})
        except DocumentUnavailable:
            return None
        if document.status != _OK:
            return None
        if len(document.body) > INLINE_BYTES:
            parsed = await asyncio.to_thread(parse_checksums, document.body, asset.name)
        else:
            parsed = parse_checksums(document.body, asset.name)
        self._read[asset.edition] = parsed
        while len(self._read) > _REMEMBERED:
            del self._read[next(iter(self._read))]
        return parsed


def _about_all(assets: tuple[Asset, ...]) -> Asset | None:
    names = {each.name for each in assets}
    for word in _WORDS:
        for each in assets:
            kind = classify(each.name)
            sidecar = each.name.rpartition(".")[0] in names
            if (
                kind.asset_class is AssetClass.CHECKSUM
                and word in each.name.lower()
                and not sidecar
            ):
                return each
    return None


def _unvouched(release: Release) -> Release:
    artifacts = (replace(each, vouched=False) for each in release.artifacts)
    return replace(release, artifacts=tuple(artifacts))


def _joined(artifact: Artifact, said: tuple[Digest, ...]) -> Artifact:
    for one in artifact.digests:
        for other in said:
            if one.algorithm is other.algorithm and one != other:
                raise CatalogError(
                    f"{artifact.name} is {other} by its publisher and {one} by GitHub"
                )
    digests = tuple(dict.fromkeys((*artifact.digests, *said)))
    return replace(artifact, digests=digests, vouched=bool(said))
