"""A release does not arrive in time: nowhere, not everywhere, or only without its pointer."""

from datetime import timedelta

from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity
from probe.kpi.asked import asked

_VERSION = "product, channel, version"
_RELEASE = "{{ $labels.product }} {{ $labels.version }} ({{ $labels.channel }})"
_FIRST = "delivery_release_first_available_timestamp_seconds"
_PLACE = f"{_VERSION}, endpoint, probe_region"

# A probe that is new to a release reads all of it first, wherever it has been for months.
_FIRST_ROUND = timedelta(minutes=10)

FIRST_AVAILABILITY_LATE = Alert(
    name="DeliveryFirstAvailabilityLate",
    scope=Scope.GLOBAL,
    severity=Severity.CRITICAL,
    component=Component.DELIVERY,
    dashboard=Dashboard.RELEASE,
    expr=f"""\
(
  time() - max by ({_VERSION}) (delivery_release_start_timestamp_seconds)
  unless on ({_VERSION}) max by ({_VERSION}) ({_FIRST}{{object="asset"}})
  and on ({_VERSION}) delivery:release_pairs_pending:count > 0
  and on ({_VERSION}) delivery:newest_release:timestamp_seconds
)
> {asked("time_to_first_availability", "seconds")}""",
    summary="The newest release was let out and can be downloaded from nowhere.",
    description=f"{_RELEASE} was let out {{{{ $value | humanizeDuration }}}} ago, and no endpoint "
    "has served all of it to any region.",
    after=_FIRST_ROUND,
)


def _late(times: int, severity: Severity) -> Alert:
    return Alert(
        name="DeliveryPropagationLate",
        scope=Scope.GLOBAL,
        severity=severity,
        component=Component.DELIVERY,
        dashboard=Dashboard.RELEASE,
        expr=f"""\
(
  delivery:release_propagation_pending_seconds
  and on ({_VERSION}) delivery:newest_release:timestamp_seconds
)
> {asked("global_propagation", "seconds", times)}""",
        summary="The newest release is not at all the places that must serve it.",
        description=f"{_RELEASE} was published {{{{ $value | humanizeDuration }}}} ago and is "
        "still pending somewhere.",
        after=_FIRST_ROUND,
    )


PROPAGATION_LATE = (_late(1, Severity.WARNING), _late(4, Severity.CRITICAL))

# Of the newest release, and of places that had a pointer for an earlier one.
POINTER_STALE = Alert(
    name="DeliveryLatestPointerStale",
    scope=Scope.GLOBAL,
    severity=Severity.CRITICAL,
    component=Component.DELIVERY,
    dashboard=Dashboard.RELEASE,
    expr=f"""\
count by ({_VERSION}, endpoint) (
  max by ({_PLACE}) ({_FIRST}{{object="asset"}})
  unless on ({_PLACE}) max by ({_PLACE}) ({_FIRST}{{object="pointer"}})
  and on (product, channel, endpoint, probe_region)
  max by (product, channel, endpoint, probe_region) ({_FIRST}{{object="pointer"}})
)
and on ({_VERSION}) delivery:newest_release:timestamp_seconds""",
    summary="The pointer to the latest release names an older one.",
    description=f"{_RELEASE} is at {{{{ $labels.endpoint }}}}, but in {{{{ $value }}}} regions its "
    "pointer, such as latest, does not name it.",
    after=timedelta(minutes=10),
)
