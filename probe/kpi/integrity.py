"""I1-I4: can what was downloaded be proven to be what was published?"""

from collections.abc import Mapping

from probe.domain.bucket import Tally
from probe.domain.failure import FailureReason
from probe.kpi.alerts import integrity as alerts
from probe.kpi.attempts import VERIFICATIONS
from probe.kpi.coverage import Control, coverage, covered
from probe.kpi.evidence import Evidence, Released
from probe.kpi.folding import overall, summed
from probe.kpi.model import (
    OVERALL,
    Basis,
    Category,
    Direction,
    Group,
    Key,
    Kpi,
    Measure,
    Per,
    Rule,
    Unit,
)
from probe.kpi.shared_rules import CONTROL_COVERAGE
from probe.kpi.value import Unknown, Value, ratio, share

# Only a body that was read to its end and hashed can fail by these.
_REFUTED = (FailureReason.CHECKSUM_MISMATCH, FailureReason.STALE)


def _by_anybody(evidence: Evidence) -> Value:
    """Return I1 with digests that a platform computed, of what it was given to store."""
    return share(
        asset.proven if asset.artifact.digests else False
        for release in evidence.releases
        for asset in release.distributable
    )


def _attested(release: Released) -> bool | None:
    files = len(release.distributable)
    count = covered(release, Control.PROVENANCE) if files else None
    return None if count is None else count == files


def _verified(evidence: Evidence) -> Mapping[Key, Value]:
    tally = summed(evidence, ()).get(OVERALL, Tally())
    refuted = sum(count for (reason, _), count in tally.faults.items() if reason in _REFUTED)
    missing = Unknown("nothing was downloaded in full")
    return {OVERALL: ratio(tally.full_verified, tally.full_verified + refuted, missing)}


CHECKSUM_COVERAGE = Kpi(
    code="I1",
    name="checksum_coverage",
    category=Category.INTEGRITY,
    question="How many files have a published checksum that is right?",
    method="distributable files with a digest by their publisher that the served bytes have / "
    "distributable files by the catalog, of releases of which all were read",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=1.0,
    per=Per.RELEASE,
    headline=Measure(
        overall(coverage(Control.CHECKSUM)),
        CONTROL_COVERAGE,
        basis=Basis.CATALOG,
        match={"control": Control.CHECKSUM},
    ),
    parts=(Measure(overall(_by_anybody), None),),
    alerts=(alerts.CHECKSUM_COVERAGE_LOW,),
)

SIGNATURE_COVERAGE = Kpi(
    code="I2",
    name="signature_coverage",
    category=Category.INTEGRITY,
    question="How many files are signed as the policy says, with a signature that verifies?",
    method="distributable files with a verifying signature / distributable files by the catalog",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=1.0,
    per=Per.RELEASE,
    headline=Measure(
        overall(coverage(Control.SIGNATURE)),
        CONTROL_COVERAGE,
        basis=Basis.CATALOG,
        match={"control": Control.SIGNATURE},
    ),
    alerts=(alerts.SIGNATURE_COVERAGE_LOW,),
)

PROVENANCE_COVERAGE = Kpi(
    code="I3",
    name="provenance_coverage",
    category=Category.INTEGRITY,
    question="How many releases can show where every file was built?",
    method="releases of which every distributable file is the subject of an accepted attestation "
    "/ releases of the window",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.95,
    per=Per.RELEASE,
    headline=Measure(
        overall(lambda evidence: share(_attested(each) for each in evidence.releases)),
        Rule(
            Group.CROSS_REGION,
            "delivery:provenance_coverage:ratio",
            """\
sum by (product, channel) (
  max by (product, channel, version) (delivery_release_assets_covered{control="provenance"})
  >= bool on (product, channel, version)
  max by (product, channel, version) (delivery_release_assets)
)
/ count by (product, channel) (
  max by (product, channel, version) (delivery_release_assets_covered{control="provenance"})
)""",
        ),
        basis=Basis.CATALOG,
    ),
    alerts=(alerts.PROVENANCE_COVERAGE_LOW,),
)

VERIFICATION_SUCCESS = Kpi(
    code="I4",
    name="verification_success",
    category=Category.INTEGRITY,
    question="How often does checking a download succeed?",
    method="full downloads whose bytes had the published digest / those and the ones that were "
    "other bytes (checksum_mismatch, stale)",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.999,
    headline=Measure(
        _verified,
        Rule(
            Group.CROSS_REGION,
            "delivery:checksum_verification:ratio_30d",
            """\
(
  sum by (product, channel) (increase(delivery_download_attempts_total{depth="full"}[30d]))
  - sum by (product, channel) (increase(delivery_download_failures_total{depth="full"}[30d]))
)
/ (
  sum by (product, channel) (increase(delivery_download_attempts_total{depth="full"}[30d]))
  - sum by (product, channel) (
    increase(
      delivery_download_failures_total{
        depth="full", reason!~"checksum_mismatch|stale"
      }[30d]
    )
  ) > 0
)""",
        ),
    ),
    events=VERIFICATIONS,
    alerts=(alerts.MISMATCH,),
)

KPIS = (CHECKSUM_COVERAGE, SIGNATURE_COVERAGE, PROVENANCE_COVERAGE, VERIFICATION_SUCCESS)
