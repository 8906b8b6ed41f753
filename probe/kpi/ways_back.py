"""The release to go back to, and whether one could (R3)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from probe.domain.artifact import Release
from probe.domain.evidence import Pair, Published
from probe.domain.paper import Paper
from probe.domain.propagation import asset_names
from probe.domain.target import Product
from probe.kpi.evidence import Rollback, WayBack
from probe.kpi.rollback import documented, found_of, served
from probe.kpi.sighted import read_whole
from probe.ports import Kept

NOWHERE = Rollback(named=False, served=None, signed=None, documented=None)


@dataclass(frozen=True, slots=True)
class WaysBack:
    """Looks for ways back among what is kept; ``regions`` are those that are configured."""

    kept: Kept
    product: Product
    regions: Collection[str]

    def of(self, release: Release, at: datetime) -> tuple[Rollback | None, tuple[Paper, ...]]:
        """
        Return whether there is a way back from *release*, and the documents that it needs.

        From the first release there is none to look for. May raise ``EvidenceUnavailable``.
        """
        before = self._known_good(release)
        if before is None:
            first = self.kept.release_before(*self.product.key, release.published_at) is None
            return (None if first and not release.previous_known_good else NOWHERE), ()
        version, files = before.release.version, asset_names(before.release)
        own, whole = self._probed(before.required), read_whole(self.product)
        papers = self._papers(release, before.release)
        found = found_of(self.kept.verifications(*self.product.key, version), at)
        heard = self.kept.last_heard(*self.product.key, at, version)
        rollback = Rollback(
            named=True,
            served=served(WayBack(version, files, own, whole), heard, at),
            # Nobody asks for signatures as yet.
            signed=True,
            documented=documented(papers, found),
            to=WayBack(version, files, own | self._probed(before.elsewhere), whole),
        )
        return rollback, papers

    def _known_good(self, release: Release) -> Published | None:
        """Return the release that is named to go back to and not withdrawn, the newest of them."""
        named = [release.previous_known_good] if release.previous_known_good else []
        found = (
            self.kept.release(*self.product.key, each) for each in named or self.product.known_good
        )
        sound = [
            each
            for each in found
            if each is not None
            and not each.release.yanked
            and each.release.published_at < release.published_at
        ]
        return max(sound, key=lambda each: each.release.published_at, default=None)

    def _papers(self, release: Release, before: Release) -> tuple[Paper, ...]:
        general = self.product.rollback_doc.replace("{version}", quote(before.version, safe=""))
        return (
            Paper(before.notes_url, before.version),
            Paper(release.rollback_doc or general, before.version),
        )

    def _probed(self, pairs: Iterable[Pair]) -> frozenset[Pair]:
        """Return those of *pairs* that are probed by the configuration as it is now."""
        asked = {each.name: each.regions or self.regions for each in self.product.endpoints}
        return frozenset(
            pair
            for pair in pairs
            if pair.endpoint in asked
            and (not asked[pair.endpoint] or pair.region in asked[pair.endpoint])
        )
