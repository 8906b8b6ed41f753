"""A release lacks something that it should have."""

from datetime import timedelta

from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity
from probe.kpi.asked import asked

_VERSION = "product, channel, version"


def _incomplete(channels: str, severity: Severity) -> Alert:
    complete = f"delivery_release_complete_now{{{channels}}}"
    return Alert(
        name="DeliveryReleaseIncomplete",
        scope=Scope.GLOBAL,
        severity=severity,
        component=Component.DELIVERY,
        dashboard=Dashboard.RELEASE,
        expr=f"""\
max by ({_VERSION}) ({complete}) == 0
and on ({_VERSION})
time() - delivery:newest_release:timestamp_seconds > 1800""",
        summary="The newest release lacks files, checksums or notes that it should have.",
        description="{{ $labels.product }} {{ $labels.version }} ({{ $labels.channel }}) was "
        "published more than 30 minutes ago and is not complete.",
        after=timedelta(minutes=15),
    )


INCOMPLETE = (
    _incomplete('channel="stable"', Severity.CRITICAL),
    _incomplete('channel!="stable"', Severity.WARNING),
)

METADATA_INCOMPLETE = Alert(
    name="DeliveryMetadataIncomplete",
    scope=Scope.GLOBAL,
    severity=Severity.WARNING,
    component=Component.DELIVERY,
    dashboard=Dashboard.RELEASE,
    expr=f"delivery:metadata_completeness:ratio < {asked('metadata_completeness')}",
    summary="Too few files are described well enough to be found, checked and supported.",
    description="{{ $labels.product }} ({{ $labels.channel }}): {{ $value | humanizePercentage }} "
    "of the files have hash, size, version, channel and platform.",
    after=timedelta(hours=1),
)
