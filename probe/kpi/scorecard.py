"""The scorecard of a release, or of a product over a window: six lines with names and numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from probe.domain.bucket import Tally
from probe.domain.evidence import DetectedBy, Window
from probe.domain.expectation import Comparison
from probe.domain.failure import DELIVERY_REASONS, FailureReason
from probe.domain.gate import Ruling, Source
from probe.domain.propagation import Rollout
from probe.domain.whole import Whole, wholes
from probe.kpi.availability import ARTIFACT_AVAILABILITY, BY_REGION, REGIONAL_AVAILABILITY
from probe.kpi.evidence import AS_LISTED, Asset, Evidence, Released, Signed
from probe.kpi.folding import summed
from probe.kpi.lacking import Missing, complete_at, complete_in_time, missing
from probe.kpi.model import OVERALL
from probe.kpi.public import FALLBACK_READINESS
from probe.kpi.publication import FailedPublication, failed_publications, fallbacks
from probe.kpi.value import Measured, Value

AUTH = "auth"
_AUTH_REASONS = frozenset(
    {FailureReason.AUTH_DENIED, FailureReason.AUTH_EXPIRED, FailureReason.AUTH_IDP}
)
# These four are named even where there were none.
ALWAYS_NAMED = (AUTH, "not_found", "timeout", "checksum_mismatch")


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether a release was published completely, and in time, by which list of what it needs."""

    ruling: Ruling
    missing: tuple[Missing, ...] = ()
    complete_at: datetime | None = None
    comparison: Comparison = AS_LISTED


@dataclass(frozen=True, slots=True)
class Availability:
    """
    The share of time in which files could be had, overall and from the worst region.

    ``None`` is what the source does not tell.
    """

    share: Value
    worst_region: str
    worst_share: Value
    attempts: int | None
    inconclusive: int | None


@dataclass(frozen=True, slots=True)
class Reasons:
    """
    How often downloads failed by each reason, of ``attempts``; the greatest share first.

    ``of_product`` tells that they are of all releases, though one was asked about.
    """

    attempts: int | None
    counts: Mapping[str, int]
    of_product: bool = False


@dataclass(frozen=True, slots=True)
class Integrity:
    """The files that are not proven: ``unchecked`` are those that nobody has looked at."""

    unsigned: tuple[str, ...] = ()
    without_hash: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incidents:
    """What went wrong; ``minutes`` are regions x minutes, ``share`` the same weighed by users."""

    count: int
    open: int
    minutes: float
    share: float | None
    mean_restore: timedelta | None
    longest_restore: timedelta | None
    told_by_users: int


@dataclass(frozen=True, slots=True)
class Fallback:
    """
    The share of files of the current release that GitHub could serve, and which of them it cannot.

    ``failed`` are the places that the release did not come to in time.
    """

    share: Value
    missing: tuple[str, ...] = ()
    failed: tuple[FailedPublication, ...] = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """
    The six lines, and what stands in for storage and CDN where they fail.

    ``completeness`` and ``rollout`` are of the newest release that there is evidence of, which
    ``version`` names; without one it is empty, and they are unknown. ``None`` is unknown, too.
    """

    product: str
    channel: str
    version: str
    window: Window
    completeness: Completeness
    availability: Availability
    rollout: Rollout | None
    reasons: Reasons
    integrity: Integrity | None
    incidents: Incidents | None
    fallback: Fallback
    source: Source = Source.LEDGER


def scorecard(evidence: Evidence) -> Scorecard:
    """Return the scorecard by *evidence*, which is of one version or of all."""
    newest = max(evidence.releases, key=lambda each: each.published_at, default=None)
    return Scorecard(
        product=evidence.product,
        channel=evidence.channel,
        version=newest.version if newest else "",
        window=evidence.window,
        completeness=_completeness(newest, evidence.at),
        availability=_availability(evidence),
        rollout=newest.rollout if newest else None,
        reasons=_reasons(evidence),
        integrity=_integrity(evidence.releases),
        incidents=_incidents(evidence),
        fallback=_fallback(evidence, newest),
    )


def _completeness(release: Released | None, at: datetime) -> Completeness:
    if release is None:
        return Completeness(Ruling.UNKNOWN)
    in_time = complete_in_time(release, at)
    ruling = Ruling.UNKNOWN if in_time is None else Ruling.PASS if in_time else Ruling.FAIL
    return Completeness(ruling, missing(release), complete_at(release), release.comparison)


def _availability(evidence: Evidence) -> Availability:
    by_region = BY_REGION.formula(evidence)
    known = {key[0]: value.value for key, value in by_region.items() if isinstance(value, Measured)}
    tally = _total(evidence)
    return Availability(
        share=ARTIFACT_AVAILABILITY.value(evidence),
        worst_region=min(known, key=lambda region: (known[region], region), default=""),
        worst_share=REGIONAL_AVAILABILITY.value(evidence),
        attempts=tally.attempts,
        inconclusive=tally.inconclusive,
    )


def _fallback(evidence: Evidence, newest: Released | None) -> Fallback:
    value = FALLBACK_READINESS.value(evidence)
    measured = isinstance(value, Measured)
    return Fallback(
        value,
        tuple(name for name, serves in fallbacks(evidence).items() if measured and serves is False),
        failed_publications(evidence, newest) if newest else (),
    )


def _reasons(evidence: Evidence) -> Reasons:
    tally = _total(evidence)
    counts: Counter[str] = Counter()
    for (reason, _), count in tally.faults.items():
        counts[reason.value] += count
    return Reasons(tally.attempts, counted_reasons(counts))


def counted_reasons(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return *counts* by reason with the four that are always named, the greatest first."""
    named: Counter[str] = Counter(dict.fromkeys(ALWAYS_NAMED, 0))
    for reason, count in counts.items():
        if count and reason in DELIVERY_REASONS:
            named[AUTH if reason in _AUTH_REASONS else reason] += count
    return dict(sorted(named.items(), key=lambda item: -item[1]))


def _integrity(releases: Iterable[Released]) -> Integrity:
    assets = [asset for release in releases for asset in release.distributable]
    return Integrity(
        unsigned=_names(each for each in assets if each.signed is Signed.ABSENT),
        without_hash=_names(each for each in assets if not each.artifact.digests),
        failed=_names(each for each in assets if each.signed is Signed.UNVERIFIABLE),
        unchecked=_names(each for each in assets if each.artifact.digests and not each.proven),
    )


def _names(assets: Iterable[Asset]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(asset.artifact.name for asset in assets))


def _incidents(evidence: Evidence) -> Incidents:
    counted = wholes(evidence.incidents)
    restores = [span for each in counted if (span := _restore(each)) is not None]
    shares = [each.impact_share for each in evidence.incidents if each.impact_share is not None]
    return Incidents(
        count=len(counted),
        open=sum(each.restored_at is None for each in counted),
        # Each part of an incident is another region.
        minutes=sum(each.impact_minutes for each in evidence.incidents),
        share=sum(shares) if shares else None,
        mean_restore=sum(restores, timedelta()) / len(restores) if restores else None,
        longest_restore=max(restores, default=None),
        told_by_users=sum(each.head.detected_by is DetectedBy.USER for each in counted),
    )


def _restore(incident: Whole) -> timedelta | None:
    restored = incident.restored_at
    return None if restored is None else max(timedelta(), restored - incident.onset_at)


def _total(evidence: Evidence) -> Tally:
    return summed(evidence, ()).get(OVERALL, Tally())
