"""The prober itself."""

from probe.series.metric import Kind, Metric

PROBER_LAST_CYCLE = Metric(
    "delivery_prober_last_cycle_timestamp_seconds",
    Kind.GAUGE,
    "When the scheduler last dispatched what was due.",
    ("probe_region",),
)
PROBER_CONTROL_UP = Metric(
    "delivery_prober_control_up",
    Kind.GAUGE,
    "1 if a control target answered, so that the region's own way out works.",
    ("probe_region",),
)
PROBE_ERRORS = Metric(
    "delivery_probe_errors_total",
    Kind.COUNTER,
    "Attempts that say nothing about the artifact because the prober was at fault.",
    ("probe_region", "reason"),
)
PROBE_SKIPPED = Metric(
    "delivery_probe_skipped_total",
    Kind.COUNTER,
    "Due probes that were not made.",
    ("probe_region", "reason"),
)
PROBE_LATE = Metric(
    "delivery_probe_late_total",
    Kind.COUNTER,
    "Probes that started more than a tenth of their interval after they were due.",
    ("probe_region",),
)
PROBE_START_DELAY = Metric(
    "delivery_probe_start_delay_seconds",
    Kind.HISTOGRAM,
    "Time from when a probe was due to when it started.",
    ("probe_region",),
    (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
PROBES_IN_FLIGHT = Metric(
    "delivery_probes_in_flight",
    Kind.GAUGE,
    "Probes under way.",
    ("probe_region",),
)
TARGETS = Metric(
    "delivery_targets",
    Kind.GAUGE,
    "Targets that are planned: artifacts x endpoints.",
    ("probe_region",),
)
FULL_DOWNLOADS_DEFERRED = Metric(
    "delivery_full_downloads_deferred",
    Kind.GAUGE,
    "Large artifacts whose daily full download waits for budget.",
    ("product", "channel", "endpoint"),
)
BUDGET_REMAINING = Metric(
    "delivery_budget_remaining_bytes",
    Kind.GAUGE,
    "Bytes of body the endpoint may still be asked for today (UTC).",
    ("product", "channel", "endpoint"),
)
LOOP_LAG = Metric(
    "delivery_event_loop_lag_seconds",
    Kind.GAUGE,
    "Longest time the measuring event loop came late in the last ten seconds.",
)
SCHEDULER_EVENTS = Metric(
    "delivery_scheduler_events_total",
    Kind.COUNTER,
    "Periodic work that did not run as it should: missed, overlapped by itself, or failed.",
    ("event",),
)
CONFIG_RELOAD_SUCCESSFUL = Metric(
    "delivery_config_last_reload_successful",
    Kind.GAUGE,
    "1 if the last configuration read was taken, 0 if it was refused.",
)
CONFIG_RELOAD_TIMESTAMP = Metric(
    "delivery_config_last_reload_success_timestamp_seconds",
    Kind.GAUGE,
    "When a configuration was last taken.",
)
BUILD_INFO = Metric(
    "delivery_build_info",
    Kind.GAUGE,
    "What is running; always 1.",
    ("version", "python_version"),
)
