"""C1-C3: is everything there that a release should have, for every platform, fully described?"""

import re
from datetime import datetime

from probe.kpi.alerts import completeness as alerts
from probe.kpi.evidence import COMPLETE_WITHIN, Asset, Evidence, Released
from probe.kpi.folding import overall
from probe.kpi.model import Category, Direction, Group, Kpi, Measure, Per, Rule, Unit
from probe.kpi.value import NO_RELEASES, Value, ratio, share

_VERSION = re.compile(r"v?\d[0-9A-Za-z.\-+_~:]*")


def complete_at(release: Released) -> datetime | None:
    """Return when the last of what a release should have was there; ``None`` if some is not."""
    firsts = [asset.first_at for asset in release.assets]
    lacking = release.absent_platforms or release.notes is False or _without_digest(release)
    if lacking or not firsts or None in firsts:
        return None
    return max(first for first in firsts if first is not None)


def complete_at_deadline(release: Released, at: datetime) -> bool | None:
    """
    Tell whether a release was complete in time; ``None`` while there still is time.

    Of one that is complete, and was out before anybody looked, nobody knows since when it is.
    """
    deadline = release.published_at + COMPLETE_WITHIN
    completed = complete_at(release)
    if completed is not None and completed <= deadline:
        return True
    if completed is not None and not release.watched:
        return None
    return False if at >= deadline else None


def described(asset: Asset, release: Released) -> bool:
    """Tell whether hash, size, version, channel and platform are all there and all valid."""
    artifact = asset.artifact
    tag = release.tag or release.version
    return (
        bool(artifact.digests)
        and bool(artifact.size_bytes)
        and _VERSION.fullmatch(release.version) is not None
        and tag.endswith(release.version.removeprefix("v"))
        and bool(release.channel)
        and artifact.platform is not None
    )


def _without_digest(release: Released) -> list[Asset]:
    return [asset for asset in release.distributable if not asset.artifact.digests]


def _completeness(evidence: Evidence) -> Value:
    verdicts = [complete_at_deadline(each, evidence.at) for each in evidence.releases]
    return share(verdicts)


def _complete_now(evidence: Evidence) -> Value:
    return share(complete_at(each) is not None for each in evidence.releases)


def _missing(evidence: Evidence) -> Value:
    return share(bool(each.absent_platforms) for each in evidence.releases)


def _described(evidence: Evidence) -> Value:
    verdicts = [
        described(asset, release)
        for release in evidence.releases
        for asset in release.distributable
    ]
    return ratio(sum(verdicts), len(verdicts), NO_RELEASES)


def _with_checksums(evidence: Evidence) -> Value:
    return share(
        not release.absent_platforms and not _without_digest(release)
        for release in evidence.releases
    )


_RELEASES = "count by (product, channel) (max by (product, channel, version) ({of}))"

RELEASE_COMPLETENESS = Kpi(
    code="C1",
    name="release_completeness",
    category=Category.COMPLETENESS,
    question="Was the release published completely?",
    method="releases of which every expected file was a verified download within 30 minutes of "
    "publication / releases of the window that were not withdrawn",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.98,
    per=Per.RELEASE,
    headline=Measure(
        overall(_completeness),
        Rule(
            Group.CROSS_REGION,
            "delivery:release_completeness:ratio",
            """\
sum by (product, channel) (max by (product, channel, version) (delivery_release_complete))
/ count by (product, channel) (max by (product, channel, version) (delivery_release_complete))""",
        ),
    ),
    parts=(Measure(overall(_complete_now), None),),
    alerts=alerts.INCOMPLETE,
)

MISSING_ASSETS = Kpi(
    code="C2",
    name="missing_assets",
    category=Category.COMPLETENESS,
    question="How many releases lack the build for some platform?",
    method="releases that lack at least one expected platform / releases of the window",
    unit=Unit.RATIO,
    direction=Direction.LOWER,
    target=0.02,
    per=Per.RELEASE,
    headline=Measure(
        overall(_missing),
        Rule(
            Group.CROSS_REGION,
            "delivery:missing_asset_releases:ratio",
            """\
sum by (product, channel) (
  max by (product, channel, version) (delivery_release_missing_assets{kind="platform"}) > bool 0
)
/ count by (product, channel) (
  max by (product, channel, version) (delivery_release_missing_assets{kind="platform"})
)""",
        ),
    ),
)

METADATA_COMPLETENESS = Kpi(
    code="C3",
    name="metadata_completeness",
    category=Category.COMPLETENESS,
    question="Is every file described well enough to be found, checked and supported?",
    method="distributable files with a valid hash, size, version, channel and platform / "
    "distributable files by the catalog",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.98,
    per=Per.RELEASE,
    headline=Measure(
        overall(_described),
        Rule(
            Group.CROSS_REGION,
            "delivery:metadata_completeness:ratio",
            """\
sum by (product, channel) (
  max by (product, channel, version) (delivery_release_assets_covered{control="metadata"})
)
/ sum by (product, channel) (max by (product, channel, version) (delivery_release_assets))""",
        ),
    ),
    alerts=(alerts.METADATA_INCOMPLETE,),
)

KPIS = (RELEASE_COMPLETENESS, MISSING_ASSETS, METADATA_COMPLETENESS)
