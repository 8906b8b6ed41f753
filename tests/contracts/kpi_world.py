"""
Ninety days of one product, by a script, and what every KPI has to say of them.

Every five minutes each file is asked for, at two endpoints from two regions. The large file is
read in full once an hour, and by one end in between. What goes wrong is in ``FAULTS`` and nowhere
else; the counts in ``TRUTH`` were taken from that table by hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from probe.domain.artifact import MIB, Artifact, Platform
from probe.domain.evidence import (
    DetectedBy,
    IncidentRecord,
    Pair,
    RestoredBy,
    SightedKind,
    TimeSource,
)
from probe.domain.failure import Failure, FailureReason, Phase
from probe.domain.observation import (
    Download,
    Failed,
    Inconclusive,
    Observation,
    Passed,
    Proof,
    Timings,
)
from probe.domain.propagation import Reached, Rollout
from probe.domain.target import Depth, Endpoint, EndpointKind, Probe, Product, Region, Target
from probe.kpi import Asset, Released, Rollback, Signed
from tests.builders import a_release, a_target, an_artifact, an_endpoint

STEP = timedelta(minutes=5)
STEPS_A_DAY = 288
DAYS = 90
END = datetime(2026, 8, 20, tzinfo=UTC)
BEGIN = END - timedelta(days=DAYS)

EU, US = "eu-west-1", "us-east-1"
WEIGHTS = {EU: 0.75, US: 0.25}
CDN, PRIVATE = "cdn", "private"
SMALL = an_artifact("widget_1.4.2_linux_amd64.tar.gz")
LARGE = an_artifact("widget_1.4.2_windows_amd64.zip", size=20 * MIB)
RELEASE = a_release("1.4.2", SMALL, LARGE, published_at=BEGIN)


def _endpoint(name: str, kind: EndpointKind, **fields: object) -> Endpoint:
    return an_endpoint(name, kind=kind, interval_seconds=STEP.total_seconds(), **fields)


ENDPOINTS = (
    _endpoint(CDN, EndpointKind.CDN),
    _endpoint(PRIVATE, EndpointKind.REPOSITORY, auth_mode="bearer"),
)
PRODUCT = Product("widget", "stable", "release-team", ENDPOINTS)
TARGETS = tuple(
    a_target(artifact=artifact, release=RELEASE, endpoint=endpoint, region=Region(region))
    for endpoint in ENDPOINTS
    for region in (EU, US)
    for artifact in (SMALL, LARGE)
)


@dataclass(frozen=True)
class Fault:
    """What goes wrong on a day, from one step of it to before another; empty is everywhere."""

    day: int
    first: int
    end: int
    reason: FailureReason
    endpoint: str = ""
    region: str = ""
    artifact: Artifact | None = None

    def strikes(self, target: Target, depth: Depth, step: int) -> bool:
        """Tell whether it strikes an attempt at *step* of its day."""
        content = self.reason is FailureReason.CHECKSUM_MISMATCH
        return (
            self.first <= step % STEPS_A_DAY < self.end
            and self.endpoint in ("", target.endpoint.name)
            and self.region in ("", target.region.name)
            and self.artifact in (None, target.artifact)
            and (depth is Depth.FULL or not content)
        )


FAULTS = (
    # Three outages of the CDN, seen from both regions; the last pauses for five minutes.
    Fault(40, 0, 4, FailureReason.TIMEOUT, CDN),
    Fault(70, 0, 24, FailureReason.HTTP_5XX, CDN),
    Fault(80, 100, 102, FailureReason.TIMEOUT, CDN),
    Fault(80, 103, 105, FailureReason.TIMEOUT, CDN),
    # One region's edge lacks a file for twelve hours; another's has a flipped byte in it, which
    # three hourly full reads see, until the fourth.
    Fault(75, 0, 144, FailureReason.NOT_FOUND, CDN, US, SMALL),
    Fault(78, 0, 36, FailureReason.CHECKSUM_MISMATCH, CDN, EU, LARGE),
    # Credentials are refused for an hour.
    Fault(85, 0, 12, FailureReason.AUTH_DENIED, PRIVATE),
    # A region loses its way out for two hours: for ten minutes what was known still holds.
    Fault(88, 48, 72, FailureReason.UPLINK, region=US),
)
_FAULTS_OF = {day: [fault for fault in FAULTS if fault.day == day] for day in range(DAYS)}
SLOW_DAY = 82

_STATUS = {
    FailureReason.HTTP_5XX: 503,
    FailureReason.NOT_FOUND: 404,
    FailureReason.AUTH_DENIED: 401,
}


def _download(seconds: float, status: int | None = 200) -> Download:
    return Download(url="https://dl.example.com/", status=status, timings=Timings(transfer=seconds))


_PASSED = {seconds: _download(seconds) for seconds in (0.1, 0.8, 3.0, 15.0, 90.0)}
_VERDICTS = {
    reason: (Inconclusive if reason.ours else Failed)(Failure(reason, Phase.WAIT))
    for reason in {fault.reason for fault in FAULTS}
}
_FAILED = {reason: _download(0.1, _STATUS.get(reason)) for reason in _VERDICTS}
_PROVEN, _ANSWERED = Passed(Proof.DIGEST), Passed(Proof.SIZE)
_PROBES = {(target, depth): Probe(target, depth) for target in TARGETS for depth in Depth}


def observations(step: int) -> Iterator[Observation]:
    """Yield what is seen at *step*, one observation of each target."""
    at, faults = BEGIN + step * STEP, _FAULTS_OF[step // STEPS_A_DAY]
    for target in TARGETS:
        whole = target.artifact is SMALL or step % 12 == 0
        depth = Depth.FULL if whole else Depth.RANGE
        probe = _PROBES[target, depth]
        struck = [fault.reason for fault in faults if fault.strikes(target, depth, step)]
        if struck:
            yield Observation("", probe, at, _VERDICTS[struck[0]], _FAILED[struck[0]])
        else:
            verdict = _PROVEN if whole else _ANSWERED
            yield Observation("", probe, at, verdict, _PASSED[_seconds(target, depth, step)])


def uplink(region: str, step: int) -> bool:
    """Tell whether the way out of *region* works."""
    target = next(each for each in TARGETS if each.region.name == region)
    return not any(
        fault.reason is FailureReason.UPLINK and fault.strikes(target, Depth.FULL, step)
        for fault in _FAULTS_OF[step // STEPS_A_DAY]
    )


def _seconds(target: Target, depth: Depth, step: int) -> float:
    if depth is not Depth.FULL:
        return 0.1
    if target.artifact is SMALL:
        return 3.0 if step % 10 == 0 else 0.8
    slow = step // STEPS_A_DAY == SLOW_DAY
    edge = (target.endpoint.name, target.region.name) == (CDN, US)
    return 90.0 if slow and edge else 15.0


def _at(day: int, step: int) -> datetime:
    return BEGIN + timedelta(days=day) + step * STEP


def _incident(
    number: int, day: int, first: int, end: int, endpoint: str, *, kind: str
) -> IncidentRecord:
    first_failure, restored = _at(day, first), _at(day, end)
    return IncidentRecord(
        id=str(number),
        product=PRODUCT.name,
        channel=PRODUCT.channel,
        endpoint=endpoint,
        region=EU,
        onset_at=first_failure - STEP / 2,
        detected_at=first_failure + number * STEP,
        detected_by=DetectedBy.USER if number == 2 else DetectedBy.PROBE,
        reason="timeout",
        incident_class=kind,
        first_failure_at=first_failure,
        last_success_at=first_failure - STEP,
        served_at=restored,
        restored_at=restored,
        restored_by=RestoredBy.ENDPOINT,
        recurs="1" if number == 3 else "",
    )


# As a register keeps them: from halfway between the last success and the first failure. They are
# detected one, two, three and four steps after that failure.
_HEADS = (
    _incident(1, 40, 0, 4, CDN, kind="timeout:cdn"),
    _incident(2, 70, 0, 24, CDN, kind="http_5xx:cdn"),
    _incident(3, 80, 100, 105, CDN, kind="timeout:cdn"),
    _incident(4, 85, 0, 12, PRIVATE, kind="auth_denied:repository"),
)
# Both regions saw each of them.
INCIDENTS = (
    *_HEADS,
    *(replace(each, id=f"{each.id}-us", region=US, joined=each.id) for each in _HEADS),
)

_PAIRS = {
    "ce": Pair(CDN, EU),
    "cu": Pair(CDN, US),
    "pe": Pair(PRIVATE, EU),
    "pu": Pair(PRIVATE, US),
}


def _rollout(
    version: str, published_at: datetime, reached: str, *, excluded: str = "", minutes: int = 0
) -> Rollout:
    """Return a rollout that started *minutes* before; *reached* are pairs with seconds after."""
    places = [place.partition("+") for place in reached.split()]
    arrivals = tuple(
        Reached(_PAIRS[pair], published_at + timedelta(seconds=int(seconds)))
        for pair, _, seconds in places
    )
    settled = {each.pair for each in arrivals} | {_PAIRS[pair] for pair in excluded.split()}
    return Rollout(
        product=PRODUCT.name,
        channel=PRODUCT.channel,
        version=version,
        kind=SightedKind.ASSET,
        started_at=published_at - timedelta(minutes=minutes),
        start_source=TimeSource.TAG if minutes else TimeSource.PUBLISHED,
        published_at=published_at,
        reached=arrivals,
        pending=tuple(pair for pair in sorted(_PAIRS.values()) if pair not in settled),
        excluded=tuple(_PAIRS[pair] for pair in excluded.split()),
    )


# The first was tagged ten minutes before it was published, the second gave up on a mirror, and the
# last one, an hour old, has come to one place of four.
ROLLOUTS = (
    _rollout("1.5.0", _at(65, 0), "pe+60 pu+120 ce+300 cu+600", minutes=10),
    _rollout("1.5.1", _at(75, 0), "pe+100 ce+200 cu+900", excluded="pu"),
    _rollout("1.5.2", END - timedelta(hours=1), "pe+30"),
)
NO_POINTERS = Rollout(
    PRODUCT.name,
    PRODUCT.channel,
    "",
    SightedKind.POINTER,
    BEGIN,
    TimeSource.PUBLISHED,
    BEGIN,
)
_FIRST, _SECOND, _THIRD = ROLLOUTS
_READY = Rollback(named=True, served=True, signed=True, documented=True)


def _release(rollout: Rollout, *assets: Asset, **fields: Any) -> Released:
    at = rollout.published_at
    return Released(
        rollout.version,
        rollout.channel,
        at,
        assets,
        rollout=rollout,
        **fields,
    )


def _asset(rollout: Rollout, artifact: Artifact, minutes: int = 5, **fields: Any) -> Asset:
    at = rollout.published_at + timedelta(minutes=minutes)
    return Asset(artifact, at, missed_at=at - STEP, **fields)


# The first has all of it. The second lacks a platform, and one of its files is wrong, is signed by
# nobody and says no platform. The last came late, and nobody has read it in full yet.
_SOUND: Mapping[str, Any] = {"proven": True, "signed": Signed.VERIFIED, "attested": True}
_UNSOUND: Mapping[str, Any] = {"proven": False, "signed": Signed.ABSENT, "attested": False}
RELEASES = (
    _release(
        _FIRST, _asset(_FIRST, SMALL, **_SOUND), _asset(_FIRST, LARGE, **_SOUND), rollback=_READY
    ),
    _release(
        _SECOND,
        _asset(_SECOND, SMALL, **_SOUND),
        _asset(_SECOND, replace(LARGE, platform=None), **_UNSOUND),
        absent_platforms=(Platform("darwin", "arm64"),),
        rollback=replace(_READY, named=False),
    ),
    _release(
        _THIRD,
        _asset(_THIRD, SMALL, minutes=40),
        _asset(_THIRD, LARGE),
        rollback=replace(_READY, served=None),
    ),
)
SERVING = {
    Pair(CDN, EU): True,
    Pair(CDN, US): False,
    Pair(PRIVATE, EU): True,
    Pair(PRIVATE, US): None,
}

Truth = Mapping[tuple[str, ...], float]

# Of the last 30 days, 8640 steps, per pair:
#   attempts   17280 (small 8640 in full; large 720 in full), US 48 fewer (24 in full, 2 large)
#   failures   cdn EU 48 + 8 + 3, cdn US 48 + 8 + 144, private 24 each
#   steps down cdn EU 48 + 8 + 36, cdn US 48 + 8 + 144, private 24 each; US 2 x 23 unknown
TRUTH: Mapping[str, Truth] = {
    "delivery:artifact_availability_overall:ratio_30d": {(): 1 - 340 / 69028},
    "delivery:artifact_availability:ratio_30d": {
        (CDN, EU): 1 - 92 / 17280,
        (CDN, US): 1 - 200 / 17234,
        (PRIVATE, EU): 1 - 24 / 17280,
        (PRIVATE, US): 1 - 24 / 17234,
    },
    "delivery:download_success:ratio_30d": {
        (CDN, EU): 1 - 59 / 17280,
        (CDN, US): 1 - 200 / 17232,
        (PRIVATE, EU): 1 - 24 / 17280,
        (PRIVATE, US): 1 - 24 / 17232,
    },
    "delivery:download_failure:ratio_30d": {
        ("timeout",): 16 / 69024,
        ("http_5xx",): 96 / 69024,
        ("not_found",): 144 / 69024,
        ("checksum_mismatch",): 3 / 69024,
        ("auth_denied",): 48 / 69024,
    },
    "delivery:regional_availability:ratio_30d": {(EU,): 1 - 116 / 34560, (US,): 1 - 224 / 34468},
    "delivery:artifact_availability_worst_region:ratio_30d": {(): 1 - 224 / 34468},
    "delivery:artifact_availability_weighted:ratio_30d": {
        (): 1 - 0.75 * 116 / 34560 - 0.25 * 224 / 34468
    },
    # All of it is of one release.
    "delivery:release_availability:ratio_30d": {("1.4.2",): 1 - 340 / 69028},
    "delivery:release_regional_availability:ratio_30d": {
        ("1.4.2", EU): 1 - 116 / 34560,
        ("1.4.2", US): 1 - 224 / 34468,
    },
    "delivery:release_availability_worst_region:ratio_30d": {("1.4.2",): 1 - 224 / 34468},
    "delivery:auth_success_overall:ratio_30d": {(): 1 - 48 / 34512},
    "delivery:auth_success:ratio_30d": {
        (PRIVATE, EU): 1 - 24 / 17280,
        (PRIVATE, US): 1 - 24 / 17232,
    },
    # Of the last day: small ones take 0.8 s and 28 of 288 of them 3 s, large ones 15 s.
    "delivery:download_duration_overall_seconds:p95_1d": {(): 15.0},
    "delivery:download_duration_seconds:p95_1d": {
        (endpoint, region, tier): seconds
        for endpoint in (CDN, PRIVATE)
        for region in (EU, US)
        for tier, seconds in (("xs", 3.0), ("m", 15.0))
    },
    "delivery:download_duration_seconds:p50_1d": {
        (endpoint, region, tier): seconds
        for endpoint in (CDN, PRIVATE)
        for region in (EU, US)
        for tier, seconds in (("xs", 0.8), ("m", 15.0))
    },
    "delivery:download_fast:ratio_30d": {
        (CDN, EU, "xs"): 1 - 28 / 8640,
        (CDN, US, "xs"): 1 - 172 / 8616,
        (PRIVATE, EU, "xs"): 1 - 12 / 8640,
        (PRIVATE, US, "xs"): 1 - 12 / 8616,
        (CDN, EU, "m"): 1 - 5 / 720,
        (CDN, US, "m"): 1 - 26 / 718,
        (PRIVATE, EU, "m"): 1 - 1 / 720,
        (PRIVATE, US, "m"): 1 - 1 / 718,
    },
    "delivery:download_fast_overall:ratio_30d": {(): 1 - 257 / 37388},
    "delivery:transfer_success:ratio_30d": {
        (CDN, EU, "xs"): 1 - 28 / 8640,
        (CDN, US, "xs"): 1 - 172 / 8616,
        (PRIVATE, EU, "xs"): 1 - 12 / 8640,
        (PRIVATE, US, "xs"): 1 - 12 / 8616,
        (CDN, EU, "m"): 1 - 5 / 720,
        (CDN, US, "m"): 1 - 2 / 718,
        (PRIVATE, EU, "m"): 1 - 1 / 720,
        (PRIVATE, US, "m"): 1 - 1 / 718,
    },
    "delivery:transfer_success_by_tier:ratio_30d": {
        ("xs",): 1 - 224 / 34512,
        ("m",): 1 - 9 / 2876,
    },
    "delivery:transfer_success_worst_tier:ratio_30d": {(): 1 - 224 / 34512},
    "delivery:checksum_verification:ratio_30d": {(): 1 - 3 / 37158},
    "delivery:mirror_coverage:ratio": {(): 2 / 4},
    # 660, 100 and 30 seconds to the first; 600 and 900 to the last, and one under way.
    "delivery:time_to_first_availability_seconds": {
        ("1.5.0",): 660.0,
        ("1.5.1",): 100.0,
        ("1.5.2",): 30.0,
    },
    'delivery:time_to_first_availability_seconds:quantile{quantile="0.95"}': {(): 604.0},
    'delivery:time_to_first_availability_seconds:quantile{quantile="0.5"}': {(): 100.0},
    "delivery:release_propagation_seconds": {("1.5.0",): 600.0, ("1.5.1",): 900.0},
    'delivery:release_propagation_seconds:quantile{quantile="0.95"}': {(): 885.0},
    "delivery:release_propagation_pending_seconds": {("1.5.2",): 3600.0},
    'delivery:release_propagation_quantile_seconds{quantile="0"}': {
        ("1.5.0",): 60.0,
        ("1.5.1",): 100.0,
        ("1.5.2",): 30.0,
    },
    'delivery:release_propagation_quantile_seconds{quantile="0.5"}': {
        ("1.5.0",): 210.0,
        ("1.5.1",): 200.0,
        ("1.5.2",): 30.0,
    },
    # Complete in time: the first. By now: the last as well.
    "delivery:release_completeness:ratio": {(): 1 / 3},
    "delivery:release_complete_now:ratio": {(): 2 / 3},
    "delivery:missing_asset_releases:ratio": {(): 1 / 3},
    "delivery:metadata_completeness:ratio": {(): 5 / 6},
    'delivery:release_control_coverage:ratio{control="checksum"}': {(): 3 / 4},
    'delivery:release_control_coverage:ratio{control="signature"}': {(): 3 / 4},
    "delivery:provenance_coverage:ratio": {(): 1 / 2},
    "delivery:rollback_readiness:ratio": {(): 1 / 2},
    # Seen two and a half minutes and one, two, three, four steps after the onset.
    "delivery:mean_time_to_detect_seconds": {(): 900.0},
    "delivery:incident_recurrence:ratio_90d": {(): 1 / 4},
    # Of 90 days: 20 minutes, 2 hours and 25 minutes; and one hour.
    "delivery:mean_time_to_restore_seconds": {(CDN,): 3300.0, (PRIVATE,): 3600.0},
    # From an onset two and a half minutes before the first failure.
    "delivery:mean_time_to_restore_overall_seconds": {(): 3525.0},
    "delivery:mean_time_to_serve_seconds": {(): 3525.0},
    "delivery:incidents_told_by_users:ratio_90d": {(): 1 / 4},
}
