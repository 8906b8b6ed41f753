"""P1-P4: how soon is a release there, how long does a download take, and do large ones arrive?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from probe.domain.bucket import Tally
from probe.domain.evidence import Pair
from probe.domain.target import EndpointKind
from probe.kpi.alerts import performance as alerts
from probe.kpi.attempts import FAST_SECONDS, FAST_TRANSFERS, TRANSFERS
from probe.kpi.evidence import Evidence, Released
from probe.kpi.folding import each, overall, worst
from probe.kpi.model import (
    DAY,
    VERSION,
    Category,
    Direction,
    Formula,
    Group,
    Key,
    Kpi,
    Measure,
    Per,
    Rule,
    Unit,
)
from probe.kpi.value import Measured, Unknown, Value, quantile, ratio
from probe.sketch import quantile as duration_quantile
from probe.sketch import within

_TIER = ("endpoint", "probe_region", "size_tier")

# Pairs that had to serve a release and do; a pointer, such as latest, comes to a pair on its own.
_FIRST = 'delivery_release_first_available_timestamp_seconds{object="asset"}'
_VERSIONS = "product, channel, version"
_PUBLISHED = f"max by ({_VERSIONS}) (delivery_release_published_timestamp_seconds)"

PAIRS_PENDING = Rule(
    Group.CROSS_REGION,
    "delivery:release_pairs_pending:count",
    f"""\
max by ({_VERSIONS}) (delivery_release_required_endpoints)
- on ({_VERSIONS})
sum by ({_VERSIONS}) (
  max by ({_VERSIONS}, endpoint, probe_region) (delivery_release_excluded_after_deadline)
)
- on ({_VERSIONS})
(
  count by ({_VERSIONS}) (max by ({_VERSIONS}, endpoint, probe_region) ({_FIRST}))
  or 0 * max by ({_VERSIONS}) (delivery_release_required_endpoints)
)""",
)

Span = Callable[[Released], timedelta | None]


def _to_first(release: Released) -> timedelta | None:
    return release.rollout.first_availability if release.rollout else None


def _to_all(release: Released) -> timedelta | None:
    return release.rollout.propagation if release.rollout else None


def to_edges(kinds: Mapping[str, EndpointKind]) -> Span:
    """Return P2 of the CDNs among the endpoints: it is pending while one of them is."""

    def span(release: Released) -> timedelta | None:
        rollout = release.rollout
        if rollout is None or any(_is_edge(pair, kinds) for pair in rollout.pending):
            return None
        lags = [rollout.lag(each) for each in rollout.reached if _is_edge(each.pair, kinds)]
        return max(lags, default=None)

    return span


def _is_edge(pair: Pair, kinds: Mapping[str, EndpointKind]) -> bool:
    return kinds.get(pair.endpoint) is EndpointKind.CDN


def span_at(fraction: float, span: Span, releases: Sequence[Released]) -> Value:
    """Return the seconds that *fraction* of the releases that have arrived stay within."""
    spans = [span(release) for release in releases]
    known = [each.total_seconds() for each in spans if each is not None]
    if spans and not known:
        return Unknown("no release has arrived")
    return quantile(fraction, known, excluded=len(spans) - len(known))


def _of_all(fraction: float, span: Span) -> Formula:
    return overall(lambda evidence: span_at(fraction, span, evidence.releases))


def _of_each(span: Span) -> Formula:
    def formula(evidence: Evidence) -> Mapping[Key, Value]:
        spans = {release.version: span(release) for release in evidence.releases}
        return {
            (version,): Unknown("it has not arrived") if each is None else _seconds(each)
            for version, each in spans.items()
        }

    return formula


def _pending(evidence: Evidence) -> Mapping[Key, Value]:
    waits = {
        release.version: release.rollout.pending_since(evidence.at)
        for release in evidence.releases
        if release.rollout is not None
    }
    return {(version,): _seconds(wait) for version, wait in waits.items() if wait is not None}


def _seconds(span: timedelta) -> Measured:
    return Measured(span.total_seconds(), 1)


def _fastest(release: Released) -> timedelta | None:
    rollout = release.rollout
    return rollout.lag(rollout.fastest) if rollout and rollout.fastest else None


def _median(release: Released) -> timedelta | None:
    return release.rollout.median_lag if release.rollout else None


def _within_target(tally: Tally) -> Value:
    # Attempts are what is divided by: one that timed out was slow, not absent.
    return ratio(within(tally.durations, FAST_SECONDS), tally.full_attempts)


def _duration_at(fraction: float) -> Callable[[Tally], Value]:
    def reduce(tally: Tally) -> Value:
        seconds = duration_quantile(tally.durations, fraction)
        if seconds is None:
            return Unknown("no full download was verified")
        return Measured(seconds, sum(tally.durations.values()))

    return reduce


def _full_share(tally: Tally) -> Value:
    return ratio(tally.full_verified, tally.full_attempts)


def _at(fraction: float, of: str) -> str:
    return f"quantile by (product, channel) ({fraction}, {of})"


TIME_TO_FIRST_AVAILABILITY = Kpi(
    code="P1",
    name="time_to_first_availability",
    category=Category.PERFORMANCE,
    question="How long after it was let out could a release first be downloaded?",
    method="first verified download from any pair - approval, else tag, else publication; the "
    "time that 95 % of releases stay within",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=300,
    per=Per.RELEASE,
    headline=Measure(
        _of_all(0.95, _to_first),
        Rule(
            Group.CROSS_REGION,
            "delivery:time_to_first_availability_seconds:quantile",
            _at(0.95, "delivery:time_to_first_availability_seconds"),
            {"quantile": "0.95"},
        ),
    ),
    release=Measure(
        _of_each(_to_first),
        Rule(
            Group.CROSS_REGION,
            "delivery:time_to_first_availability_seconds",
            f"""\
