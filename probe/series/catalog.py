"""The sources of the catalog."""

from probe.series.metric import Kind, Metric

CATALOG_LAST_SUCCESS = Metric(
    "delivery_catalog_last_success_timestamp_seconds",
    Kind.GAUGE,
    "When the catalog source last gave a whole answer.",
    ("product", "channel", "source"),
)
CATALOG_ERRORS = Metric(
    "delivery_catalog_errors_total",
    Kind.COUNTER,
    "Refreshes that failed and left the last good catalog in place.",
    ("product", "channel", "source"),
)
GITHUB_RATELIMIT_REMAINING = Metric(
    "delivery_github_ratelimit_remaining",
    Kind.GAUGE,
    "Requests left in the current rate limit window of the GitHub API.",
    ("product", "channel"),
)
GITHUB_RATELIMIT_RESET = Metric(
    "delivery_github_ratelimit_reset_timestamp_seconds",
    Kind.GAUGE,
    "When the rate limit window of the GitHub API ends.",
    ("product", "channel"),
)
