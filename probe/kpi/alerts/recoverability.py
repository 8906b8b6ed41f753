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
    # Most catalogs name no known-good release: it has to be asked for.
    expr=f"""\
min by ({_VERSION}) (delivery_rollback_ready) == 0
and on ({_VERSION}) delivery:newest_release:timestamp_seconds
and on (product, channel)
max by (product, channel) (delivery_slo_target_ratio{{kpi="rollback_readiness"}})""",
    summary="The last good release could not take the place of the newest one.",
    description="{{ $labels.product }} {{ $labels.version }} ({{ $labels.channel }}): its "
    "known-good predecessor is not named, not served, or not documented.",
    after=timedelta(minutes=30),
)