clamp_min(
  min by ({_VERSIONS}) ({_FIRST})
  - on ({_VERSIONS})
  max by ({_VERSIONS}) (delivery_release_start_timestamp_seconds),
  0
)""",
        ),
        VERSION,
    ),
    parts=(
        Measure(
            _of_all(0.5, _to_first),
            Rule(
                Group.CROSS_REGION,
                "delivery:time_to_first_availability_seconds:quantile",
                _at(0.5, "delivery:time_to_first_availability_seconds"),
                {"quantile": "0.5"},
            ),
        ),
    ),
    alerts=(alerts.FIRST_AVAILABILITY_LATE,),
)


def _pairs_quantile(fraction: float, span: Span) -> Measure:
    return Measure(
        _of_each(span),
        Rule(
            Group.CROSS_REGION,
            "delivery:release_propagation_quantile_seconds",
            f"""\
clamp_min(
  quantile by ({_VERSIONS}) (
    {fraction:g}, max by ({_VERSIONS}, endpoint, probe_region) ({_FIRST})
  )
  - on ({_VERSIONS}) {_PUBLISHED},
  0
)""",
            {"quantile": f"{fraction:g}"},
        ),
        VERSION,
    )


GLOBAL_PROPAGATION = Kpi(
    code="P2",
    name="global_propagation",
    category=Category.PERFORMANCE,
    question="How long after publication did every required place serve a release?",
    method="last of the first verified downloads at the pairs that were required when it was "
    "published - publication; the time that 95 % of releases stay within; a release that some "
    "pair lacks is pending",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=1800,
    per=Per.RELEASE,
    headline=Measure(
        _of_all(0.95, _to_all),
        Rule(
            Group.CROSS_REGION,
            "delivery:release_propagation_seconds:quantile",
            _at(0.95, "delivery:release_propagation_seconds"),
            {"quantile": "0.95"},
        ),
    ),
    release=Measure(
        _of_each(_to_all),
        Rule(
            Group.CROSS_REGION,
            "delivery:release_propagation_seconds",
            f"""\
clamp_min(max by ({_VERSIONS}) ({_FIRST}) - on ({_VERSIONS}) {_PUBLISHED}, 0)
and on ({_VERSIONS}) delivery:release_pairs_pending:count <= 0""",
        ),
        VERSION,
    ),
    parts=(
        Measure(
            _pending,
            Rule(
                Group.CROSS_REGION,
                "delivery:release_propagation_pending_seconds",
                f"""\
