"""Rules that several KPIs build upon."""

from textwrap import indent

from probe.domain.streak import IncidentPolicy
from probe.kpi.model import Group, Rule

ARRIVAL = IncidentPolicy().arrival

PROBER_HEALTHY = Rule(
    Group.SLI,
    "delivery:prober_healthy:bool",
    """\
(time() - max by (probe_region) (delivery_prober_last_cycle_timestamp_seconds) < bool 300)
* on (probe_region) max by (probe_region) (delivery_prober_control_up)""",
)
ATTEMPTS = Rule(
    Group.SLI,
    "delivery:download_attempts:rate5m",
    """\
sum by (product, channel, endpoint, endpoint_kind, probe_region, platform, size_tier, auth_mode) (
  rate(delivery_download_attempts_total[5m])
)""",
)
FAILURES = Rule(
    Group.SLI,
    "delivery:download_failures:rate5m",
    """\
sum by (
  product, channel, endpoint, endpoint_kind, probe_region, platform, size_tier, auth_mode, reason
) (rate(delivery_download_failures_total[5m]))""",
)
# Seconds of up and of known time are samples of these: unknown time has none, and is in neither.
# They are told apart by version, so that one release can be asked about.
ARTIFACTS_UP = Rule(
    Group.SLI,
    "delivery:artifacts_up:sum",
    """\
sum by (product, channel, version, endpoint, probe_region, size_tier) (
  delivery_artifact_available
)""",
)
ARTIFACTS_KNOWN = Rule(
    Group.SLI,
    "delivery:artifacts_known:count",
    """\
count by (product, channel, version, endpoint, probe_region, size_tier) (
  delivery_artifact_available
)""",
)
# A pair may lack a new release for as long as that is no incident.
ON_ITS_WAY = Rule(
    Group.SLI,
    "delivery:release_on_its_way:bool",
    f"""\
1 - max by (product, channel, version, endpoint, probe_region) (
  delivery_release_excluded_after_deadline == 0
)
and on (product, channel, version)
  time() - max by (product, channel, version) (delivery_release_published_timestamp_seconds)
  < {ARRIVAL.total_seconds():.0f}
unless on (product, channel, version, endpoint, probe_region)
  delivery_release_first_available_timestamp_seconds{{object="asset"}}""",
)
_PAIR_UP = """\
min by (product, channel, endpoint, probe_region) (
  delivery_artifact_available
  unless on (product, channel, version, endpoint, probe_region) delivery:release_on_its_way:bool
)"""
REGIONS_DOWN = Rule(
    Group.CROSS_REGION,
    "delivery:endpoint_regions_down:count",
    f"""\
sum by (product, channel, endpoint) (
  (
    1
    -
{indent(_PAIR_UP, "    ")}
  )
  * on (probe_region) group_left () (delivery:prober_healthy:bool == 1)
)""",
)
REGIONS_KNOWN = Rule(
    Group.CROSS_REGION,
    "delivery:endpoint_regions_known:count",
    f"""\
count by (product, channel, endpoint) (
{indent(_PAIR_UP, "  ")}
  * on (probe_region) group_left () (delivery:prober_healthy:bool == 1)
)""",
)
# Two healthy regions see it down, or the only one that looks.
ENDPOINT_OUTAGE = Rule(
    Group.CROSS_REGION,
    "delivery:endpoint_outage:bool",
    """\
delivery:endpoint_regions_down:count
>= bool on (product, channel, endpoint) clamp_max(delivery:endpoint_regions_known:count, 2)""",
)
# Stretched by ten minutes and then shrunk by as much: what is less than that apart is one outage,
# as long as it was, ten minutes later.
ENDPOINT_OUTAGE_MERGED = Rule(
    Group.CROSS_REGION,
    "delivery:endpoint_outage_merged:bool",
    "min_over_time(max_over_time(delivery:endpoint_outage:bool[10m])[10m:1m])",
)
CONTROL_COVERAGE = Rule(
    Group.CROSS_REGION,
    "delivery:release_control_coverage:ratio",
    """\
sum by (product, channel, control) (
  max by (product, channel, version, control) (delivery_release_assets_covered)
)
/ sum by (product, channel, control) (
  0 * max by (product, channel, version, control) (delivery_release_assets_covered)
  + on (product, channel, version) group_left ()
  max by (product, channel, version) (delivery_release_assets)
)""",
)
# What is wrong with an older one wakes nobody any more.
NEWEST_RELEASE = Rule(
    Group.CROSS_REGION,
    "delivery:newest_release:timestamp_seconds",
    """\
max by (product, channel, version) (delivery_release_published_timestamp_seconds)
== on (product, channel) group_left ()
max by (product, channel) (delivery_release_published_timestamp_seconds)""",
)

SHARED = (
    NEWEST_RELEASE,
    PROBER_HEALTHY,
    ATTEMPTS,
    FAILURES,
    ARTIFACTS_UP,
    ARTIFACTS_KNOWN,
    ON_ITS_WAY,
    REGIONS_DOWN,
    REGIONS_KNOWN,
    ENDPOINT_OUTAGE,
    ENDPOINT_OUTAGE_MERGED,
    CONTROL_COVERAGE,
)
