"""Somebody cannot download: from an endpoint, from a region, with their credentials."""

from datetime import timedelta

from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity
from probe.kpi.asked import asked

_PAIR = "product, channel, endpoint, probe_region"
_TRAIN = "{{ $labels.product }} ({{ $labels.channel }})"
_FROM = "{{ $labels.endpoint }}, from {{ $labels.probe_region }}"
_PERCENT = "{{ $value | humanizePercentage }}"

OUTAGE = Alert(
    name="DeliveryEndpointOutage",
    scope=Scope.GLOBAL,
    severity=Severity.CRITICAL,
    component=Component.DELIVERY,
    dashboard=Dashboard.ENDPOINT,
    expr="""\
delivery:endpoint_outage:bool == 1
and on (product, channel, endpoint)
max by (product, channel, endpoint) (delivery_endpoint_required) == 1""",
    summary="A required endpoint does not serve its files, as a quorum of regions sees it.",
    description=f"{_TRAIN} cannot be downloaded whole from {{{{ $labels.endpoint }}}}: two healthy "
    "regions, or all that look, see files fail there.",
    after=timedelta(minutes=2),
    keep=timedelta(minutes=5),
)

# A file that only just failed may do better at its next attempt, however far away that is. Of a
# release that has just been published files may be on their way.
UNAVAILABLE = Alert(
    name="DeliveryEndpointUnavailable",
    scope=Scope.REGIONAL,
    severity=Severity.WARNING,
    component=Component.DELIVERY,
    dashboard=Dashboard.ENDPOINT,
    expr=f"""\
count by ({_PAIR}) (
  delivery_artifact_available == 0
  unless
  time() - delivery_artifact_last_success_timestamp_seconds
  < on (product, channel, endpoint, endpoint_kind, probe_region) group_left ()
  (
    2 * max by (product, channel, endpoint, endpoint_kind, probe_region) (
      delivery_probe_interval_seconds
    )
  )
  unless on (product, channel, version, endpoint, probe_region) delivery:release_on_its_way:bool
)
and on (probe_region) delivery:prober_healthy:bool == 1""",
    summary="Files of an endpoint cannot be downloaded from a region.",
    description=f"{_TRAIN}: {{{{ $value }}}} files fail again and again at {_FROM}.",
    after=timedelta(minutes=10),
    keep=timedelta(minutes=5),
)

COVERAGE_LOW = Alert(
    name="DeliveryMirrorCoverageLow",
    scope=Scope.GLOBAL,
    severity=Severity.WARNING,
    component=Component.DELIVERY,
    dashboard=Dashboard.RELEASE,
    expr=f"delivery:mirror_coverage:ratio < {asked('mirror_coverage')}",
    summary="Too few of the places that must serve the current release do so.",
    description=f"{_TRAIN}: {_PERCENT} of the required pairs of endpoint and region serve the "
    "current release.",
    after=timedelta(minutes=30),
)

STALE = Alert(
    name="DeliveryEndpointStale",
    scope=Scope.REGIONAL,
    severity=Severity.WARNING,
    component=Component.DELIVERY,
    dashboard=Dashboard.RELEASE,
    expr=f"""\
max by ({_PAIR}) (delivery_endpoint_staleness_seconds) > 3600
and on ({_PAIR}) max by ({_PAIR}) (delivery_endpoint_current) == 0""",
    summary="An endpoint or mirror serves an old release.",
    description=f"{_TRAIN}: {_FROM}, lacks a release that was published "
    "{{ $value | humanizeDuration }} ago.",
    after=timedelta(minutes=10),
)

CERTIFICATE = "delivery_endpoint_certificate_not_after_timestamp_seconds"


def _expiring(days: int, severity: Severity) -> Alert:
    return Alert(
        name="DeliveryCertificateExpiring",
        scope=Scope.REGIONAL,
        severity=severity,
        component=Component.DELIVERY,
        dashboard=Dashboard.ENDPOINT,
        expr=f"min by ({_PAIR}) ({CERTIFICATE}) - time() < {days} * 86400",
        summary="A certificate on the way to an endpoint expires soon.",
        description=f"{_TRAIN}: the earliest certificate on the way to {_FROM}, expires in "
        "{{ $value | humanizeDuration }}.",
        after=timedelta(hours=1),
    )


CERTIFICATE_EXPIRING = (_expiring(21, Severity.WARNING), _expiring(3, Severity.CRITICAL))


def _share(failures: str, attempts: str) -> str:
    return f"""\
sum by ({_PAIR}) (increase(delivery_download_failures_total{failures}[15m]))
/ (sum by ({_PAIR}) (increase(delivery_download_attempts_total{attempts}[15m])) > 0)"""


_REFUSED = _share(
    '{auth_mode!="none", reason=~"auth_denied|auth_expired|auth_idp"}', '{auth_mode!="none"}'
)


# Our own credentials are nearer at hand than a fault of whoever checks them.
AUTH_REJECTED = Alert(
    name="DeliveryAuthRejected",
    scope=Scope.REGIONAL,
    severity=Severity.WARNING,
    component=Component.PROBE,
    dashboard=Dashboard.ENDPOINT,
    expr=f"{_REFUSED}\n>= 0.8",
    summary="An endpoint refuses the credentials of the probe.",
    description=f"{_TRAIN}: {_PERCENT} of the attempts with credentials are refused at {_FROM}.",
    after=timedelta(minutes=10),
)

RATE_LIMITED = Alert(
    name="DeliveryRateLimited",
    scope=Scope.REGIONAL,
    severity=Severity.WARNING,
    component=Component.PROBE,
    dashboard=Dashboard.ENDPOINT,
    expr=_share('{reason="rate_limited"}', "") + "\n> 0.1",
    summary="An endpoint limits how often the probe may ask.",
    description=f"{_TRAIN}: {_PERCENT} of the attempts are answered with a rate limit at {_FROM}.",
    after=timedelta(minutes=15),
)
