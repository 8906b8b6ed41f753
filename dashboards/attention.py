"""What needs somebody: alerts that fire, releases that are not everywhere, and incidents."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.charts import Bars, Lines, Stat
from dashboards.kpis import figure
from dashboards.links import cell, to_dashboard, to_runbook
from dashboards.panel import Panel
from dashboards.scale import NONE_IS_GOOD, at_most, scale_of
from dashboards.tables import Column, Table
from probe import series
from probe.series import Metric

_TRAIN = "product, channel"
_PAIR = f"{_TRAIN}, endpoint, probe_region"

# Those of this project, without the one that always fires so that its absence is noticed.
_FIRING = 'ALERTS{alertstate="firing", component=~"delivery|probe", severity!="none"}'


def firing(scope: Scope) -> Stat:
    """Return how many alerts fire."""
    loaded = scope.recorded("delivery:prober_healthy:bool")
    return Stat(
        title="Firing alerts",
        says="Alerts of this project that fire now; unknown if Prometheus has not loaded its "
        "rules.",
        asks=(Query(f"count({_FIRING}) or 0 * sum({loaded})"),),
        span=3,
        scale=NONE_IS_GOOD,
    )


def firing_alerts() -> Table:
    """Return the alerts that fire, each with its runbook."""
    labels = "alertname, severity, product, endpoint, probe_region"
    return Table(
        title="Alerts",
        says="What fires now, and whom it is for: critical pages, warning is a ticket, info is "
        "for who looks.",
        asks=(Query(f"max by ({labels}) ({_FIRING})"),),
        labels=labels,
        columns=(None,),
        by="Severity",
        span=12,
        links=(to_runbook(cell("alertname")),),
    )


def pending_releases(scope: Scope) -> Table:
    """Return the releases that are not everywhere."""
    by = f"{_TRAIN}, version"
    waiting = scope.recorded("delivery:release_propagation_pending_seconds")
    return Table(
        title="Pending releases",
        says="Releases that some required pair of endpoint and region lacks, how many pairs do, "
        "and for how long they have waited since publication.",
        asks=(
            Query(f"max by ({by}) ({scope.recorded('delivery:release_pairs_pending:count')} > 0)"),
            Query(f"max by ({by}) ({waiting})"),
        ),
        labels=by,
        columns=(
            Column("Pairs", units.Short),
            Column("Waiting", units.Seconds, scale_of("global_propagation")),
        ),
        by="Waiting",
        falling=True,
        span=12,
        links=(
            to_dashboard(
                "Release",
                "delivery-release",
                product=cell("product"),
                channel=cell("channel"),
                version=cell("version"),
            ),
        ),
    )


def open_incidents(scope: Scope, *, span: int = 4) -> Stat:
    """Return how many incidents are not over."""
    return Stat(
        title="Open incidents",
        says="Incidents that are not over, at any endpoint from any region, parts of others "
        "included.",
        asks=(Query(f"sum(max by ({_PAIR}) ({scope.series(series.INCIDENTS_OPEN)}))"),),
        span=span,
        scale=NONE_IS_GOOD,
    )


def recovery(scope: Scope) -> tuple[Panel, ...]:
    """Return how soon incidents are noticed and over, and of what kind they are."""
    served = scope.recorded("delivery:mean_time_to_serve_seconds")
    told = scope.recorded("delivery:incidents_told_by_users:ratio_90d")
    return (
        figure("time_to_detect", scope, "Time to detect, 90 d", span=3),
        figure("time_to_restore", scope, "Time to restore, 90 d", span=3),
        Stat(
            title="Time to serve, 90 d",
            says="R2 for users, who may be served from elsewhere before the endpoint is back.",
            asks=(Query(served, named(_TRAIN)),),
            unit=units.Seconds,
            decimals=0,
            span=3,
            scale=scale_of("time_to_restore"),
        ),
        figure("incident_recurrence", scope, "Recurrence, 90 d", span=3),
        Stat(
            title="Told by users, 90 d",
            says="Share of incidents that users noticed first: what the probe did not see.",
            asks=(Query(told, named(_TRAIN)),),
            unit=units.PercentUnit,
            decimals=1,
            span=3,
            scale=at_most(0.05),
        ),
        _within(scope, series.INCIDENT_DETECTION, "Detected within"),
        _within(scope, series.INCIDENT_RESTORE, "Restored within"),
        _month(scope),
        *_kinds(scope),
    )


def _month(scope: Scope) -> Stat:
    by = f"{_TRAIN}, recurrence, detected_by"
    recent = f"max by ({by}) ({scope.series(series.INCIDENTS_RECENT)})"
    return Stat(
        title="Incidents, 90 d",
        says="Those that are no part of another, by whether an earlier one was of their class.",
        asks=(Query(f"sum by (recurrence) ({recent})", "recurrence {{recurrence}}"),),
        names=True,
        span=3,
    )


def _kinds(scope: Scope) -> tuple[Panel, ...]:
    pairs = f"max by ({_PAIR}) ({scope.series(series.INCIDENTS_OPEN)})"
    place = f"{_TRAIN}, endpoint"
    return (
        Bars(
            title="Incidents by who noticed",
            says="Incidents that began in the time shown, by who noticed them first.",
            asks=(Query(_begun(scope, "detected_by"), "{{detected_by}}"),),
            decimals=0,
        ),
        Bars(
            title="Incidents by class",
            says="Incidents that began in the time shown, by reason and kind of endpoint.",
            asks=(Query(f"{_begun(scope, 'class')} > 0", "{{class}}"),),
            decimals=0,
        ),
        Lines(
            title="Open incidents, by endpoint",
            says="Incidents that are not over, parts of others included.",
            asks=(Query(f"sum by ({place}) ({pairs})", named(place)),),
            decimals=0,
            span=8,
        ),
    )


def _begun(scope: Scope, by: str) -> str:
    return f"sum by ({by}) (increase({scope.series(series.INCIDENTS)}[$__range]))"


def _within(scope: Scope, metric: Metric, title: str) -> Stat:
    buckets = scope.series(metric, part="_bucket")
    return Stat(
        title=title,
        says="What 90 % of the incidents of the time shown stay within, counted from their onset.",
        asks=(Query(f"histogram_quantile(0.9, sum by (le) (increase({buckets}[$__range])) > 0)"),),
        unit=units.Seconds,
        decimals=0,
        span=3,
    )
