"""C1-C3: is everything there that a release should have, for every platform, fully described?"""

from collections.abc import Mapping

from probe.kpi.alerts import completeness as alerts
from probe.kpi.coverage import Control, Field, coverage, described
from probe.kpi.evidence import COMPLETE_WITHIN, Evidence
from probe.kpi.folding import overall
from probe.kpi.lacking import complete_in_time, complete_now
from probe.kpi.model import Basis, Category, Direction, Group, Key, Kpi, Measure, Per, Rule, Unit
from probe.kpi.value import NO_RELEASES, Measured, Unknown, Value, ratio, share


def _completeness(evidence: Evidence) -> Value:
    releases, at = evidence.releases, evidence.at
    value = share(complete_in_time(each, at) for each in releases)
    if isinstance(value, Measured) or not releases:
        return value
    early = any(at < each.published_at + COMPLETE_WITHIN for each in releases)
    return Unknown("its deadline is not over" if early else "nobody watched it up to its deadline")


def _complete_now(evidence: Evidence) -> Value:
    return share(complete_now(each) for each in evidence.releases)


def _missing(evidence: Evidence) -> Value:
    return share(bool(each.absent_platforms) for each in evidence.releases)


def _by_field(evidence: Evidence) -> Mapping[Key, Value]:
    fields = [
        described(asset, release)
        for release in evidence.releases
        for asset in release.distributable
    ]
    return {
        (field.value,): ratio(sum(each[field] for each in fields), len(fields), NO_RELEASES)
        for field in Field
    }


_OF_RELEASES = "max by (product, channel, version) ({series})"


def _share_of_releases(series: str) -> str:
    each = _OF_RELEASES.format(series=series)
    return f"""\
sum by (product, channel) ({each})
/ count by (product, channel) ({each})"""


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
            _share_of_releases("delivery_release_complete"),
        ),
        basis=Basis.CATALOG,
    ),
    parts=(
        Measure(
            overall(_complete_now),
            Rule(
                Group.CROSS_REGION,
                "delivery:release_complete_now:ratio",
                _share_of_releases("delivery_release_complete_now"),
            ),
        ),
    ),
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
        basis=Basis.CATALOG,
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
        overall(coverage(Control.METADATA)),
        Rule(
            Group.CROSS_REGION,
            "delivery:metadata_completeness:ratio",
            """\
sum by (product, channel) (
  max by (product, channel, version) (delivery_release_assets_covered{control="metadata"})
)
/ sum by (product, channel) (
  max by (product, channel, version) (delivery_release_assets)
  and on (product, channel, version)
  max by (product, channel, version) (delivery_release_assets_covered{control="metadata"})
)""",
        ),
        basis=Basis.CATALOG,
    ),
    parts=(Measure(_by_field, None, ("field",)),),
    alerts=(alerts.METADATA_INCOMPLETE,),
)

KPIS = (RELEASE_COMPLETENESS, MISSING_ASSETS, METADATA_COMPLETENESS)
