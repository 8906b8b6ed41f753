"""The register of incidents."""

from probe.series.labels import PLACE
from probe.series.metric import Kind, Metric

INCIDENTS = Metric(
    "delivery_incidents_total",
    Kind.COUNTER,
    "Incidents of the register that are no part of another.",
    ("product", "channel", "class", "recurrence", "detected_by"),
)
INCIDENT_DETECTION = Metric(
    "delivery_incident_detection_seconds",
    Kind.HISTOGRAM,
    "Time from the onset of an incident to its detection, told with its end.",
    ("product", "channel"),
    (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0, 86400.0),
)
INCIDENT_RESTORE = Metric(
    "delivery_incident_restore_seconds",
    Kind.HISTOGRAM,
    "Time from the onset of an incident to its end, told when no flap can reopen it.",
    ("product", "channel"),
    (60.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0, 43200.0, 86400.0, 604800.0),
)
INCIDENTS_RECENT = Metric(
    "delivery_incidents_recent",
    Kind.GAUGE,
    "Incidents of the last 90 days that are no part of another, as post-mortems class them.",
    ("product", "channel", "recurrence", "detected_by"),
)
INCIDENTS_RECENT_DETECTION = Metric(
    "delivery_incidents_recent_detection_seconds",
    Kind.GAUGE,
    "Time from onset to detection, summed over these.",
    ("product", "channel"),
)
INCIDENTS_RECENT_OVER = Metric(
    "delivery_incidents_recent_over",
    Kind.GAUGE,
    "How many of these are over, at the endpoint and for users, who may be served elsewhere.",
    ("product", "channel", "aspect"),
)
INCIDENTS_RECENT_DURATION = Metric(
    "delivery_incidents_recent_duration_seconds",
    Kind.GAUGE,
    "Time from onset to end, summed over those that are over.",
    ("product", "channel", "aspect"),
)
INCIDENTS_OPEN = Metric(
    "delivery_incidents_open",
    Kind.GAUGE,
    "Incidents that are not over, parts of others included.",
    PLACE,
)
