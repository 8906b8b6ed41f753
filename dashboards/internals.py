"""delivery-internals: whether what the probers say of others can be believed."""

from grafana_foundation_sdk.models import units

from dashboards.ask import Query, Scope, named
from dashboards.board import Board, Row
from dashboards.charts import Counts, Heat, Lines, Stat
from dashboards.links import label, to_probe
from dashboards.panel import Panel
from dashboards.resources import resources
from dashboards.scale import OK, PLAIN, RED, UP, Scale, at_most
from dashboards.tables import Column, Table
from probe import series
from probe.series import Metric

SCOPE = Scope(("probe_region", "product", "channel"))

_TRAIN = "product, channel"
_SOURCE = f"{_TRAIN}, source"
_HOUR = 3600

# A prober that comes later than this is overloaded, and its attempts are inconclusive.
_LATE_SECONDS = 1.0

_DELAYS = SCOPE.series(series.PROBE_START_DELAY, part="_bucket")


def internals() -> Board:
    """Return the dashboard."""
    return Board(
        uid="delivery-internals",
        title="Prober internals",
        says="Whether what the probers say of others can be believed: are they there, on time, "
        "with a way out, a fresh catalog and a ledger that is written?",
        scope=SCOPE,
        rows=(
            Row("Status", (_processes(), *_status())),
            Row("Schedule", (_loop_lag(), _schedule_lag(), *_schedule())),
            Row("What was not measured", _lost()),
            Row("Catalog and configuration", (*_catalog(), _github(), _configuration())),
            Row("Ledger, budget and process", resources(SCOPE)),
        ),
        span="6h",
    )


def _processes() -> Stat:
    known = 'up{job=~"$job", instance=~"$instance"}'
    return Stat(
        title="Processes",
        says="Processes that Prometheus can scrape, of those that it knows.",
        asks=(Query(f"sum({known})", "answer"), Query(f"count({known})", "are known")),
        names=True,
        span=6,
        alerts=("DeliveryProbeDown", "DeliveryProbeAbsent", "DeliveryWatchdog"),
    )


def _status() -> tuple[Panel, ...]:
    return (
        _figure(
            "Last cycle",
            "Time since the scheduler of each region last dispatched what was due.",
            _each("time() - max by (probe_region) ({})", series.PROBER_LAST_CYCLE),
            at_most(60, 300),
            units.Seconds,
        ),
        _figure(
            "Own way out",
            "Whether a control target answers. Where none does, failures are held against nobody.",
            _each("max by (probe_region) ({})", series.PROBER_CONTROL_UP),
            UP,
        ),
        _figure(
            "Configuration taken",
            "Whether the configuration that was last read is in force; if not, the one before is.",
            _each("min by (instance) ({})", series.CONFIG_RELOAD_SUCCESSFUL),
            OK,
        ),
        _figure(
            "Ledger written",
            "Whether what is seen is being written to the ledger.",
            _each("min by (instance) ({})", series.LEDGER_UP),
            OK,
        ),
        _figure(
            "Targets",
            "Files times endpoints that are planned, by region.",
            _each("sum by (probe_region) ({})", series.TARGETS),
            PLAIN,
        ),
        _figure(
            "Version",
            "What is running, and how many processes of it.",
            _each("count by (version) ({})", series.BUILD_INFO),
            PLAIN,
        ),
    )


def _each(expr: str, metric: Metric) -> Query:
    labels = expr.partition("by (")[2].partition(")")[0]
    return Query(expr.format(SCOPE.series(metric)), named(labels))


def _figure(title: str, says: str, query: Query, scale: Scale, unit: str = units.Short) -> Stat:
    return Stat(
        title=title,
        says=says,
        asks=(query,),
        names=True,
        scale=scale,
        unit=unit,
        decimals=0 if unit == units.Seconds else None,
        span=3,
        alerts=("DeliveryProbeRegionSilent", "DeliveryProbeResultsStale"),
    )


def _loop_lag() -> Lines:
    return Lines(
        title="Event loop lag",
        says="Longest time that the measuring event loop came late in ten seconds. Above one "
        "second attempts are inconclusive for overload.",
        asks=(_each("max by (instance) ({})", series.LOOP_LAG),),
        unit=units.Seconds,
        scale=at_most(_LATE_SECONDS / 2, _LATE_SECONDS),
        line=True,
        alerts=("DeliveryProbeOverloaded",),
    )


