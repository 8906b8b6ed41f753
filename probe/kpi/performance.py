"""P3 and P4: how long does a download take, and do large ones arrive?"""

from collections.abc import Callable

from probe.domain.bucket import Tally
from probe.kpi.attempts import FAST_SECONDS, FAST_TRANSFERS, TRANSFERS
from probe.kpi.folding import each, worst
from probe.kpi.model import DAY, Category, Direction, Group, Kpi, Measure, Rule, Unit
from probe.kpi.value import Measured, Unknown, Value, ratio
from probe.sketch import quantile as duration_quantile
from probe.sketch import within

_TIER = ("endpoint", "probe_region", "size_tier")


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

KPIS = (DOWNLOAD_LATENCY, TRANSFER_SUCCESS)
