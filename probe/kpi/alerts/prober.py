"""The prober is blind, deaf or overworked: what it says, or does not say, cannot be relied on."""

from datetime import timedelta
from functools import partial

from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity

_CYCLE = "delivery_prober_last_cycle_timestamp_seconds"
_ENDPOINT = "product, channel, endpoint"
_REGION = "{{ $labels.probe_region }}"
_TRAIN = "{{ $labels.product }} ({{ $labels.channel }})"
_INSTANCE = "{{ $labels.instance }}"
_SHARE = "{{ $value | humanizePercentage }}"
_AGO = "{{ $value | humanizeDuration }}"
# An increase is extrapolated: of three it makes 3.1.
_COUNT = '{{ $value | printf "%.0f" }}'

_alert = partial(
    Alert,
    scope=Scope.REGIONAL,
    severity=Severity.WARNING,
    component=Component.PROBE,
    dashboard=Dashboard.INTERNALS,
)


def _heard_of(reason: str, metric: str) -> str:
    return f'sum by (probe_region) (increase({metric}{{reason="{reason}"}}[15m])) > 0'


WAY_OUT = (
    _alert(
        name="DeliveryProbeEgressBroken",
        expr="max by (probe_region) (delivery_prober_control_up) == 0",
        summary="A region's own way out does not work.",
        description=f"No control target answers {_REGION}: what fails there says nothing about "
        "deliveries.",
        after=timedelta(minutes=3),
    ),
)

# A series that has stopped is still known by what it said last.
LIFE = (
    _alert(
        name="DeliveryProbeDown",
        expr=f"""\
group by (job, instance, probe_region) (last_over_time({_CYCLE}[1d]))
and on (job, instance) up == 0""",
        summary="A prober does not answer Prometheus.",
        description=f"{_INSTANCE}, which probes from {_REGION}, cannot be scraped.",
        after=timedelta(minutes=5),
    ),
    _alert(
        name="DeliveryProbeAbsent",
        expr=f"absent({_CYCLE})",
        summary="No prober is heard of at all.",
        description="Prometheus has no series of any prober: no failures is not availability.",
        after=timedelta(minutes=15),
        severity=Severity.CRITICAL,
    ),
    _alert(
        name="DeliveryProbeResultsStale",
        expr=f"time() - max by (probe_region) ({_CYCLE}) > 600",
        summary="A prober runs and probes nothing.",
        description=f"The scheduler of {_REGION} last dispatched anything {_AGO} ago.",
        after=timedelta(minutes=5),
    ),
    _alert(
        name="DeliveryProbeRegionSilent",
        expr=f"time() - max by (probe_region) (last_over_time({_CYCLE}[1d])) > 900",
        summary="A region is not heard of any more.",
        description=f"Nothing was heard of {_REGION} for {_AGO}: its prober, its Prometheus, or "
        "what is between them is gone.",
        after=timedelta(minutes=5),
        scope=Scope.GLOBAL,
    ),
    _alert(
        name="DeliveryWatchdog",
        expr=f"time() - max by (probe_region) ({_CYCLE}) < 300",
        summary="The way from prober to pager works.",
        description=f"Always firing while {_REGION} probes; somebody has to notice when it ends.",
        severity=Severity.NONE,
    ),
)

WORK = (
    _alert(
        name="DeliveryProbeOverloaded",
        expr=f"{_heard_of('overload', 'delivery_probe_skipped_total')}\n"
        f"or\n{_heard_of('overload', 'delivery_probe_errors_total')}",
        summary="A prober has more to do than it can measure.",
        description=f"{_REGION} left out {_COUNT} probes in 15 minutes, or could not believe what "
        "it measured.",
        after=timedelta(minutes=15),
    ),
    _alert(
        name="DeliveryProbeSchedulerLagging",
        expr="""\
sum by (probe_region) (rate(delivery_probe_late_total[15m]))
/ (sum by (probe_region) (rate(delivery_probe_start_delay_seconds_count[15m])) > 0)
> 0.1""",
        summary="Probes start late.",
        description=f"{_SHARE} of the probes of {_REGION} start more than a tenth of their "
        "interval after they are due.",
        after=timedelta(minutes=15),
    ),
    _alert(
        name="DeliveryProbeInternalError",
        expr=_heard_of("internal", "delivery_probe_errors_total") + "\nor\nsum by (job, instance) "
        '(increase(delivery_scheduler_events_total{event="error"}[15m])) > 0',
        summary="A prober has a bug.",
        description=f"What should not be able to fail failed {_COUNT} times in 15 minutes; the "
        "log has the trace.",
    ),
    _alert(
        name="DeliveryFullDownloadsDeferred",
        expr=f"max by ({_ENDPOINT}) (delivery_full_downloads_deferred) > 0",
        summary="The byte budget is too small to read large files whole.",
        description=f"{_TRAIN}: {_COUNT} large files at {{{{ $labels.endpoint }}}} were not read "
        "whole for want of bytes.",
        after=timedelta(hours=6),
    ),
    _alert(
        name="DeliveryByteBudgetExhausted",
        expr=_heard_of("budget", "delivery_probe_skipped_total"),
        summary="The byte budget is too small for what is to be probed.",
        description=f"{_REGION} left out {_COUNT} probes in 15 minutes for want of bytes.",
        after=timedelta(minutes=15),
    ),
)

STATE = (
    _alert(
        name="DeliveryKpiReviewOverdue",
        dashboard=Dashboard.SLO,
        expr="min by (product, channel) (delivery_kpi_ownership_coverage_ratio) < 1",
        summary="Nobody has looked lately at what is asked of a product.",
        description=f"{_TRAIN}: {_SHARE} of its targets have an owner, a cadence, and a review "
        "that is younger than that.",
        after=timedelta(hours=6),
    ),
    _alert(
        name="DeliveryConfigReloadFailed",
        expr="max_over_time(delivery_config_last_reload_successful[5m]) == 0",
        summary="A prober refused its configuration.",
        description=f"{_INSTANCE} goes on with the last configuration that was good.",
        after=timedelta(minutes=10),
    ),
    _alert(
        name="DeliveryLedgerDown",
        expr="delivery_ledger_up == 0\nor\nincrease(delivery_ledger_dropped_total[15m]) > 0",
        summary="A prober cannot keep what it sees.",
        description=f"{_INSTANCE} cannot write its ledger: after a restart it will not know what "
        "it has seen.",
        after=timedelta(minutes=5),
    ),
    _alert(
        name="DeliveryCatalogStale",
        # A source that is read once a day is old without a fault, but never older than a day.
        expr="""\
time() - delivery_catalog_last_success_timestamp_seconds > 3600
and increase(delivery_catalog_errors_total[2h]) > 0
or time() - delivery_catalog_last_success_timestamp_seconds > 26 * 3600""",
        summary="The catalog of a product is old.",
        description=f"{_TRAIN}: {_INSTANCE} last read its {{{{ $labels.source }}}} catalog {_AGO} "
        "ago, so newer releases are not probed.",
        after=timedelta(minutes=5),
    ),
    _alert(
        name="DeliveryGithubRateLimitLow",
        expr="min by (product, channel) (delivery_github_ratelimit_remaining) < 10",
        summary="GitHub's API will soon answer no more.",
        description=f"{_TRAIN}: {_COUNT} requests are left in this window.",
        after=timedelta(minutes=15),
    ),
)

ALERTS: tuple[Alert, ...] = (*WAY_OUT, *LIFE, *WORK, *STATE)
