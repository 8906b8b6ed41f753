"""What the catalog says of each kept release, as series."""

from collections.abc import Iterator

from probe.domain.artifact import Release
from probe.domain.snapshot import Snapshot
from probe.ports import Metrics
from probe.series import RELEASE_INFO, RELEASE_PUBLISHED

Labels = tuple[str, str, str]


class ReleaseSeries:
    """Keeps the series of kept releases; those of a release that is kept no more go."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def show(self, before: Snapshot, after: Snapshot) -> None:
        """Show *after*, and drop what only *before* had."""
        shown = dict(_labelled(after))
        for labels in dict(_labelled(before)).keys() - shown.keys():
            for series in (RELEASE_INFO, RELEASE_PUBLISHED):
                self._metrics.remove(series, labels)
        for labels, release in shown.items():
            self._metrics.set(RELEASE_INFO, labels, 1.0)
            self._metrics.set(RELEASE_PUBLISHED, labels, release.published_at.timestamp())


def _labelled(snapshot: Snapshot) -> Iterator[tuple[Labels, Release]]:
    for (product, channel), releases in snapshot.kept.items():
        for release in releases:
            yield (product, channel, release.version), release
