"""
What GET /probe answers with: one attempt, so gauges.

The names are those that blackbox_exporter made usual. They never stand beside the other series.
"""

from probe.series.metric import Kind, Metric

PROBE_SUCCESS = Metric(
    "probe_success",
    Kind.GAUGE,
    "1 if the attempt was a verified download, 0 if it failed; absent if it was inconclusive.",
)
PROBE_DURATION = Metric(
    "probe_duration_seconds", Kind.GAUGE, "Time from the start of the attempt to its last byte."
)
PROBE_PHASE = Metric(
    "probe_phase_duration_seconds",
    Kind.GAUGE,
    "Time spent in each phase that the attempt reached.",
    ("phase",),
)
PROBE_STATUS = Metric(
    "probe_http_status_code", Kind.GAUGE, "Status of the last answer; absent if none came."
)
PROBE_BYTES = Metric("probe_received_bytes", Kind.GAUGE, "Bytes of body received.")
PROBE_REDIRECTS = Metric("probe_http_redirects", Kind.GAUGE, "Answers that led elsewhere.")
PROBE_CERTIFICATE = Metric(
    "probe_certificate_not_after_timestamp_seconds",
    Kind.GAUGE,
    "When the earliest certificate shown on the way expires; absent without TLS.",
)
PROBE_FAILURE = Metric(
    "probe_failure_info",
    Kind.GAUGE,
    "Why the attempt did not pass; absent if it did.",
    ("verdict", "reason", "phase"),
)
PROBE_INFO = Metric(
    "probe_info",
    Kind.GAUGE,
    "What was asked for; always 1.",
    ("product", "channel", "version", "artifact", "endpoint", "probe_region", "depth"),
)
