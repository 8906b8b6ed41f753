"""A1-A4: can users get the files, from everywhere, with their credentials, from every mirror?"""

from collections.abc import Mapping

from probe.domain.bucket import Tally
from probe.domain.failure import DELIVERY_REASONS, FailureReason
from probe.kpi.alerts import availability as alerts
from probe.kpi.attempts import AUTHORIZATIONS, DOWNLOADS, DOWNLOADS_OF_A_REGION
from probe.kpi.evidence import Evidence
from probe.kpi.folding import each, overall, summed, worst
from probe.kpi.model import (
    OVERALL,
    VERSION,
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
from probe.kpi.value import NOTHING_HEARD, Measured, Unknown, Value, ratio

_PAIR = ("endpoint", "probe_region")
_AUTH = (FailureReason.AUTH_DENIED, FailureReason.AUTH_EXPIRED, FailureReason.AUTH_IDP)


def _up_share(tally: Tally) -> Value:
    return ratio(tally.up_ms / 1000, tally.known_ms / 1000)


def _verified_share(tally: Tally) -> Value:
    return ratio(tally.verified, tally.attempts)


def _authorized_share(tally: Tally) -> Value:
    refused = sum(count for (reason, _), count in tally.faults.items() if reason in _AUTH)
    return ratio(tally.verified, tally.verified + refused)


def _by_reason(evidence: Evidence) -> Mapping[Key, Value]:
    tally = summed(evidence, ()).get(OVERALL, Tally())
    counts = dict.fromkeys(DELIVERY_REASONS, 0)
    for (reason, _), count in tally.faults.items():
        if reason in counts:
            counts[reason] += count
    return {(reason.value,): ratio(count, tally.attempts) for reason, count in counts.items()}


def _weighted(evidence: Evidence) -> Value:
    regions = each(("probe_region",), _up_share)(evidence)
    parts = [
        (value.value, evidence.weights[region], value.count)
        for (region,), value in regions.items()
        if isinstance(value, Measured) and region in evidence.weights
    ]
    weight = sum(weight for _, weight, _ in parts)
    if not weight:
        return Unknown("no region has a weight") if regions else NOTHING_HEARD
    return Measured(
        sum(value * weight for value, weight, _ in parts) / weight,
        sum(count for _, _, count in parts),
    )


def _coverage(evidence: Evidence) -> Value:
    if not evidence.serving:
        return Unknown("no release that any pair has to serve")
    # A pair that nobody can see does not serve the release.
    return ratio(sum(serves is True for serves in evidence.serving.values()), len(evidence.serving))


def _up_ratio(name: str, group: Group, by: str) -> Rule:
    return Rule(
        group,
        f"delivery:{name}:ratio_30d",
        f"""\
sum by ({by}) (sum_over_time(delivery:artifacts_up:sum[30d]))
/ sum by ({by}) (sum_over_time(delivery:artifacts_known:count[30d]))""",
    )


def _success_ratio(span: str) -> Rule:
    by = "product, channel, endpoint, probe_region"
    return Rule(
        Group.SLI,
        f"delivery:download_success:ratio_{span}",
        f"""\
1 - (
  sum by ({by}) (increase(delivery_download_failures_total[{span}]))
  / (sum by ({by}) (increase(delivery_download_attempts_total[{span}])) > 0)
)""",
    )


BY_REASON = Measure(
    _by_reason,
    Rule(
        Group.CROSS_REGION,
        "delivery:download_failure:ratio_30d",
        """\
sum by (product, channel, reason) (increase(delivery_download_failures_total[30d]))
/ on (product, channel) group_left ()
(sum by (product, channel) (increase(delivery_download_attempts_total[30d])) > 0)""",
    ),
    ("reason",),
)

ARTIFACT_AVAILABILITY = Kpi(
    code="A1",
    name="artifact_availability",
    category=Category.AVAILABILITY,
    question="How much of the time did the files' URLs serve the right bytes?",
    method="seconds in which the last attempt was a verified download / seconds in which that is "
    "known; and verified downloads / attempts",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.999,
    headline=Measure(
        each((), _up_share),
        _up_ratio("artifact_availability_overall", Group.CROSS_REGION, "product, channel"),
    ),
    release=Measure(
        each(VERSION, _up_share),
        _up_ratio("release_availability", Group.CROSS_REGION, "product, channel, version"),
        VERSION,
    ),
    parts=(
        Measure(
            each(_PAIR, _up_share),
            _up_ratio(
                "artifact_availability", Group.SLI, "product, channel, endpoint, probe_region"
            ),
            _PAIR,
        ),
        Measure(each(_PAIR, _verified_share), _success_ratio("30d"), _PAIR),
        BY_REASON,
    ),
    events=DOWNLOADS,
    alerts=(alerts.OUTAGE, alerts.RATE_LIMITED, *alerts.CERTIFICATE_EXPIRING),
)

BY_REGION = Measure(
    each(("probe_region",), _up_share),
    _up_ratio("regional_availability", Group.SLI, "product, channel, probe_region"),
    ("probe_region",),
)
REGIONS_OF_A_RELEASE = _up_ratio(
    "release_regional_availability", Group.SLI, "product, channel, version, probe_region"
)
RELEASE_BY_REGION = Measure(
    each((*VERSION, "probe_region"), _up_share), REGIONS_OF_A_RELEASE, (*VERSION, "probe_region")
)

REGIONAL_AVAILABILITY = Kpi(
    code="A2",
    name="regional_availability",
    category=Category.AVAILABILITY,
    question="How much of the time could users of the worst served region get the files?",
    method="A1 by region: the lowest, each, and their mean by the share of users",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.995,
    headline=Measure(
        worst(("probe_region",), _up_share),
        Rule(
            Group.CROSS_REGION,
            "delivery:artifact_availability_worst_region:ratio_30d",
            "min by (product, channel) (delivery:regional_availability:ratio_30d)",
        ),
    ),
    release=Measure(
        worst(("probe_region",), _up_share, VERSION),
        Rule(
            Group.CROSS_REGION,
            "delivery:release_availability_worst_region:ratio_30d",
            "min by (product, channel, version) (delivery:release_regional_availability:ratio_30d)",
        ),
        VERSION,
    ),
    parts=(
        BY_REGION,
        RELEASE_BY_REGION,
        Measure(
            overall(_weighted),
            Rule(
                Group.CROSS_REGION,
                "delivery:artifact_availability_weighted:ratio_30d",
                """\
sum by (product, channel) (
  delivery:regional_availability:ratio_30d
  * on (probe_region) group_left () max by (probe_region) (delivery_region_weight_ratio)
)
/ sum by (product, channel) (
  (delivery:regional_availability:ratio_30d * 0 + 1)
  * on (probe_region) group_left () max by (probe_region) (delivery_region_weight_ratio)
)""",
            ),
        ),
    ),
    events=DOWNLOADS_OF_A_REGION,
    alerts=(alerts.UNAVAILABLE,),
)


def _authorized(name: str, group: Group, by: str) -> Rule:
    verified = f"""\
(
  sum by ({by}) (increase(delivery_download_attempts_total{{auth_mode!="none"}}[30d]))
  - sum by ({by}) (increase(delivery_download_failures_total{{auth_mode!="none"}}[30d]))
)"""
    refused = f"""\
sum by ({by}) (
  increase(delivery_download_failures_total{{auth_mode!="none", reason=~"auth_.*"}}[30d])
)"""
    return Rule(group, f"delivery:{name}:ratio_30d", f"{verified}\n/ ({verified} + {refused} > 0)")


AUTHORIZATION_SUCCESS = Kpi(
    code="A3",
    name="authorization_success",
    category=Category.AVAILABILITY,
    question="How often did those who may download get in?",
    method="verified downloads with credentials / those and the ones that were refused for "
    "reasons of authorization; other failures are in A1 and on neither side",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.999,
    headline=Measure(
        each((), _authorized_share, lambda segment: segment.auth_mode != "none"),
        _authorized("auth_success_overall", Group.CROSS_REGION, "product, channel"),
    ),
    parts=(
        Measure(
            each(_PAIR, _authorized_share, lambda segment: segment.auth_mode != "none"),
            _authorized("auth_success", Group.SLI, "product, channel, endpoint, probe_region"),
            _PAIR,
        ),
    ),
    events=AUTHORIZATIONS,
    alerts=(alerts.AUTH_REJECTED,),
)

MIRROR_COVERAGE = Kpi(
    code="A4",
    name="mirror_coverage",
    category=Category.AVAILABILITY,
    question="How many of the places that must serve the current release do so?",
    method="required pairs of endpoint and region that serve the current release / required "
    "pairs by the configuration",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.9,
    per=Per.MOMENT,
    headline=Measure(
        overall(_coverage),
        Rule(
            Group.CROSS_REGION,
            "delivery:mirror_coverage:ratio",
            """\
(
  sum by (product, channel) (
    max by (product, channel, endpoint, probe_region) (delivery_endpoint_current)
    * on (product, channel, endpoint, probe_region)
    max by (product, channel, endpoint, probe_region) (delivery_endpoint_required)
  )
  or on (product, channel) 0 * sum by (product, channel) (delivery_endpoint_required)
)
/ on (product, channel)
(
  sum by (product, channel) (
    max by (product, channel, endpoint, probe_region) (delivery_endpoint_required)
  ) > 0
)""",
        ),
        basis=Basis.SIGHTS,
    ),
    alerts=(alerts.COVERAGE_LOW, alerts.STALE),
)

SUCCESS_OF_AN_HOUR = _success_ratio("1h")

KPIS = (ARTIFACT_AVAILABILITY, REGIONAL_AVAILABILITY, AUTHORIZATION_SUCCESS, MIRROR_COVERAGE)
