"""There is no way back."""

from datetime import timedelta

from probe.kpi.alert import Alert, Component, Dashboard, Scope, Severity

_VERSION = "product, channel, version"

NO_WAY_BACK = Alert(
    name="DeliveryRollbackNotReady",
    scope=Scope.GLOBAL,
    severity=Severity.WARNING,
    component=Component.DELIVERY,
    dashboard=Dashboard.RELEASE,
    expr=f"min by ({_VERSION}) (delivery_rollback_ready) == 0",
    summary="The last good release could not take the place of a newer one.",
    description="{{ $labels.product }} {{ $labels.version }} ({{ $labels.channel }}): its "
    "known-good predecessor is not named, not served, or not documented.",
    after=timedelta(minutes=30),
)
