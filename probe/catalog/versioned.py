"""Releases that are read one version at a time, and kept once they are known."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from probe.catalog.reading import DocumentMissing
from probe.catalog.versions import Tag, VersionList, Versions
from probe.domain.artifact import Release

MAX_REMEMBERED = 200


class VersionedReleases:
    """
    The releases of a list of versions.

    What is pointed to is read each time, as it may be under way; an earlier version once. Without
    an index, versions that were pointed to before stay listed.
    """

    def __init__(self, versions: VersionList, read: Callable[[Tag], Awaitable[Release]]) -> None:
        self._versions = versions
        self._read = read
        self._known: dict[str, Release] = {}

    async def releases(self) -> Sequence[Release]:
        """
        Return every release there is, and was while this process ran.

        Raises:
            CatalogError: the versions, or the documents of the current one, cannot be had.
        """
        versions = await self._versions.read()
        found: dict[str, Release] = {}
        if versions.current:
            found[versions.current.version] = self._first_seen(await self._read(versions.current))
        for place, tag in enumerate(versions.earlier, start=1):
            release = self._known.get(tag.version) or await self._earlier(tag, place)
            if release:
                found[tag.version] = release
        self._known = self._kept(versions, found)
        return tuple(self._known.values())

    async def _earlier(self, tag: Tag, place: int) -> Release | None:
        try:
            release = await self._read(tag)
        except DocumentMissing:
            # Old versions are pruned; that they are listed still is not worth losing the rest.
            return None
        # Releases of which nobody says when they came keep the order in which they are listed.
        return replace(release, published_at=release.published_at - timedelta(microseconds=place))

    def _first_seen(self, release: Release) -> Release:
        # The documents may be written anew; the release is as old as it was.
        known = self._known.get(release.version)
        earliest = min(release.published_at, known.published_at) if known else release.published_at
        return replace(release, published_at=earliest)

    def _kept(self, versions: Versions, found: dict[str, Release]) -> dict[str, Release]:
        if versions.complete:
            return found
        kept = {**self._known, **found}
        return dict(sorted(kept.items(), key=lambda each: each[1].published_at)[-MAX_REMEMBERED:])