def _schedule_lag() -> Lines:
    rates = f"sum by (probe_region, le) (rate({_DELAYS}[$__rate_interval]))"
    return Lines(
        title="Schedule lag",
        says="99 % of probes started within this time after they were due.",
        asks=(Query(f"histogram_quantile(0.99, {rates})", "{{probe_region}}"),),
        unit=units.Seconds,
        alerts=("DeliveryProbeSchedulerLagging",),
    )


def _schedule() -> tuple[Panel, ...]:
    return (
        Lines(
            title="Probes under way",
            says="Probes that have begun and not ended, by region.",
            asks=(_each("sum by (probe_region) ({})", series.PROBES_IN_FLIGHT),),
        ),
        Heat(
            title="Start delays",
            says="How many probes started how long after they were due.",
            asks=(Query(f"sum by (le) (increase({_DELAYS}[$__rate_interval]))", "{{le}}"),),
            unit=units.Seconds,
        ),
        Counts(
            title="Late probes a minute",
            says="Probes that started more than a tenth of their interval after they were due.",
            counter=SCOPE.series(series.PROBE_LATE),
            by="probe_region",
            zeros=True,
        ),
        Counts(
            title="Periodic work that did not run as it should, a minute",
            says="Missed, overlapped by itself, or failed. Any failure is a bug: the log has its "
            "trace.",
            counter=SCOPE.series(series.SCHEDULER_EVENTS),
            by="instance, event",
            zeros=True,
        ),
    )


def _lost() -> tuple[Panel, ...]:
    by = "probe_region, reason"
    last = to_probe(
        "The last of them", "/api/v1/observations", verdict="inconclusive", reason=label("reason")
    )
    return (
        Counts(
            title="Due probes not made, a minute",
            says="overlap: the one before was still under way. overload: no slot was free in "
            "time. budget: the day's bytes are spent. before_origin: the origin had not the file.",
            counter=SCOPE.series(series.PROBE_SKIPPED),
            by=by,
            zeros=True,
        ),
        Counts(
            title="Inconclusive attempts a minute",
            says="Attempts that say nothing of the file, because the prober was at fault. They "
            "are in no KPI.",
            counter=SCOPE.series(series.PROBE_ERRORS),
            by=by,
            zeros=True,
            links=(last,),
            alerts=("DeliveryProbeInternalError", "DeliveryProbeEgressBroken"),
        ),
    )


def _catalog() -> tuple[Panel, ...]:
    return (
        Lines(
            title="Age of the catalog",
            says="Time since a source last gave a whole answer. What is current may be wrong when "
            "it is old.",
            asks=(_each(f"time() - max by ({_SOURCE}) ({{}})", series.CATALOG_LAST_SUCCESS),),
            unit=units.Seconds,
            scale=at_most(_HOUR / 2, _HOUR),
            line=True,
            span=8,
            alerts=("DeliveryCatalogStale",),
        ),
        Counts(
            title="Failed refreshes a minute",
            says="Refreshes that failed and left the last good catalog in place.",
            counter=SCOPE.series(series.CATALOG_ERRORS),
            by=_SOURCE,
            zeros=True,
            span=8,
        ),
    )


def _github() -> Table:
    remaining = SCOPE.series(series.GITHUB_RATELIMIT_REMAINING)
    reset = SCOPE.series(series.GITHUB_RATELIMIT_RESET)
    return Table(
        title="GitHub's rate limit",
        says="Requests left in the current window, and when the next one begins.",
        asks=(
            Query(f"min by ({_TRAIN}) ({remaining})"),
            Query(f"1000 * max by ({_TRAIN}) ({reset})"),
        ),
        labels=_TRAIN,
        columns=(
            Column("Left", units.Short, Scale(RED, ((10, "orange"), (100, "green")))),
            Column("Begins anew", units.DateTimeFromNow),
        ),
        by="Left",
        span=8,
        alerts=("DeliveryGithubRateLimitLow",),
    )


def _configuration() -> Table:
    taken = SCOPE.series(series.CONFIG_RELOAD_TIMESTAMP)
    return Table(
        title="Configuration",
        says="When each process last took a configuration.",
        asks=(Query(f"1000 * max by (job, instance) ({taken})"),),
        labels="job, instance",
        columns=(Column("Last taken", units.DateTimeFromNow),),
        by="Instance",
        alerts=("DeliveryConfigReloadFailed",),
    )