(time() - {_PUBLISHED})
and on ({_VERSIONS}) delivery:release_pairs_pending:count > 0""",
            ),
            VERSION,
        ),
        _pairs_quantile(0.0, _fastest),
        _pairs_quantile(0.5, _median),
    ),
    alerts=(*alerts.PROPAGATION_LATE, alerts.POINTER_STALE),
)


def _duration(fraction: float, name: str, by: str, group: Group) -> Rule:
    return Rule(
        group,
        f"delivery:{name}:p{fraction * 100:.0f}_1d",
        f"""\
histogram_quantile(
  {fraction:g}, sum by ({by}, le) (rate(delivery_download_duration_seconds_bucket[1d]))
)""",
    )


def _fast(name: str, by: str, group: Group) -> Rule:
    return Rule(
        group,
        f"delivery:{name}:ratio_30d",
        f"""\
sum by ({by}) (increase(delivery_download_duration_seconds_bucket{{le="{FAST_SECONDS}.0"}}[30d]))
/ (sum by ({by}) (increase(delivery_download_attempts_total{{depth="full"}}[30d])) > 0)""",
    )


_TIER_BY = "product, channel, endpoint, probe_region, size_tier"

DOWNLOAD_LATENCY = Kpi(
    code="P3",
    name="download_latency",
    category=Category.PERFORMANCE,
    question="How long do downloads take?",
    method="time from the start of a full download to its last byte, of verified ones: what 95 % "
    f"stay within, over a day; and full downloads verified within {FAST_SECONDS} s / full attempts",
    unit=Unit.SECONDS,
    direction=Direction.LOWER,
    target=FAST_SECONDS,
    headline=Measure(
        each((), _duration_at(0.95)),
        _duration(
            0.95, "download_duration_overall_seconds", "product, channel", Group.CROSS_REGION
        ),
        window=DAY,
    ),
    parts=(
        Measure(
            each(_TIER, _duration_at(0.95)),
            _duration(0.95, "download_duration_seconds", _TIER_BY, Group.SLI),
            _TIER,
            window=DAY,
        ),
        Measure(
            each(_TIER, _duration_at(0.5)),
            _duration(0.5, "download_duration_seconds", _TIER_BY, Group.SLI),
            _TIER,
            window=DAY,
        ),
        Measure(
            each(_TIER, _within_target),
            _fast("download_fast", _TIER_BY, Group.SLI),
            _TIER,
        ),
        Measure(
            each((), _within_target),
            _fast("download_fast_overall", "product, channel", Group.CROSS_REGION),
        ),
    ),
    events=FAST_TRANSFERS,
)


def _full(name: str, by: str, group: Group) -> Rule:
    return Rule(
        group,
        f"delivery:{name}:ratio_30d",
        f"""\
1 - (
  sum by ({by}) (increase(delivery_download_failures_total{{depth="full"}}[30d]))
  / (sum by ({by}) (increase(delivery_download_attempts_total{{depth="full"}}[30d])) > 0)
)""",
    )


TRANSFER_SUCCESS = Kpi(
    code="P4",
    name="transfer_success",
    category=Category.PERFORMANCE,
    question="Do large files arrive as surely as small ones?",
    method="verified full downloads / full downloads attempted, by size tier; of the worst tier",
    unit=Unit.RATIO,
    direction=Direction.HIGHER,
    target=0.99,
    headline=Measure(
        worst(("size_tier",), _full_share),
        Rule(
            Group.CROSS_REGION,
            "delivery:transfer_success_worst_tier:ratio_30d",
            "min by (product, channel) (delivery:transfer_success_by_tier:ratio_30d)",
        ),
    ),
    parts=(
        Measure(
            each(("size_tier",), _full_share),
            _full("transfer_success_by_tier", "product, channel, size_tier", Group.CROSS_REGION),
            ("size_tier",),
        ),
        Measure(
            each(_TIER, _full_share),
            _full("transfer_success", _TIER_BY, Group.SLI),
            _TIER,
        ),
    ),
    events=TRANSFERS,
)

KPIS = (
    TIME_TO_FIRST_AVAILABILITY,
    GLOBAL_PROPAGATION,
    DOWNLOAD_LATENCY,
    TRANSFER_SUCCESS,
)
